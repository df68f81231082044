"""The till sells what was promised, or a count finds less: whose promise is broken, and how their order goes on."""

from uuid import uuid4

import pytest
from django.db import connection, transaction

from picking.actions.turns.meet_shortfall import settle_shortfall
from picking.models import PickLine, PickList, PickPlan, Shortage
from stores.catalog.models import Substitute
from stores.notices.models import Notice
from stores.orders.models import Fulfillment, Order
from stores.stock.actions.sell import record_sale
from stores.stock.models import Availability
from tests.factories import atp, fulfillment_of, in_bin, make_associate, make_item, make_store, order_for, stock_up
from tests.picking.conftest import Picker

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(db):
    return make_store()


@pytest.fixture
def lantern(db):
    return make_item("Lantern")


def sell(store, item, quantity=1):
    with transaction.atomic():
        record_sale(store=store, item=item, quantity=quantity, key=str(uuid4()), reference="till")


def shortfall(store, item):
    return Availability.objects.get(store=store, item=item).shortfall


def ends():
    return list(Shortage.objects.order_by("pk").values_list("quantity", "reason", "end"))


def test_the_latest_promise_least_far_along_is_the_one_that_is_broken(store, lantern):
    stock_up(store, lantern, 2)
    begun, waiting = order_for(store, (lantern, 1)), order_for(store, (lantern, 1))
    picker = Picker(store, make_associate(store), PickList.objects.get(fulfillments__order=begun).pk)
    picker.claim()
    sell(store, lantern)
    waiting.refresh_from_db()
    assert (waiting.state, fulfillment_of(begun).state) == ("cancelled", "picking")
    assert PickList.objects.get(fulfillments__order=waiting).state == "cancelled"
    assert (shortfall(store, lantern), ends()) == (0, [(1, "sold", "cancelled")])
    assert Notice.objects.get().kind == "orders.cancelled"


def test_the_order_goes_to_another_store_in_the_same_transaction(store, lantern):
    other = make_store(latitude=53.0)
    stock_up(store, lantern, 1)
    order = order_for(None, (lantern, 1), latitude=51.54, longitude=-0.14)
    stock_up(other, lantern, 1)
    sell(store, lantern)
    assert fulfillment_of(order).store == other
    assert (shortfall(store, lantern), atp(other, lantern), ends()) == (0, 0, [(1, "sold", "store")])


def test_a_substitute_joins_the_list_unasked(store, lantern):
    red = make_item("Red lantern")
    Substitute.objects.create(item=lantern, substitute=red, rank=1)
    stock_up(store, lantern, 1)
    stock_up(store, red, 3, "B-01-1")
    order = order_for(store, (lantern, 1), allows_substitutes=True)
    sell(store, lantern)
    assert (fulfillment_of(order).state, ends()) == ("allocated", [(1, "sold", "substitute")])
    assert [(line.item, line.quantity, line.short) for line in PickLine.objects.order_by("sequence")] == [
        (lantern, 1, 1),
        (red, 1, 0),
    ]


def test_a_substitute_that_no_bin_has_any_more_is_not_promised(store, lantern, monkeypatch):
    """Between the offer and the claim somebody else was sent to its bin."""
    red = make_item("Red lantern")
    Substitute.objects.create(item=lantern, substitute=red, rank=1)
    stock_up(store, lantern, 1)
    stock_up(store, red, 3, "B-01-1")
    order_for(store, (lantern, 1), allows_substitutes=True)
    monkeypatch.setattr("picking.actions.turns.meet_shortfall.bins_by_likelihood", lambda **_asked: [])
    sell(store, lantern)
    assert (Order.objects.get().state, ends()) == ("cancelled", [(1, "sold", "cancelled")])
    assert (atp(store, red), PickLine.objects.filter(item=red).count()) == (3, 0)


def test_an_order_that_waits_for_its_wave_is_met_as_well(store, lantern):
    PickPlan.objects.create(store=store, at_once=False, when_gone="wait")
    stock_up(store, lantern, 1)
    order = order_for(store, (lantern, 1))
    sell(store, lantern)
    order.refresh_from_db()
    assert (order.state, ends()) == ("backordered", [(1, "sold", "backorder")])
    assert Fulfillment.objects.get().state == "cancelled"


def test_what_lies_in_a_tote_is_safe(store, lantern):
    stock_up(store, lantern, 1)
    order = order_for(store, (lantern, 1))
    picker = Picker(store, make_associate(store), PickList.objects.get().pk)
    picker.claim()
    picker.scan("TOTE-0001", "A-01-1", lantern.sku)
    sell(store, lantern)
    assert (fulfillment_of(order).state, ends()) == ("picking", [])
    assert in_bin(store, "TOTE-0001", lantern) == 1


def test_a_picker_on_the_way_finds_the_line_gone(store, lantern):
    other = make_item("Hanger")
    stock_up(store, lantern, 1)
    stock_up(store, other, 1, "A-03-2")
    order = order_for(store, (lantern, 1), (other, 1))
    picker = Picker(store, make_associate(store), PickList.objects.get().pk)
    picker.claim()
    picker.scan("TOTE-0001")
    sell(store, lantern)
    assert (picker.walk.current.name, ends()) == ("Hanger", [(1, "sold", "")])
    picker.scan("A-03-2", other.sku, "TOTE-0001")
    assert (fulfillment_of(order).state, ends()) == ("picked", [(1, "sold", "cancelled")])
    order.refresh_from_db()
    assert order.state == "allocated"


def test_only_as_many_as_are_missing(store, lantern):
    stock_up(store, lantern, 5)
    order = order_for(store, (lantern, 4))
    sell(store, lantern, 3)
    assert ends() == [(2, "sold", "cancelled")]
    assert (order.lines.get().allocated, order.lines.get().cancelled) == (2, 2)
    assert PickLine.objects.get().open_quantity == 2


@pytest.mark.django_db(transaction=True)
def test_an_order_somebody_holds_is_left_to_the_job_and_nothing_waits(store, lantern):
    with transaction.atomic():
        stock_up(store, lantern, 1)
    order = order_for(store, (lantern, 1))
    holder = connection.copy()
    try:
        with holder.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM orders_fulfillment WHERE order_id = %s FOR NO KEY UPDATE", [order.pk])
            sell(store, lantern)
            assert (shortfall(store, lantern), ends()) == (1, [])
            cursor.execute("ROLLBACK")
    finally:
        holder.close()
    with transaction.atomic():
        assert settle_shortfall(store_id=store.pk, item_id=lantern.pk) == 1
    assert (shortfall(store, lantern), ends()) == (0, [(1, "sold", "cancelled")])
    assert Order.objects.get().state == "cancelled"
    with transaction.atomic():
        assert settle_shortfall(store_id=store.pk, item_id=lantern.pk) == 0
