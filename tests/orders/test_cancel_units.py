"""The customer wants less."""

from decimal import Decimal

import pytest
from django.db import transaction

from stores.journal.models import Event
from stores.notices.models import Notice
from stores.orders.actions.cancel_open_units import cancel_open_units
from stores.orders.actions.cancel_units import cancel_bundles, cancel_units
from stores.orders.actions.give_up_units import give_up_units
from stores.orders.errors import AlreadyCancelled, PartOfBundle, TooManyToCancel
from stores.orders.models import FulfillmentLine, Order, OrderBundle
from stores.orders.reasons import CancelReason
from stores.sync.queries.order_status import order_status
from tests.factories import atp, make_associate, make_bundle, make_item, make_store, order_for, stock_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def lantern(store):
    item = make_item("Lantern")
    stock_up(store, item, 5)
    return item


@pytest.fixture
def hanger(store):
    item = make_item("Hanger")
    stock_up(store, item, 20)
    return item


def less(line, quantity, **fields):
    with transaction.atomic():
        return cancel_units(
            **({"line": line, "quantity": quantity, "reason": CancelReason.CUSTOMER, "key": "k"} | fields)
        )


def counts(order):
    return list(order.lines.order_by("pk").values_list("quantity", "allocated", "cancelled"))


def test_some_units_of_a_line(floor, store, lantern, hanger):
    order = order_for(store, (lantern, 3), (hanger, 1))
    assert less(order.lines.first(), 2).state == "allocated"
    assert counts(order) == [(3, 1, 2), (1, 1, 0)]
    assert floor.withdrawn == [(2, 0, "changed")]
    assert floor.cancelled == []
    assert atp(store, lantern) == 4
    told = Event.objects.get(kind="orders.line_cancelled")
    assert (told.subject, told.item, told.quantity) == (f"order:{order.pk}", lantern, 2)
    assert (told.data["order"], told.data["amount"], told.data["sku"]) == (order.external_id, "5.10", lantern.sku)


def test_the_last_units_end_the_order(floor, store, lantern, hanger):
    order = order_for(store, (lantern, 3), (hanger, 1))
    first, second = order.lines.order_by("pk")
    less(first, 3)
    assert less(second, 1, key="l").state == "cancelled"
    assert len(floor.cancelled) == 1
    assert Event.objects.filter(kind="orders.cancelled").count() == 1
    with pytest.raises(AlreadyCancelled):
        less(second, 1, key="m")


def test_a_backorder_that_wants_less_may_be_promised_at_once(floor, store, lantern):
    order = order_for(store, (lantern, 7))
    assert order.state == "backordered"
    less(order.lines.get(), 2)
    order.refresh_from_db()
    assert (order.state, counts(order)) == ("allocated", [(7, 5, 2)])
    assert atp(store, lantern) == 0


def test_what_nobody_has_goes_first_and_the_order_waits_no_more(floor, store, lantern):
    order = order_for(store, (lantern, 3))
    with transaction.atomic():
        give_up_units(line=FulfillmentLine.objects.get(), quantity=1, reason="not_found", key="g")
        less(order.lines.get(), 1)
    order.refresh_from_db()
    assert (order.state, counts(order)) == ("allocated", [(3, 2, 1)])
    assert floor.withdrawn == []


def test_more_than_there_is_is_refused_and_changes_nothing(floor, store, lantern):
    order = order_for(store, (lantern, 3))
    events = Event.objects.count()
    with pytest.raises(TooManyToCancel) as refused:
        less(order.lines.get(), 4)
    assert refused.value.headline == "3 of Lantern can still be cancelled"
    assert (counts(order), Event.objects.count()) == ([(3, 3, 0)], events)


def test_those_least_far_along_go_first(floor, store, lantern):
    """Two parts of one line: of the one that is further along a unit is in a tote, and one still on its shelf."""
    order = order_for(store, (lantern, 4))
    far = FulfillmentLine.objects.get()
    with transaction.atomic():
        give_up_units(line=far, quantity=2, reason="damaged", key="g")
        Order.objects.filter(pk=order.pk).update(state="backordered")
        stock_up(store, lantern, 2)
        less(order.lines.get(), 0)
    near = FulfillmentLine.objects.exclude(pk=far.pk).get()
    FulfillmentLine.objects.filter(pk=far.pk).update(picked=1)
    type(far.fulfillment).objects.filter(pk=far.fulfillment_id).update(state="picking")
    less(order.lines.get(), 3, key="m")
    far.refresh_from_db()
    near.refresh_from_db()
    # Both on shelves there, one on a shelf here; the picked one stays wanted.
    assert (near.cancelled, near.fulfillment.state) == (2, "cancelled")
    assert (far.cancelled, far.picked, far.wanted) == (1, 1, 1)
    assert [one[:2] for one in floor.withdrawn] == [(1, 0), (2, 0)]
    FulfillmentLine.objects.filter(pk=far.pk).update(picked=0)


