"""Two people empty one tote at the same moment: it is free afterwards, whoever was last."""

from threading import Event
from uuid import uuid4

import pytest
from django.db import transaction

from picking.actions.turns.put_back import put_back
from picking.models import PickList, PickTote, PutBack
from tests.picking.conftest import start_job
from tests.picking.test_withdraw import cancel, want_less
from tests.racing import HANG_SECONDS, at_once, somebody_waits, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job():
    with transaction.atomic():
        job = start_job(lanterns=1)
        job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern), "A-03-2", job.gtin(job.hanger))
    return job


def put(job, item):
    put_back(
        store=job.store,
        pk=PutBack.objects.get(item=item).pk,
        bin_code="A-02-1",
        quantity=None,
        associate=job.picker.associate,
        device=None,
        key=str(uuid4()),
    )


def second_while_first_has_not_committed(first, second):
    begun, done = Event(), Event()

    def one():
        with transaction.atomic():
            first()
            begun.set()
            wait_until(lambda: done.is_set() or somebody_waits())

    def two():
        assert begun.wait(HANG_SECONDS)
        with transaction.atomic():
            second()
        done.set()

    at_once(one, two)


def test_two_put_the_last_two_things_back(job):
    cancel(job.order)
    second_while_first_has_not_committed(lambda: put(job, job.lantern), lambda: put(job, job.hanger))
    assert set(PutBack.objects.values_list("state", flat=True)) == {"done"}
    assert not PickTote.objects.filter(emptied_at=None, tote__code="TOTE-0001").exists()


@pytest.mark.parametrize("finished_first", [True, False])
def test_the_list_ends_while_the_last_thing_goes_back(finished_first):
    with transaction.atomic():
        job = start_job(lanterns=1)
        job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern), "TOTE-0002", "A-03-2", job.gtin(job.hanger))
    want_less(job.order, job.lantern, 1)
    steps = [lambda: put(job, job.lantern), job.picker.finish]
    second_while_first_has_not_committed(*(reversed(steps) if finished_first else steps))
    assert PickList.objects.get().state == "done"
    assert not PickTote.objects.filter(emptied_at=None, tote__code="TOTE-0001").exists()
