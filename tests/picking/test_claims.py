"""Who holds a list: silence, breaks, leads, and what the one who lost it is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from picking.actions.breaks import end_break, take_break
from picking.actions.claims import claim_list
from picking.actions.next_list import claim_next_list
from picking.actions.quiet import expire_quiet_claims
from picking.actions.supervise import lay_down_list, reassign_list, take_over_list
from picking.errors import BinFirst, ListDoneBy, ListEnded, ListLost, ListTaken, NoListFree, NotOnABreak, NotYourList
from picking.models import PickClaim, PickList, PickPlan
from picking.queries.work import open_list
from picking.wave_errors import NobodyHolds
from stores.journal.models import Event
from stores.orders.errors import NotHere
from stores.staff.models import Role
from tests.factories import in_bin, make_associate, make_store, order_for, stock_up
from tests.picking.conftest import Picker

pytestmark = pytest.mark.django_db


@pytest.fixture
def picker(job):
    job.picker.scan("TOTE-0001", "A-01-1")
    return job.picker


@pytest.fixture
def ben(job):
    return Picker(job.store, make_associate(job.store, name="Ben"), job.picker.pk)


@pytest.fixture
def lead(job):
    return make_associate(job.store, role=Role.LEAD, name="Lena")


def silent(minutes, **fields):
    then = timezone.now() - timedelta(minutes=minutes)
    PickClaim.objects.filter(ended_at=None).update(seen_at=then, **fields)


def holder(pk):
    return PickClaim.objects.filter(pick_list=pk, ended_at=None).values_list("associate__name", flat=True).first()


def test_a_quiet_picker_loses_the_list_and_it_is_written_down(job, picker):
    silent(14)
    assert expire_quiet_claims() == 0
    silent(16)
    assert expire_quiet_claims() == 1
    claim = PickClaim.objects.get()
    assert claim.end_reason == "quiet"
    event = Event.objects.get(kind="picking.list_lapsed")
    assert event.data == {"holder": picker.associate.pk, "reason": "quiet"}
    assert PickList.objects.get().state == PickList.State.PICKING
    assert expire_quiet_claims() == 0


def test_the_stores_plan_says_how_long(job, picker):
    PickPlan.objects.create(store=job.store, claim_minutes=60)
    silent(59)
    assert expire_quiet_claims() == 0
    silent(61)
    assert expire_quiet_claims() == 1


def test_the_former_holder_goes_on_by_a_scan_as_long_as_nobody_has_it(job, picker):
    silent(16)
    expire_quiet_claims()
    picker.scan(job.gtin(job.lantern))
    assert holder(picker.pk) == "Rosa"
    assert in_bin(job.store, "TOTE-0001", job.lantern) == 1
    assert PickClaim.objects.count() == 2


def test_taps_take_it_up_again_too(job, picker):
    picker.scan(job.gtin(job.lantern))
    silent(16)
    expire_quiet_claims()
    picker.undo()
    assert holder(picker.pk) == "Rosa"
    assert in_bin(job.store, "TOTE-0001", job.lantern) == 0


def test_when_somebody_else_has_it_the_former_holder_is_told_who(job, picker, ben):
    silent(16)
    expire_quiet_claims()
    ben.claim()
    with pytest.raises(ListLost) as refusal:
        picker.scan(job.gtin(job.lantern))
    at = job.store.local(PickClaim.objects.latest("pk").claimed_at)
    assert refusal.value.headline.startswith("Ben took it over at ")
    assert f"{at.minute:02}" in refusal.value.headline
    assert refusal.value.detail == "You were quiet for 16 minutes. Leave your totes to Ben."
    assert in_bin(job.store, "TOTE-0001", job.lantern) == 0
    with pytest.raises(ListLost):
        picker.undo()


def test_when_somebody_else_has_finished_it_the_former_holder_is_told_who(job, picker, ben):
    silent(16)
    expire_quiet_claims()
    ben.claim()
    ben.scan("A-01-1", job.gtin(job.lantern), job.gtin(job.lantern), "A-03-2", job.gtin(job.hanger))
    ben.finish()
    with pytest.raises(ListDoneBy) as refusal:
        picker.scan(job.gtin(job.lantern))
    assert refusal.value.headline == "Ben finished this list"
    assert refusal.value.detail == "What you still have in hand goes back to its shelf."
    assert in_bin(job.store, "TOTE-0001", job.lantern) == 2
    # So do the taps that a handheld out of reach kept for later.
    for tap in (picker.undo, picker.finish):
        with pytest.raises(ListDoneBy) as tapped:
            tap()
        assert tapped.value.headline == "Ben finished this list"
    with pytest.raises(ListEnded) as own:
        ben.scan(job.gtin(job.lantern))
    assert own.value.headline == "This list is picked"


def test_whoever_never_had_it_does_not_take_it_up_by_a_scan(job, picker, ben):
    silent(16)
    expire_quiet_claims()
    with pytest.raises(NotYourList):
        ben.scan(job.gtin(job.lantern))
    assert holder(picker.pk) is None


def test_a_scan_is_a_sign_of_life_once_a_minute(job, picker, django_assert_num_queries):
    silent(14)
    picker.scan(job.gtin(job.lantern))
    seen = PickClaim.objects.get().seen_at
    assert timezone.now() - seen < timedelta(minutes=1)
    picker.scan(job.gtin(job.lantern))
    assert PickClaim.objects.get().seen_at == seen


def test_a_break_keeps_the_list_and_a_scan_ends_it(job, picker):
    take_break(store=job.store, pk=picker.pk, associate=picker.associate, device=None)
    silent(40)
    assert expire_quiet_claims() == 0
    assert picker.walk.on_break_since is not None
    picker.scan(job.gtin(job.lantern))
    assert picker.walk.on_break_since is None
    assert list(Event.objects.filter(kind__in=["picking.list_paused", "picking.list_resumed"]).values_list("kind")) == [
        ("picking.list_paused",),
        ("picking.list_resumed",),
    ]


def test_a_break_that_lasts_too_long_ends_the_claim(job, picker):
    take_break(store=job.store, pk=picker.pk, associate=picker.associate, device=None)
    silent(46, on_break_since=timezone.now() - timedelta(minutes=46))
    assert expire_quiet_claims() == 1
    assert PickClaim.objects.get().end_reason == "break_over"
    picker.scan(job.gtin(job.lantern))
    assert holder(picker.pk) == "Rosa"


def test_going_on_after_a_break(job, picker):
    with pytest.raises(NotOnABreak):
        end_break(store=job.store, pk=picker.pk, associate=picker.associate, device=None)
    take_break(store=job.store, pk=picker.pk, associate=picker.associate, device=None)
    end_break(store=job.store, pk=picker.pk, associate=picker.associate, device=None)
    assert picker.walk.on_break_since is None


def test_a_lead_takes_over_and_the_picker_is_told(job, picker, lead):
    take_over_list(store=job.store, pk=picker.pk, lead=lead, device=None)
    assert holder(picker.pk) == "Lena"
    with pytest.raises(ListLost) as refusal:
        picker.scan(job.gtin(job.lantern))
    assert refusal.value.headline.startswith("Lena took it over at ")
    taken = Picker(job.store, lead, picker.pk)
    # Where Rosa stood is not where Lena stands.
    with pytest.raises(BinFirst):
        taken.scan(job.gtin(job.lantern))
    taken.scan("A-01-1", job.gtin(job.lantern))
    assert in_bin(job.store, "TOTE-0001", job.lantern) == 1


def test_a_lead_reassigns(job, picker, ben, lead):
    reassign_list(store=job.store, pk=picker.pk, lead=lead, colleague=ben.associate, device=None)
    with pytest.raises(ListLost) as refusal:
        picker.scan(job.gtin(job.lantern))
    assert refusal.value.headline.startswith("Lena gave it to Ben at ")
    ben.scan("A-01-1", job.gtin(job.lantern))
    event = Event.objects.get(kind="picking.list_taken_from")
    assert (event.actor, event.data["holder"], event.data["to"]) == (lead, picker.associate.pk, ben.associate.pk)


def test_a_lead_lays_down_and_silence_is_no_excuse(job, picker, ben, lead):
    lay_down_list(store=job.store, pk=picker.pk, lead=lead, device=None)
    assert holder(picker.pk) is None
    with pytest.raises(ListLost) as refusal:
        picker.scan(job.gtin(job.lantern))
    assert refusal.value.headline.startswith("Lena gave it back at ")
    assert refusal.value.detail == "Anybody may start it again."
    with pytest.raises(NobodyHolds) as twice:
        lay_down_list(store=job.store, pk=picker.pk, lead=lead, device=None)
    assert twice.value.headline == f"Nobody has list {picker.pk}"
    ben.claim()
    with pytest.raises(ListTaken):
        picker.claim()


def test_a_lead_gives_out_a_list_nobody_has_begun(job, ben, lead):
    order_for(job.store, (job.lantern, 1))
    fresh = PickList.objects.latest("pk")
    reassign_list(store=job.store, pk=fresh.pk, lead=lead, colleague=ben.associate, device=None)
    fresh.refresh_from_db()
    assert (fresh.state, holder(fresh.pk)) == (PickList.State.PICKING, "Ben")


def test_a_list_of_another_store_or_one_that_has_ended_stays(job, picker, lead):
    with pytest.raises(NotHere):
        take_over_list(store=make_store(), pk=picker.pk, lead=lead, device=None)
    picker.scan(job.gtin(job.lantern), job.gtin(job.lantern), "A-03-2", job.gtin(job.hanger), "TOTE-0001")
    with pytest.raises(ListEnded):
        take_over_list(store=job.store, pk=picker.pk, lead=lead, device=None)


def test_starting_a_second_list_pauses_the_first(job, picker):
    order_for(job.store, (job.lantern, 1))
    second = PickList.objects.latest("pk")
    claim_list(store=job.store, pk=second.pk, associate=picker.associate)
    assert picker.walk.on_break_since is not None
    picker.scan(job.gtin(job.lantern))
    assert picker.walk.on_break_since is None
    assert holder(second.pk) == holder(picker.pk) == "Rosa"


def test_the_next_list_is_what_i_began_then_express_then_the_soonest(job, picker, ben):
    order_for(job.store, (job.lantern, 1))
    order_for(job.store, (job.lantern, 1), is_express=True)
    plain, express = PickList.objects.exclude(pk=picker.pk).order_by("pk")

    def following(associate):
        return claim_next_list(store=job.store, associate=associate, device=None).pk

    assert following(picker.associate) == picker.pk
    assert following(ben.associate) == express.pk
    kim = make_associate(job.store, name="Kim")
    assert following(kim) == plain.pk
    with pytest.raises(NoListFree):
        following(make_associate(job.store, name="Lou"))


def test_a_short_adds_no_line_to_the_count_and_every_place_counts_alike(job, picker):
    def counted():
        walk, listed = picker.walk, open_list(job.store, picker.pk)
        assert (walk.lines_done, walk.lines_wanted) == (listed.lines_done, listed.lines)
        return walk.lines_done, walk.lines_wanted

    stock_up(job.store, job.lantern, 1, "B-01-1")
    picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern))
    assert counted() == (0, 2)
    # One of the two lanterns is to be taken from another bin: the line is one line all the same.
    assert picker.short(1) == 1
    assert len(picker.walk.lines) == 3
    assert counted() == (0, 2)