def test_a_customer_who_is_told_hears_what_is_gone(floor, store, lantern, hanger):
    order = order_for(store, (lantern, 3), (hanger, 1))
    less(order.lines.first(), 2, actor=make_associate(store), store=store)
    notice = Notice.objects.get()
    assert (notice.kind, notice.title) == ("orders.line_cancelled", f"Your order {order.number} has changed")
    assert "  2 × Lantern\n" in notice.body
    assert "The rest comes as you ordered it." in notice.body


class TestWhatNobodyHas:
    def test_it_is_cancelled_and_the_customer_told(self, floor, store, lantern, hanger):
        order = order_for(store, (lantern, 3), (hanger, 1))
        with transaction.atomic():
            give_up_units(line=FulfillmentLine.objects.get(item=lantern), quantity=2, reason="not_found", key="g")
            assert cancel_open_units(order=order, reason=CancelReason.STOCK, key="c") == 2
        order.refresh_from_db()
        assert (order.state, counts(order)) == ("allocated", [(3, 1, 2), (1, 1, 0)])
        assert "  2 × Lantern\n" in Notice.objects.get().body
        assert Event.objects.get(kind="orders.line_cancelled").data["reason"] == "stock"
        with transaction.atomic():
            assert cancel_open_units(order=order, reason=CancelReason.STOCK, key="d") == 0
        assert Notice.objects.count() == 1

    def test_all_of_it_ends_the_order(self, floor, store, lantern):
        order = order_for(store, (lantern, 7))
        with transaction.atomic():
            assert cancel_open_units(order=order, reason=CancelReason.STOCK, key="c") == 7
        order.refresh_from_db()
        assert order.state == "cancelled"
        assert Notice.objects.get().kind == "orders.cancelled"


class TestBundles:
    @pytest.fixture
    def light(self, lantern, hanger):
        return make_bundle((lantern, 1), (hanger, 3), name="Hanging light", price="10.00")

    def test_a_part_cannot_go_alone(self, floor, store, light):
        order = order_for(store, (light, 2))
        with pytest.raises(PartOfBundle) as refused:
            less(order.lines.first(), 1)
        assert refused.value.headline == "Lantern is a part of Hanging light"

    def test_a_whole_one_goes_with_all_its_parts_and_its_price_to_the_cent(self, floor, store, light):
        order = order_for(store, (light, 3))
        bundle = OrderBundle.objects.get()
        with transaction.atomic():
            cancel_bundles(bundle=bundle, quantity=1, reason=CancelReason.CUSTOMER, key="k")
        assert counts(order) == [(3, 2, 1), (9, 6, 3)]
        status = order_status(order)
        (told,) = status["bundles"]
        assert (told["quantity"], told["allocated"], told["cancelled"]) == (3, 2, 1)
        assert sum(Decimal(line["cancelled_amount"]) for line in status["lines"]) == Decimal("10.00")
        told = Event.objects.filter(kind="orders.line_cancelled")
        assert sum(Decimal(event.data["amount"]) for event in told) == Decimal("10.00")
        with pytest.raises(TooManyToCancel), transaction.atomic():
            cancel_bundles(bundle=OrderBundle.objects.get(), quantity=3, reason=CancelReason.CUSTOMER, key="l")
        with transaction.atomic():
            cancel_bundles(bundle=OrderBundle.objects.get(), quantity=2, reason=CancelReason.CUSTOMER, key="m")
        order.refresh_from_db()
        assert order.state == "cancelled"

    def test_one_that_lacks_a_part_goes_last(self, floor, store, light, hanger):
        order = order_for(store, (light, 2))
        with transaction.atomic():
            give_up_units(line=FulfillmentLine.objects.get(item=hanger), quantity=2, reason="not_found", key="g")
            cancel_open_units(order=order, reason=CancelReason.STOCK, key="c")
        assert [(one["allocated"], one["cancelled"]) for one in order_status(order)["bundles"]] == [(1, 1)]
        with transaction.atomic():
            cancel_bundles(bundle=OrderBundle.objects.get(), quantity=1, reason=CancelReason.CUSTOMER, key="k")
        assert counts(order) == [(2, 1, 1), (6, 3, 3)]

    def test_amounts_of_any_split_add_up(self, floor, store, lantern, hanger):
        odd = make_bundle((hanger, 3), price="10.00")
        order = order_for(store, (odd, 2))
        line = order.lines.get()
        amounts = [line.amount_of(units) for units in range(7)]
        assert amounts == [Decimal(text) for text in ("0", "3.34", "6.67", "10.00", "13.34", "16.67", "20.00")]
        line.cancelled = 3
        assert line.cancelled_amount == Decimal("10.00")
