"""Taps and scans that meet: whoever is second is told why, and the record stays true."""

from uuid import uuid4

import pytest
from django.db import transaction

from picking.models import PickList, PickTote
from tests.factories import in_bin
from tests.picking.conftest import start_job
from tests.racing import at_once
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job():
    with transaction.atomic():
        job = start_job(lanterns=2)
        job.picker.scan("TOTE-0001", "A-01-1")
    return job


def sender(job):
    client = signed_in_client(job.picker.associate, job.store)

    def send(path, **fields):
        form = {"key": str(uuid4()), **fields}
        answer = client.post(f"/pick/{job.picker.pk}/{path}/", form, headers={"HX-Request": "true"})
        return answer.status_code

    return send


@pytest.mark.parametrize("turn", range(4))
def test_a_scan_and_a_short_of_the_same_units(job, turn):
    line = job.picker.walk.current
    short, scan = sender(job), sender(job)
    answers = at_once(
        lambda: short("short", line=line.pk, quantity="2", reason="not_found"),
        lambda: scan("scan", code=job.gtin(job.lantern)),
        lambda: scan("scan", code=job.gtin(job.lantern)),
    )
    assert set(answers) <= {200, 409, 422}
    after = job.picker.walk.lines[0]
    assert (after.picked, after.short) in {(0, 2), (1, 0), (2, 0)}
    assert in_bin(job.store, "TOTE-0001", job.lantern) == after.picked


def test_undo_and_finish(job):
    job.picker.scan(job.gtin(job.lantern), job.gtin(job.lantern), "A-03-2", job.gtin(job.hanger))
    undo, finish = sender(job), sender(job)
    answers = at_once(lambda: undo("undo"), lambda: finish("finish"), lambda: undo("undo"))
    assert set(answers) <= {200, 409}
    state = PickList.objects.get(pk=job.picker.pk).state
    picked = sum(line.picked for line in job.picker.walk.lines)
    assert (state == "done") == (picked == 3)


def test_two_shorts_of_one_line(job):
    line = job.picker.walk.current
    send = [sender(job) for _ in range(3)]
    work = [lambda one=one: one("short", line=line.pk, quantity="2", reason="damaged") for one in send]
    answers = at_once(*work)
    assert sorted(answers) == [200, 409, 409]


def test_a_new_tote_and_finish(job):
    """A tote taken by a list that has just ended would belong to nobody."""
    while job.picker.walk.current:
        with transaction.atomic():
            job.picker.short(job.picker.walk.current.open_quantity)
    send, finish = sender(job), sender(job)
    answers = at_once(lambda: send("scan", code="TOTE-0002"), lambda: finish("finish"))
    assert set(answers) <= {200, 409}
    assert PickList.objects.get(pk=job.picker.pk).state == "done"
    assert not PickTote.objects.filter(emptied_at=None).exists()
