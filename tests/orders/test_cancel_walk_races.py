"""Cancelled at the very moment of a scan, of the end of a walk, of a handover. Nothing deadlocks, nothing is lost."""

from threading import Event
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction

from picking.actions.finish_list import finish_list
from picking.actions.turns import withdraw
from picking.errors import ListEnded, NotYourList, TooMany
from picking.models import PickLine, PutBack
from picking.turn_errors import ListCancelled, ListCancelledPutBack
from stores.orders import hooks
from stores.orders.actions.cancel_order import cancel_order
from stores.orders.errors import CannotCancel, NotHere
from stores.orders.models import Fulfillment, FulfillmentLine, Order
from stores.orders.reasons import CancelReason
from stores.refusals import Refusal
from tests.factories import atp, in_bin
from tests.picking.conftest import start_job
from tests.pickup.conftest import start_pickup
from tests.racing import HANG_SECONDS, at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


def attempt(act):
    """The class of the refusal, or None. A deadlock is nobody's refusal, and is raised."""
    try:
        with transaction.atomic():
            act()
    except Refusal as refusal:
        return type(refusal)
    return None


def cancel(order):
    return attempt(lambda: cancel_order(order=order, reason=CancelReason.CUSTOMER, key=str(uuid4())))


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_a_scan_in_flight_counts_and_goes_back_or_is_refused(_round):
    job = start_job(lanterns=3)
    with transaction.atomic():
        job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern))
    scanned, cancelled = at_once(
        lambda: attempt(lambda: job.picker.scan(job.gtin(job.lantern))),
        lambda: cancel(job.order),
    )
    assert cancelled is None
    assert scanned is None or issubclass(scanned, Refusal)
    in_tote = in_bin(job.store, "TOTE-0001", job.lantern)
    assert in_tote == (2 if scanned is None else 1)
    assert sum(PutBack.objects.filter(item=job.lantern).values_list("quantity", flat=True)) == in_tote
    assert atp(job.store, job.lantern) == 5 - in_tote


def test_twin_when_the_lines_are_not_held_first_the_scan_is_lost_or_they_deadlock(monkeypatch):
    """Counted before the scan, withdrawn after it: what the counts then say is not what lies in the tote."""
    job = start_job(lanterns=3)
    with transaction.atomic():
        job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern))
    counted, scanned = Event(), Event()

    def wait_for_a_scan(withdrawal):
        counted.set()
        scanned.wait(HANG_SECONDS)
        withdraw.withdraw_from_lists(withdrawal)

    monkeypatch.setattr(hooks, "_withdrawing", [])
    monkeypatch.setattr(hooks, "_withdrawn", [wait_for_a_scan])

    def scan():
        counted.wait(HANG_SECONDS)
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
        try:
            with transaction.atomic():
                PickLine.objects.filter(item=job.lantern).update(picked=2)
                FulfillmentLine.objects.filter(item=job.lantern).update(picked=2)
        except OperationalError:
            # It held its line and waited for the count: whoever cancels waits for the line.
            return "stuck"
        finally:
            scanned.set()
        return "through"

    assert at_once(scan, lambda: attempt(lambda: cancel(job.order)))[0] == "stuck"


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_the_end_of_the_walk(_round):
    job = start_job(lanterns=1)
    with transaction.atomic():
        job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern))
        job.picker.short(1)
    finished, cancelled = at_once(
        lambda: attempt(
            lambda: finish_list(store=job.store, pk=job.picker.pk, associate=job.picker.associate, device=None)
        ),
        lambda: cancel(job.order),
    )
    assert cancelled is None
    assert finished in {None, ListEnded, ListCancelled, ListCancelledPutBack, NotYourList}
    job.order.refresh_from_db()
    assert job.order.state == "cancelled"


def test_the_handover():
    ends = []
    for _round in range(ROUNDS):
        pickup = start_pickup()
        with transaction.atomic():
            pickup.prepare_to_give()
        given, cancelled = at_once(
            lambda pickup=pickup: attempt(pickup.hand_over), lambda pickup=pickup: cancel(pickup.order)
        )
        # One of them, never both.
        assert (given is None) != (cancelled is None)
        state = Fulfillment.objects.get(order=pickup.order).state
        assert state == ("handed_over" if given is None else "cancelled")
        ends.append(given or cancelled)
    assert set(ends) <= {CannotCancel, NotHere, TooMany} or all(issubclass(end, Refusal) for end in ends)
    assert not Order.objects.filter(state="allocated").exists()
