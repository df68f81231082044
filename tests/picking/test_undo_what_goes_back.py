"""The picker takes back a scan of which the customer wanted units no more: a put-back has those already."""

from uuid import uuid4

import pytest
from django.db import transaction

from picking.actions.turns.put_back import put_back
from picking.models import PickLine, PutBack
from picking.turn_errors import GoesBack
from stores.orders.models import FulfillmentLine
from tests.factories import in_bin
from tests.picking.test_withdraw import want_less

pytestmark = pytest.mark.django_db


@pytest.fixture
def picked(job):
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern), job.gtin(job.lantern))
    return job


def undo(job):
    with transaction.atomic():
        job.picker.undo()


def counts(job):
    line = PickLine.objects.get(item=job.lantern)
    wanted = FulfillmentLine.objects.get(item=job.lantern)
    return line.picked, line.put_back, wanted.picked, in_bin(job.store, "TOTE-0001", job.lantern)


def test_what_is_still_wanted_is_undone_and_what_goes_back_is_not(picked):
    want_less(picked.order, picked.lantern, 1)
    undo(picked)
    assert counts(picked) == (1, 1, 0, 1)
    with pytest.raises(GoesBack) as refused:
        undo(picked)
    assert (refused.value.headline, refused.value.tone) == ("No longer wanted: Lantern", "look")
    assert "TOTE-0001" in refused.value.detail
    assert counts(picked) == (1, 1, 0, 1)


def test_what_went_back_already_is_not_undone(picked):
    want_less(picked.order, picked.lantern, 2)
    with transaction.atomic():
        put_back(
            store=picked.store,
            pk=PutBack.objects.get().pk,
            bin_code="A-02-1",
            quantity=None,
            associate=picked.picker.associate,
            device=None,
            key=str(uuid4()),
        )
    with pytest.raises(GoesBack):
        undo(picked)
    assert (counts(picked), in_bin(picked.store, "A-02-1", picked.lantern)) == ((2, 2, 0, 0), 2)


def test_the_unit_of_another_tote_does_not_stand_in_for_it(job):
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern), "TOTE-0002", job.gtin(job.lantern))
    want_less(job.order, job.lantern, 1)
    assert PutBack.objects.get().from_bin.code == "TOTE-0002"
    with pytest.raises(GoesBack):
        undo(job)
    assert in_bin(job.store, "TOTE-0002", job.lantern) == 1
