"""Pickup on the home screen."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from picking.models import PickTote
from pickup.models import Arrival
from pickup.queries.board import WAIT_LOOK_SECONDS, WAIT_NO_SECONDS, waiting_here
from pickup.queries.staging import TOTES_SHOWN_MAX, totes_waiting
from pickup.texts import spot_of
from stores.handheld.hooks import HomeSection, WorkItem
from stores.refusals import Tone
from stores.staff.http import StoreRequest

ARRIVALS_SHOWN_MAX = 20


def customers_here(request: StoreRequest) -> HomeSection:
    """Waiting customers: mine, then those that nobody serves, then my colleagues'."""
    items = [_customer(arrival, request) for arrival in waiting_here(request.store)[:ARRIVALS_SHOWN_MAX]]
    return HomeSection(title=gettext_lazy("Here now"), items=items, order=0, in_person=True)


def totes_to_stage(request: StoreRequest) -> HomeSection:
    items = [_tote(tote) for tote in totes_waiting(request.store)[:TOTES_SHOWN_MAX]]
    return HomeSection(title=gettext_lazy("To stage"), items=items, order=10)


def _customer(arrival: Arrival, request: StoreRequest) -> WorkItem:
    contact = arrival.fulfillment.order.contact
    mine = arrival.claimed_by == request.user
    label = _("Yours, go on") if mine else arrival.claimed_by.name if arrival.claimed_by else ""
    here_at = arrival.here_at or timezone.now()
    return WorkItem(
        title=spot_of(arrival),
        detail=" · ".join(filter(None, [contact.short_name, arrival.fulfillment.order.number, arrival.car])),
        url=reverse("pickup:handover", args=[arrival.fulfillment_id]),
        # Until then a customer is served in time.
        due_at=here_at + timedelta(seconds=WAIT_NO_SECONDS),
        tone="yes" if mine else _tone((timezone.now() - here_at).total_seconds()),
        label=label,
        taken=bool(arrival.claimed_by) and not mine,
        mine=mine,
    )


def _tone(seconds: float) -> Tone | None:
    if seconds >= WAIT_NO_SECONDS:
        return "no"
    return "look" if seconds >= WAIT_LOOK_SECONDS else None


def _tote(pick_tote: PickTote) -> WorkItem:
    fulfillment = pick_tote.part.fulfillment
    return WorkItem(
        title=pick_tote.tote.code,
        detail=_("Order {number}").format(number=fulfillment.order.number),
        url=reverse("pickup:stage_tote", args=[pick_tote.pk]),
        due_at=fulfillment.promised_at,
    )
