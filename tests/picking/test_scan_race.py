"""One scan sent 50 times at once moves one unit. The twin shows that without the receipt it would move many."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection, transaction

from picking.actions.scan import scan
from picking.queries.walk import load_walk
from stores.stock.models import Move
from tests.factories import in_bin
from tests.picking.conftest import start_job
from tests.racing import HANG_SECONDS
from tests.staff.signing_in import signed_in_client

TIMES = 50

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job():
    """A line of five units: more than one repetition could be counted."""
    job = start_job(lanterns=5)
    with transaction.atomic():
        job.picker.scan("TOTE-0001", "A-01-1")
    return job


def at_once(work):
    start = Barrier(TIMES)

    def run(number):
        try:
            connection.ensure_connection()
            start.wait(HANG_SECONDS)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(run, range(TIMES)))


def test_one_key_one_move(job):
    address, code = f"/pick/{job.picker.pk}/scan/", job.gtin(job.lantern)
    clients = [signed_in_client(job.picker.associate, job.store) for _ in range(TIMES)]
    key = str(uuid4())

    def send(number):
        answer = clients[number].post(address, {"code": code, "key": key}, headers={"HX-Request": "true"})
        return answer.status_code, "1 of 5 in TOTE-0001" in answer.text

    assert set(at_once(send)) == {(200, True)}
    assert Move.objects.filter(reason=Move.Reason.PICKED).count() == 1
    assert in_bin(job.store, "TOTE-0001", job.lantern) == 1


def test_twin_without_the_receipt_every_repetition_counts(job):
    def act(number):
        with transaction.atomic(durable=True):
            walk = load_walk(store=job.store, pk=job.picker.pk)
            try:
                scan(
                    store=job.store,
                    walk=walk,
                    raw=job.gtin(job.lantern),
                    associate=job.picker.associate,
                    device=None,
                    key=str(number),
                )
            except Exception as refusal:  # noqa: BLE001  # How many get through is the question, not why others do not.
                return type(refusal).__name__
        return "counted"

    assert at_once(act).count("counted") == 5
