"""All of an order is wanted no more."""

import pytest
from django.db import transaction

from stores.journal.models import Event
from stores.notices.models import Notice
from stores.orders.actions.cancel_order import cancel_order
from stores.orders.actions.retry_backorders import retry_backorders
from stores.orders.actions.withdraw_units import withdraw_units
from stores.orders.errors import AlreadyCancelled, CannotCancel, PartHandedOver, TooManyToCancel
from stores.orders.models import Fulfillment, FulfillmentLine, Order
from stores.orders.reasons import CancelReason, Withdrawn
from stores.stock.models import Reservation
from tests.factories import atp, fulfillment_of, make_associate, make_item, make_store, order_for, stock_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return make_store(phone="020 7946 0000")


@pytest.fixture
def lantern(store):
    item = make_item("Lantern")
    stock_up(store, item, 5)
    return item


@pytest.fixture
def hanger(store):
    item = make_item("Hanger")
    stock_up(store, item, 5)
    return item


def cancel(order, **fields):
    with transaction.atomic():
        return cancel_order(**({"order": order, "reason": CancelReason.CUSTOMER, "key": "k"} | fields))


def test_everything_ends_and_can_be_promised_again(floor, store, lantern, hanger):
    order = order_for(store, (lantern, 2), (hanger, 1))
    part = fulfillment_of(order)
    assert cancel(order).state == Order.State.CANCELLED
    order.refresh_from_db()
    part.refresh_from_db()
    assert (order.state, part.state) == ("cancelled", "cancelled")
    assert part.ended_at
    assert list(order.lines.values_list("quantity", "allocated", "cancelled")) == [(2, 0, 2), (1, 0, 1)]
    assert list(part.lines.values_list("quantity", "cancelled", "picked")) == [(2, 2, 0), (1, 1, 0)]
    assert (atp(store, lantern), atp(store, hanger)) == (5, 5)
    assert set(Reservation.objects.values_list("state", "end_reason")) == {("released", "cancelled")}
    assert floor.locked == [[part.pk]]
    assert floor.withdrawn == [(2, 0, "cancelled"), (1, 0, "cancelled")]
    assert floor.cancelled == [part.pk]
    told = Event.objects.get(kind="orders.cancelled")
    assert (told.subject, told.store, told.quantity) == (f"order:{order.pk}", store, 3)
    assert told.data == {"source": "test", "order": order.external_id, "number": order.number, "reason": "customer"}
    # The shop that cancels tells its customer itself.
    assert not Notice.objects.exists()


def test_a_backorder_is_no_longer_waited_for(floor, store, lantern):
    order = order_for(store, (lantern, 6))
    cancel(order)
    order.refresh_from_db()
    assert (order.state, order.waiting_since) == ("cancelled", None)
    stock_up(store, lantern, 5)
    assert retry_backorders() == 0
    assert floor.cancelled == floor.withdrawn == []


def test_twice_is_refused_and_changes_nothing(floor, store, lantern):
    order = order_for(store, (lantern, 2))
    cancel(order)
    events = Event.objects.count()
    with pytest.raises(AlreadyCancelled):
        cancel(order)
    assert Event.objects.count() == events


def test_what_has_gone_cannot_be_cancelled(floor, store, lantern):
    order = order_for(store, (lantern, 1))
    before = Event.objects.count()
    with transaction.atomic():
        Order.objects.filter(pk=order.pk).update(state="completed")
        with pytest.raises(CannotCancel) as refused:
            cancel(order)
        assert refused.value.detail == "State: completed."
        Order.objects.filter(pk=order.pk).first()
        transaction.set_rollback(True)
    assert Event.objects.count() == before


@pytest.mark.breaks_the_record
def test_nor_when_only_a_part_has_gone(floor, store, lantern):
    order = order_for(store, (lantern, 1))
    for state in ("picking", "picked", "staged", "handed_over"):
        Fulfillment.objects.update(state=state)
    with pytest.raises(PartHandedOver) as refused:
        cancel(order)
    assert refused.value.headline == f"Order {order.number} can no longer be cancelled"
    assert "line by line" in refused.value.detail
    assert FulfillmentLine.objects.get().cancelled == 0


def test_a_store_that_cancels_tells_the_customer(floor, store, lantern):
    order = order_for(store, (lantern, 2))
    lead = make_associate(store)
    cancel(order, actor=lead, store=store, reason=CancelReason.STOCK)
    notice = Notice.objects.get()
    assert (notice.kind, notice.address, notice.store) == ("orders.cancelled", "bob@shop.example", store)
    assert notice.title == f"Order {order.number} is cancelled"
    assert "We could not find what you ordered" in notice.body
    assert "Questions? Call 020 7946 0000." in notice.body
    assert Event.objects.get(kind="orders.cancelled").actor == lead


def test_who_picks_takes_over_the_claim_on_what_is_picked(floor, store, lantern):
    order = order_for(store, (lantern, 3))
    # By hand, for nobody picks here: two of three are in a tote. Nothing of it is left below.
    FulfillmentLine.objects.update(picked=2)
    cancel(order)
    assert floor.withdrawn == [(1, 2, "cancelled")]
    assert FulfillmentLine.objects.get().picked == 0
    # One is free at once, two when they are back.
    assert atp(store, lantern) == 3
    assert Reservation.objects.get(state="held").quantity == 2


def test_units_of_one_line_are_withdrawn_and_the_rest_goes_on(floor, store, lantern):
    order = order_for(store, (lantern, 3))
    line = FulfillmentLine.objects.get()
    with transaction.atomic():
        withdraw_units(line=line, quantity=1, reason=Withdrawn.REFUSED, key="w")
    assert floor.withdrawn == [(1, 0, "refused")]
    order.refresh_from_db()
    assert order.state == "allocated"
    assert atp(store, lantern) == 3
    with pytest.raises(TooManyToCancel), transaction.atomic():
        withdraw_units(line=line, quantity=3, reason=Withdrawn.REFUSED, key="x")
    with transaction.atomic():
        withdraw_units(line=line, quantity=2, reason=Withdrawn.REFUSED, key="y")
    order.refresh_from_db()
    assert order.state == "cancelled"
    with pytest.raises(CannotCancel) as refused, transaction.atomic():
        withdraw_units(line=line, quantity=1, reason=Withdrawn.REFUSED, key="z")
    assert refused.value.detail == "State: cancelled."
