"""Cancelled while somebody picks it, when it is picked, and when it lies ready."""

import pytest
from django.db import transaction

from picking.models import PickList, PutBack
from stores.orders.actions.cancel_order import cancel_order
from stores.orders.actions.cancel_units import cancel_units
from stores.orders.errors import CannotCancel
from stores.orders.models import Fulfillment, FulfillmentLine, Order
from stores.orders.reasons import CancelReason
from tests.factories import atp
from tests.picking.conftest import start_job
from tests.pickup.conftest import start_pickup

pytestmark = pytest.mark.django_db


def cancel(order):
    with transaction.atomic():
        return cancel_order(order=order, reason=CancelReason.CUSTOMER, key="k")


def test_what_is_in_the_tote_goes_back_and_the_rest_is_free_at_once():
    job = start_job()
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern))
    assert cancel(job.order).state == "cancelled"
    assert Fulfillment.objects.get().state == "cancelled"
    assert PickList.objects.get().state == "cancelled"
    back = PutBack.objects.get()
    assert (back.item, back.quantity, back.reason, back.from_bin.code) == (job.lantern, 1, "cancelled", "TOTE-0001")
    # Promised to nobody until it lies on its shelf.
    assert (atp(job.store, job.lantern), atp(job.store, job.hanger)) == (4, 5)
    line = FulfillmentLine.objects.get(item=job.lantern)
    assert (line.quantity, line.cancelled, line.picked) == (2, 2, 0)


def test_the_unit_still_on_its_shelf_goes_before_the_one_in_the_tote():
    job = start_job()
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern))
    with transaction.atomic():
        line = job.order.lines.get(item=job.lantern)
        cancel_units(line=line, quantity=1, reason=CancelReason.CUSTOMER, key="k")
    assert not PutBack.objects.exists()
    assert atp(job.store, job.lantern) == 4
    with transaction.atomic():
        cancel_units(line=line, quantity=1, reason=CancelReason.CUSTOMER, key="l")
    assert PutBack.objects.get().reason == "changed"
    assert Order.objects.get().state == "allocated"


@pytest.mark.parametrize("totes", [1, 2])
def test_a_ready_order_leaves_its_bags(totes):
    pickup = start_pickup(totes=totes)
    pickup.make_ready()
    cancel(pickup.order)
    backs = PutBack.objects.order_by("pk").values_list("item__name", "quantity", "from_bin__code")
    places = {"Lantern": "S-01", "Hanger": f"S-0{totes}"}
    assert sorted(backs) == [("Hanger", 1, places["Hanger"]), ("Lantern", 2, places["Lantern"])]
    assert set(FulfillmentLine.objects.values_list("picked", "staged")) == {(0, 0)}


def test_what_is_handed_over_stays_so():
    pickup = start_pickup()
    pickup.prepare_to_give()
    pickup.hand_over()
    with pytest.raises(CannotCancel):
        cancel(pickup.order)
    assert Order.objects.get().state == "completed"
    assert not PutBack.objects.exists()
