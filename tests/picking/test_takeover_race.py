"""A lead takes a list over while a scan of its holder is on its way."""

from dataclasses import replace

import pytest
from django.db import transaction

from picking.actions import details, scan
from picking.actions.claims import hand_over_list
from picking.actions.supervise import lay_down_list, take_over_list
from picking.errors import ListLost, NotYourList
from picking.models import PickList
from stores.catalog.models import Item
from stores.journal.models import Event
from stores.refusals import Refusal
from stores.staff.models import Role
from tests.factories import change_items, make_associate
from tests.picking.conftest import start_job
from tests.picking.test_put_back_race import second_while_first_has_not_committed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def job():
    with transaction.atomic():
        job = start_job()
        job.picker.scan("TOTE-0001")
    return job


@pytest.fixture
def lead(job):
    return make_associate(job.store, role=Role.LEAD, name="Lena")


def scanned_during(job, change, code):
    """The refusal of a scan that found the list in its holder's hands, and waits for whoever changes that."""
    refused = []

    def send():
        try:
            with transaction.atomic():
                job.picker.scan(code)
        except Refusal as refusal:
            refused.append(refusal)

    second_while_first_has_not_committed(change, send)
    return refused


def take_over(job, lead):
    return lambda: take_over_list(store=job.store, pk=job.picker.pk, lead=lead, device=None)


def without_the_guard(**what):
    """As it was: by the number of the list alone."""

    def write(*, by, walk, **_facts):
        PickList.objects.filter(pk=walk.pk).update(**what)
        return replace(walk)

    return write


def test_the_bin_of_whoever_lost_the_list_is_not_the_next_ones(job, lead):
    [refusal] = scanned_during(job, take_over(job, lead), "A-01-1")
    assert type(refusal) is ListLost
    assert "Lena" in f"{refusal.headline} {refusal.detail}"
    assert PickList.objects.get().at_bin_id is None
    assert not Event.objects.filter(kind="picking.bin_scanned").exists()


def test_twin_by_the_number_alone_the_lead_stands_where_they_have_not_been(job, lead, monkeypatch):
    monkeypatch.setattr(scan, "stand_at", without_the_guard(at_bin=job.picker.line.bin_id))
    assert scanned_during(job, take_over(job, lead), "A-01-1") == []
    assert (PickList.objects.get().at_bin_id, job.picker.walk.holder_id) == (job.picker.line.bin_id, lead.pk)


def test_nor_is_the_unit_in_their_hand(job, lead):
    change_items(Item.objects.filter(pk=job.lantern.pk), is_serialised=True)
    with transaction.atomic():
        job.picker.scan("A-01-1")
    [refusal] = scanned_during(job, take_over(job, lead), job.gtin(job.lantern))
    assert type(refusal) is ListLost
    now = PickList.objects.get()
    assert (now.at_bin_id, now.asks_for_id, now.asked) == (None, None, {})


def test_twin_by_the_number_alone_the_lead_is_asked_for_it(job, lead, monkeypatch):
    change_items(Item.objects.filter(pk=job.lantern.pk), is_serialised=True)
    with transaction.atomic():
        job.picker.scan("A-01-1")
    monkeypatch.setattr(details, "ask_for", without_the_guard(asks_for=job.picker.line.pk))
    assert scanned_during(job, take_over(job, lead), job.gtin(job.lantern)) == []
    assert PickList.objects.get().asks_for_id is not None


def test_a_list_laid_down_meanwhile_is_nobodys(job, lead):
    [refusal] = scanned_during(
        job, lambda: lay_down_list(store=job.store, pk=job.picker.pk, lead=lead, device=None), "A-01-1"
    )
    assert type(refusal) is ListLost
    assert PickList.objects.get().at_bin_id is None


def test_a_list_passed_on_meanwhile_is_refused(job):
    ben = make_associate(job.store, name="Ben")
    [refusal] = scanned_during(
        job,
        lambda: hand_over_list(store=job.store, pk=job.picker.pk, associate=job.picker.associate, colleague=ben),
        "A-01-1",
    )
    assert type(refusal) is NotYourList
    assert PickList.objects.get().at_bin_id is None


def test_the_same_picker_with_another_device_stands_at_the_later_bin(job):
    elsewhere = job.picker.walk.lines[-1].bin_id
    refused = scanned_during(job, lambda: PickList.objects.update(at_bin=elsewhere), "A-01-1")
    assert refused == []
    assert PickList.objects.get().at_bin_id == job.picker.line.bin_id != elsewhere
