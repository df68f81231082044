"""A customer changes the order, or cancels it, whatever the pickers have done so far."""

from uuid import uuid4

import pytest
from django.db import transaction

from picking.models import PickClaim, PickLine, PickList, PickTote, PutBack
from picking.turn_errors import LineWithdrawn
from stores.orders.actions.cancel_order import cancel_order
from stores.orders.actions.cancel_units import cancel_units
from stores.orders.models import Fulfillment, FulfillmentLine
from stores.orders.reasons import CancelReason
from stores.stock.models import Reservation
from tests.factories import atp, in_bin

pytestmark = pytest.mark.django_db


def cancel(order):
    with transaction.atomic():
        cancel_order(order=order, reason=CancelReason.CUSTOMER, key=str(uuid4()))


def want_less(order, item, quantity):
    line = order.lines.get(item=item)
    with transaction.atomic():
        cancel_units(line=line, quantity=quantity, reason=CancelReason.CUSTOMER, key=str(uuid4()))


def test_a_list_nobody_has_begun_ends_with_its_order(job):
    cancel(job.order)
    pick_list = PickList.objects.get()
    assert (pick_list.state, PickClaim.objects.get().end_reason) == ("cancelled", "cancelled")
    assert [(line.quantity, line.withdrawn) for line in PickLine.objects.all()] == [(2, 2), (1, 1)]
    assert (atp(job.store, job.lantern), PutBack.objects.count()) == (5, 0)


def test_what_is_in_the_tote_goes_back_and_is_promised_to_nobody_until_then(job):
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern))
    cancel(job.order)
    task = PutBack.objects.get()
    assert (task.quantity, task.from_bin.code, task.to_bin.code, task.reason) == (1, "TOTE-0001", "A-01-1", "cancelled")
    assert (task.reservation.state, task.reservation.reference) == ("held", f"putback:{task.pk}")
    assert (atp(job.store, job.lantern), atp(job.store, job.hanger)) == (4, 5)
    assert Fulfillment.objects.get().state == "cancelled"
    assert PickTote.objects.get().emptied_at is None
    assert FulfillmentLine.objects.get(item=job.lantern).picked == 0


def test_a_smaller_quantity_takes_what_is_not_picked_first(job):
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern))
    want_less(job.order, job.lantern, 1)
    assert PutBack.objects.count() == 0
    walk = job.picker.walk
    assert [(line.name, line.picked, line.withdrawn) for line in walk.lines] == [("Lantern", 1, 1), ("Hanger", 0, 0)]
    assert walk.current.name == "Hanger"
    want_less(job.order, job.lantern, 1)
    assert PutBack.objects.get().reason == "changed"
    job.picker.scan("A-03-2", job.gtin(job.hanger), "TOTE-0001")
    assert Fulfillment.objects.get().state == "picked"


def test_whoever_scans_what_is_wanted_no_more_is_told_to_leave_it(job):
    job.picker.scan("TOTE-0001", "A-01-1")
    want_less(job.order, job.lantern, 2)
    with pytest.raises(LineWithdrawn) as refused:
        job.picker.scan(job.gtin(job.lantern))
    assert refused.value.headline == "No longer wanted: Lantern"
    assert refused.value.detail == f"Order {job.order.number} was changed. Leave it on the shelf."
    assert in_bin(job.store, "TOTE-0001", job.lantern) == 0


def test_a_picked_order_that_is_cancelled_leaves_its_tote_to_be_put_back(job):
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern), job.gtin(job.lantern), "A-03-2", job.gtin(job.hanger))
    job.picker.finish()
    cancel(job.order)
    assert sorted(PutBack.objects.values_list("item__name", "quantity")) == [("Hanger", 1), ("Lantern", 2)]
    held = Reservation.objects.filter(state="held").values_list("reference", flat=True)
    assert sorted(held) == sorted(f"putback:{task.pk}" for task in PutBack.objects.all())
    assert in_bin(job.store, "TOTE-0001", job.lantern) == 2
