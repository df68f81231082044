"""Two release at once, two want a list whose picker went quiet, a lead takes over while its holder scans."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from picking.actions import waves
from picking.actions.claims import claim_list
from picking.actions.quiet import expire_quiet_claims
from picking.actions.supervise import take_over_list
from picking.actions.waves import release_by_hand, release_due
from picking.errors import ListLost, ListTaken
from picking.models import Method, PickClaim, PickList, PickPart, PickPlan, Wave
from picking.queries.waiting import waiting_orders
from picking.wave_errors import NothingWaits
from stores.orders.models import Fulfillment
from stores.staff.models import Role
from tests.factories import in_bin, make_associate, make_item, make_store, order_for, stock_up
from tests.picking.conftest import Picker, start_job
from tests.racing import at_once

RACES = 8

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    store = make_store()
    PickPlan.objects.create(store=store, at_once=False, at_orders=1, method=Method.BATCH)
    return store


def by_hand(store, lead):
    def work():
        try:
            with transaction.atomic(durable=True):
                return release_by_hand(store=store, orders=None, method=Method.SINGLE, associate=lead, device=None)[1]
        except NothingWaits:
            return 0

    return work


def test_two_leads_and_a_worker_release_each_order_once(store):
    item = make_item()
    stock_up(store, item, 500)
    leads = [make_associate(store, role=Role.LEAD, name=name) for name in ("Lena", "Max")]
    for _race in range(RACES):
        before = set(PickPart.objects.values_list("pk", flat=True))
        orders = [order_for(store, (item, 1)).fulfillments.get().pk for _order in range(5)]
        at_once(*(by_hand(store, lead) for lead in leads), lambda: release_due(store=store))
        parts = PickPart.objects.exclude(pk__in=before).values_list("fulfillment_id", flat=True)
        assert sorted(parts) == sorted(orders)


@pytest.mark.breaks_the_record
def test_twin_without_the_second_look_an_order_is_in_two_waves(store, monkeypatch):
    """What the first one locked is free again when it commits; the second one's statement had already read it."""
    item = make_item()
    stock_up(store, item, 500)
    leads = [make_associate(store, role=Role.LEAD, name=name) for name in ("Lena", "Max")]

    def one_look(of, orders):
        return list(waiting_orders(of).select_related("order"))

    monkeypatch.setattr(waves, "_lock_waiting", one_look)
    doubled = 0
    for _race in range(RACES):
        order_for(store, (item, 1))
        at_once(*(by_hand(store, lead) for lead in leads))
        doubled += sum(one.pick_parts.count() > 1 for one in Fulfillment.objects.all())
        if doubled:
            break
    assert doubled


def go_quiet():
    PickClaim.objects.filter(ended_at=None).update(seen_at=timezone.now() - timedelta(minutes=20))
    expire_quiet_claims()


def test_after_an_expiry_one_has_the_list_and_the_other_is_told_who():
    job = start_job()
    with transaction.atomic():
        job.picker.scan("TOTE-0001", "A-01-1")
    ben = make_associate(job.store, name="Ben")
    gtin = job.gtin(job.lantern)

    def claim():
        try:
            with transaction.atomic(durable=True):
                claim_list(store=job.store, pk=job.picker.pk, associate=ben)
        except ListTaken as refusal:
            return refusal.facts["by"]
        return "won"

    def scan():
        try:
            with transaction.atomic(durable=True):
                job.picker.scan("A-01-1", gtin)
        except ListLost as refusal:
            return refusal.headline.split()[0]
        except ListTaken as refusal:
            return refusal.facts["by"]
        return "won"

    for _race in range(RACES):
        go_quiet()
        before = in_bin(job.store, "TOTE-0001", job.lantern)
        bens, rosas = at_once(claim, scan)
        assert (bens, rosas) in {("won", "Ben"), ("Rosa", "won")}
        assert PickClaim.objects.filter(ended_at=None).count() == 1
        picked = in_bin(job.store, "TOTE-0001", job.lantern) - before
        assert picked == (rosas == "won")
        # It is Rosa again who goes quiet next.
        PickClaim.objects.filter(ended_at=None).update(ended_at=timezone.now(), end_reason="released")
        with transaction.atomic():
            job.picker.claim()
            if picked:
                job.picker.undo()


def test_a_lead_takes_over_during_a_scan_and_no_unit_is_lost_or_counted_twice():
    job = start_job(lanterns=5)
    with transaction.atomic():
        job.picker.scan("TOTE-0001", "A-01-1")
    lead = make_associate(job.store, role=Role.LEAD, name="Lena")
    gtin = job.gtin(job.lantern)

    def scan():
        try:
            with transaction.atomic(durable=True):
                job.picker.scan(gtin)
        except ListLost as refusal:
            return refusal.headline.split()[0]
        return "picked"

    def take():
        with transaction.atomic(durable=True):
            take_over_list(store=job.store, pk=job.picker.pk, lead=lead, device=None)
        return "taken"

    scanned, _taken = at_once(scan, take)
    assert scanned in {"picked", "Lena"}
    units = in_bin(job.store, "TOTE-0001", job.lantern)
    assert units == (scanned == "picked")
    with transaction.atomic():
        Picker(job.store, lead, job.picker.pk).scan("A-01-1", gtin)
    assert in_bin(job.store, "TOTE-0001", job.lantern) == units + 1
    assert PickList.objects.get().claims.filter(ended_at=None).get().associate == lead
    assert Wave.objects.count() == 1
