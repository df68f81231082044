import pytest

from picking.actions.claims import hand_over_list, release_claim
from picking.actions.turns.short_pick import short_pick
from picking.errors import NothingToUndo, NotYourList, TooMany
from picking.models import PickClaim, PickList, PickPlan, PickTote, Shortage
from picking.turn_errors import WasShort
from stores.orders.actions.route_order import route_order
from stores.orders.models import Fulfillment, FulfillmentLine, Order, OrderLine
from stores.stock.models import Condition, Move, Reservation
from tests.factories import atp, fulfillment_of, in_bin, make_associate, make_item, make_store, order_for, stock_up
from tests.picking.conftest import Picker

pytestmark = pytest.mark.django_db


def test_undo_takes_back_the_last_scan_and_only_it(job):
    picker = job.picker
    picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern), job.gtin(job.lantern))
    picker.undo()
    assert picker.walk.units_picked == 1
    assert (in_bin(job.store, "A-01-1", job.lantern), in_bin(job.store, "TOTE-0001", job.lantern)) == (4, 1)
    picker.undo()
    with pytest.raises(NothingToUndo):
        picker.undo()
    assert picker.walk.units_picked == 0
    assert Move.objects.filter(reason=Move.Reason.PICK_UNDONE).count() == 2


def test_undo_reaches_back_from_the_last_step(job):
    picker = job.picker
    picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern), job.gtin(job.lantern), "A-03-2", job.gtin(job.hanger))
    picker.undo()
    assert picker.walk.current.name == "Hanger"


def test_what_is_not_there_is_held_back_from_the_promise_until_somebody_looked(job):
    job.picker.scan("TOTE-0001", "A-01-1")
    assert atp(job.store, job.lantern) == 3
    # Three more are recorded in this very bin, but somebody has just looked there: nobody is sent again, and nobody is
    # promised what they did not see.
    assert job.picker.short(2) == 0
    assert in_bin(job.store, "A-01-1", job.lantern, Condition.QUARANTINED) == 5
    assert atp(job.store, job.lantern) == 0
    assert [(line.bin_code, line.quantity, line.short) for line in job.picker.walk.lines] == [
        ("A-01-1", 2, 2),
        ("A-03-2", 1, 0),
    ]


def test_damaged_units_are_replaced_from_the_same_bin(job):
    job.picker.scan("TOTE-0001", "A-01-1")
    assert job.picker.short(2, Shortage.Reason.DAMAGED) == 2
    assert [(line.bin_code, line.quantity, line.short) for line in job.picker.walk.lines] == [
        ("A-01-1", 2, 2),
        ("A-01-1", 2, 0),
        ("A-03-2", 1, 0),
    ]


def test_another_bin_of_the_store_takes_over():
    store, item = make_store(), make_item("Lantern")
    stock_up(store, item, 1, "A-01-1")
    stock_up(store, item, 1, "B-01-1")
    order = order_for(store, (item, 1))
    picker = Picker(store, make_associate(store), PickList.objects.get().pk)
    picker.claim()
    picker.scan("TOTE-0001")
    assert picker.short(1, Shortage.Reason.DAMAGED) == 1
    assert in_bin(store, "A-01-1", item, Condition.DAMAGED) == 1
    picker.scan("B-01-1", item.sku, "TOTE-0001")
    assert fulfillment_of(order).state == Fulfillment.State.PICKED
    assert OrderLine.objects.get().allocated == 1
    order.refresh_from_db()
    assert order.state == Order.State.ALLOCATED


def test_units_nobody_has_wait_as_a_backorder_and_the_rest_goes_on():
    store, item, other = make_store(), make_item("Lantern"), make_item("Hanger")
    stock_up(store, item, 2, "A-01-1")
    stock_up(store, other, 1, "A-03-2")
    PickPlan.objects.create(store=store, when_gone="wait")
    order = order_for(store, (item, 2), (other, 1))
    picker = Picker(store, make_associate(store), PickList.objects.get().pk)
    picker.claim()
    picker.scan("TOTE-0001", "A-01-1", item.sku)
    assert picker.short(1) == 0
    picker.scan("A-03-2", other.sku, "TOTE-0001")
    order.refresh_from_db()
    assert order.state == Order.State.BACKORDERED
    assert fulfillment_of(order).state == Fulfillment.State.PICKED
    assert sorted(FulfillmentLine.objects.values_list("quantity", "picked", "short")) == [(1, 1, 0), (2, 1, 1)]
    assert atp(store, item) == 0
    # The missing unit arrives: a second fulfillment, at the store the customer goes to anyway.
    stock_up(store, item, 1, "B-01-1")
    again = route_order(order=order)
    assert again.store == store
    assert [(line.quantity, line.item) for line in again.lines.all()] == [(1, item)]


def test_a_list_of_which_nothing_is_found_ends_its_fulfillment():
    store, item = make_store(), make_item()
    PickPlan.objects.create(store=store, when_gone="wait")
    stock_up(store, item, 1)
    order = order_for(store, (item, 1))
    picker = Picker(store, make_associate(store), PickList.objects.get().pk)
    picker.claim()
    picker.scan("TOTE-0001")
    picker.short(1)
    picker.finish()
    order.refresh_from_db()
    assert (order.state, Fulfillment.objects.get().state) == (Order.State.BACKORDERED, Fulfillment.State.CANCELLED)
    assert PickTote.objects.get().emptied_at is not None
    assert Reservation.objects.get().state == Reservation.State.RELEASED


def test_no_more_can_be_short_than_is_open(job):
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern))
    with pytest.raises(TooMany):
        job.picker.short(2)
    assert in_bin(job.store, "A-01-1", job.lantern, Condition.QUARANTINED) == 0


def test_a_line_is_not_short_twice(job):
    job.picker.scan("TOTE-0001")
    line = job.picker.walk.current.pk
    job.picker.short(2)
    with pytest.raises(WasShort) as refused:
        short_pick(
            store=job.store,
            pk=job.picker.pk,
            line_pk=line,
            quantity=1,
            reason=Shortage.Reason.NOT_FOUND,
            associate=job.picker.associate,
            device=None,
            key="again",
        )
    with pytest.raises(WasShort):
        job.picker.scan(job.gtin(job.lantern))
    assert refused.value.headline == "Marked as short: Lantern"


def test_a_list_is_laid_down_and_taken_on_where_it_was(job):
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern))
    release_claim(store=job.store, pk=job.picker.pk, associate=job.picker.associate)
    with pytest.raises(NotYourList):
        job.picker.scan(job.gtin(job.lantern))
    colleague = Picker(job.store, make_associate(job.store, name="Ben"), job.picker.pk)
    colleague.claim()
    assert colleague.scan("A-01-1", job.gtin(job.lantern)).title == "2 of 2 in TOTE-0001"


def test_a_list_is_passed_to_a_colleague(job):
    ben = make_associate(job.store, name="Ben")
    hand_over_list(store=job.store, pk=job.picker.pk, associate=job.picker.associate, colleague=ben)
    assert list(PickClaim.objects.filter(ended_at=None).values_list("associate__name", flat=True)) == ["Ben"]
    with pytest.raises(NotYourList):
        hand_over_list(store=job.store, pk=job.picker.pk, associate=job.picker.associate, colleague=ben)
