"""One associate with two handhelds: what one of them does while the other is at it."""

from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction

from picking.actions import confirm_pick, scan, totes
from picking.actions.by import By
from picking.actions.details import drop_asked
from picking.actions.totes import take_back_tote
from picking.errors import ToteFirst
from picking.models import PickLine, PickTote
from stores.catalog.models import Item
from tests.factories import change_items, in_bin
from tests.picking.conftest import start_job
from tests.picking.test_put_back_race import second_while_first_has_not_committed
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job():
    with transaction.atomic():
        job = start_job()
        job.picker.scan("TOTE-0001", "A-01-1")
    return job


def by(job):
    return By(store=job.store, associate=job.picker.associate, device=None, key=str(uuid4()))


def free(job):
    return take_back_tote(by=by(job), walk=job.picker.walk)


def lies_in_a_tote_of_the_list(job):
    return PickTote.objects.filter(tote__code="TOTE-0001", emptied_at=None).exists()


def freed_while_the_scan_is_in_flight(job):
    freed = []
    walk = job.picker.walk
    second_while_first_has_not_committed(
        lambda: job.picker.scan(job.gtin(job.lantern)),
        lambda: freed.append(take_back_tote(by=by(job), walk=walk)),
    )
    return freed


def test_a_tote_is_not_freed_while_the_other_device_fills_it(job):
    assert freed_while_the_scan_is_in_flight(job) == [None]
    assert (lies_in_a_tote_of_the_list(job), in_bin(job.store, "TOTE-0001", job.lantern)) == (True, 1)


@pytest.mark.breaks_the_record
def test_twin_without_the_lock_it_is_freed_with_a_unit_in_it(job, monkeypatch):
    monkeypatch.setattr(totes, "hold_from_scans", lambda _uses: None)
    assert freed_while_the_scan_is_in_flight(job) == ["TOTE-0001"]
    assert (lies_in_a_tote_of_the_list(job), in_bin(job.store, "TOTE-0001", job.lantern)) == (False, 1)


def scanned_while_the_tote_is_freed(job):
    second_while_first_has_not_committed(lambda: free(job), lambda: job.picker.scan(job.gtin(job.lantern)))


def test_nothing_is_picked_into_a_tote_that_was_just_freed(job):
    with pytest.raises(ToteFirst):
        scanned_while_the_tote_is_freed(job)
    assert (lies_in_a_tote_of_the_list(job), in_bin(job.store, "TOTE-0001", job.lantern)) == (False, 0)
    assert PickLine.objects.get(item=job.lantern).picked == 0


@pytest.mark.breaks_the_record
def test_twin_without_the_tote_held_it_is(job, monkeypatch):
    """What the statement reads of the totes without holding them is from before it began."""
    monkeypatch.setattr(confirm_pick, "_CONFIRM_SQL", confirm_pick._CONFIRM_SQL.replace("FOR KEY SHARE", ""))
    scanned_while_the_tote_is_freed(job)
    assert (lies_in_a_tote_of_the_list(job), in_bin(job.store, "TOTE-0001", job.lantern)) == (False, 1)


def asked_for_its_number(job):
    change_items(Item.objects.filter(pk=job.lantern.pk), is_serialised=True)
    with transaction.atomic():
        job.picker.scan(job.gtin(job.lantern))
    assert job.picker.walk.asks_for_id is not None


def test_what_was_told_on_the_other_device_is_not_dropped(job):
    asked_for_its_number(job)
    dropped, walk = [], job.picker.walk
    second_while_first_has_not_committed(
        lambda: job.picker.scan("SN-1"), lambda: dropped.append(drop_asked(walk=walk, by=by(job)))
    )
    assert (dropped, PickLine.objects.get(item=job.lantern).picked) == ([None], 1)


def withdrawn_while_the_number_is_scanned(job):
    """A change of the order takes the list, then its lines; the scan needs both of them, too."""
    failed = []

    def tell(work):
        try:
            with transaction.atomic():
                work()
        except OperationalError as error:
            failed.append(error)

    def change():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM picking_picklist WHERE id = %s FOR NO KEY UPDATE", [job.picker.pk])

    def lines():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM picking_pickline WHERE pick_list_id = %s FOR NO KEY UPDATE", [job.picker.pk])

    def both():
        change()
        wait_for_the_other()
        lines()

    at_once(lambda: tell(both), lambda: tell(lambda: job.picker.scan("SN-1")))
    return failed


def wait_for_the_other():
    with connection.cursor() as cursor:
        for _try in range(500):
            cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone():
                return
            cursor.execute("SELECT pg_sleep(0.02)")
    raise AssertionError("nobody waits")


def test_a_change_and_a_scanned_number_do_not_wait_for_each_other(job):
    asked_for_its_number(job)
    assert withdrawn_while_the_number_is_scanned(job) == []
    assert PickLine.objects.get(item=job.lantern).picked == 1


def test_twin_without_the_list_first_they_deadlock(job, monkeypatch):
    asked_for_its_number(job)
    monkeypatch.setattr(scan, "hold_list", lambda _walk: None)
    assert len(withdrawn_while_the_number_is_scanned(job)) == 1
