"""Somebody who is let in no more holds no list."""

import pytest

from picking.models import PickClaim, PickList
from stores.journal.models import Event
from stores.staff.actions.associates import disable_associate
from stores.staff.models import Role
from tests.factories import make_associate
from tests.picking.conftest import Job, Picker


@pytest.mark.django_db
def test_their_list_is_anybody_s_at_once(job: Job) -> None:
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern))
    boss = make_associate(job.store, role=Role.MANAGER, name="Mona")
    disable_associate(associate=job.picker.associate, by=boss, store=job.store)
    assert not PickClaim.objects.filter(ended_at=None).exists()
    assert Event.objects.get(kind="picking.list_lapsed").data["reason"] == "disabled"
    ben = Picker(job.store, make_associate(job.store, name="Ben"), job.picker.pk)
    ben.claim()
    assert (ben.line.picked, ben.walk.totes) == (1, ["TOTE-0001"])


@pytest.mark.django_db
def test_who_holds_nothing_leaves_nothing(job: Job) -> None:
    boss = make_associate(job.store, role=Role.MANAGER, name="Mona")
    disable_associate(associate=make_associate(job.store, name="Ben"), by=boss, store=job.store)
    assert PickClaim.objects.get(ended_at=None).associate == job.picker.associate
    assert PickList.objects.get().state == PickList.State.PICKING
