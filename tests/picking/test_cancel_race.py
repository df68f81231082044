"""An order is cancelled while a unit of it is scanned: one of the two is first, and the other is told."""

import threading
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction

from picking.models import PickLine, PickList, PutBack
from stores.orders import hooks
from stores.orders.actions.cancel_order import cancel_order
from stores.orders.models import Fulfillment, FulfillmentLine
from stores.orders.reasons import CancelReason
from tests.factories import in_bin
from tests.picking.conftest import start_job
from tests.racing import HANG_SECONDS, at_once, wait_until
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job():
    with transaction.atomic():
        job = start_job(lanterns=2)
        job.picker.scan("TOTE-0001", "A-01-1")
    return job


def cancel(job):
    with transaction.atomic():
        cancel_order(order=job.order, reason=CancelReason.CUSTOMER, key=str(uuid4()))


def scanner(job):
    client = signed_in_client(job.picker.associate, job.store)

    def scan():
        form = {"key": str(uuid4()), "code": job.gtin(job.lantern)}
        return client.post(f"/pick/{job.picker.pk}/scan/", form, headers={"HX-Request": "true"})

    return scan


@pytest.mark.parametrize("turn", range(4))
def test_either_the_scan_is_first_or_the_cancellation(job, turn):
    scan = scanner(job)
    answer, _none = at_once(scan, lambda: cancel(job))
    words = answer.content.decode()
    assert Fulfillment.objects.get().state == "cancelled"
    assert PickList.objects.get().state == "cancelled"
    back = list(PutBack.objects.values_list("quantity", flat=True))
    if answer.status_code == 200:
        assert back == [1]
        assert in_bin(job.store, "TOTE-0001", job.lantern) == 1
    else:
        assert (answer.status_code, back) == (409, [])
        assert "was cancelled" in words
    line = PickLine.objects.get(item=job.lantern)
    assert line.picked + line.withdrawn == 2


def test_the_next_scan_says_so_and_where_to_go(job):
    scan = scanner(job)
    assert scan().status_code == 200
    cancel(job)
    answer = scan()
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"Order {job.order.number} was cancelled" in page
    assert "Put back what is in TOTE-0001." in page
    assert 'href="/put-back/"' in page


def interleave(job):
    """A scan that has counted its line, and not yet the order's, when the cancellation begins."""
    line = PickLine.objects.get(item=job.lantern)
    failed: list[Exception] = []

    def late():
        try:
            cancel(job)
        except OperationalError as error:
            failed.append(error)
        finally:
            connection.close()

    scan = connection.copy()
    other = threading.Thread(target=late)
    try:
        with scan.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("UPDATE picking_pickline SET picked = picked + 1 WHERE id = %s", [line.pk])
            other.start()
            wait_until(lambda: _somebody_waits(cursor))
            try:
                cursor.execute(
                    "UPDATE orders_fulfillmentline SET picked = picked + 1 WHERE id = %s", [line.fulfillment_line_id]
                )
            except OperationalError as error:
                failed.append(error)
            cursor.execute("ROLLBACK")
    finally:
        other.join(HANG_SECONDS)
        scan.close()
    return failed


def _somebody_waits(cursor):
    """For this cursor's own connection: other databases on the server have waiters, too."""
    cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
    return cursor.fetchone() is not None


def test_a_cancellation_waits_for_the_scan_in_flight(job):
    assert interleave(job) == []
    assert list(FulfillmentLine.objects.values_list("picked", "cancelled")) in ([(0, 1), (0, 2)], [(0, 2), (0, 1)])


def test_without_the_lines_lock_they_wait_for_each_other(job, monkeypatch):
    """The twin: were the lines not locked first, PostgreSQL would have to break a deadlock."""
    monkeypatch.setattr(hooks, "_withdrawing", [])
    assert len(interleave(job)) == 1
