"""A lead says who the customer is, with their own badge and PIN."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from pickup.actions.check_identity import REASON_LENGTH_MAX, vouch_as_lead
from pickup.queries.handover import load_handover
from stores.handheld.answers import answer_form, refusal_band
from stores.handheld.bands import Band
from stores.handheld.screens import go_to
from stores.refusals import Refusal
from stores.staff.access import role_required
from stores.staff.actions.approve import approve_as_lead
from stores.staff.http import StoreRequest
from stores.staff.models import Role


@never_cache
@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@require_POST
@role_required(Role.ASSOCIATE)
def vouch(request: StoreRequest, pk: int) -> HttpResponse:
    load_handover(store=request.store, pk=pk, associate=request.user)
    try:
        # Before the transaction of the deed: a wrong PIN must count even when the deed is undone.
        lead = approve_as_lead(
            store=request.store,
            badge=request.POST.get("badge", ""),
            pin=request.POST.get("pin", ""),
            device=request.device,
        )
    except Refusal as refusal:
        return _page(request, pk, refusal_band(refusal), refusal.status)

    def act() -> Band:
        vouch_as_lead(
            store=request.store,
            pk=pk,
            lead=lead,
            reason=request.POST.get("reason", ""),
            associate=request.user,
            device=request.device,
        )
        return Band("yes", _("{name} vouches for the customer").format(name=lead.name))

    answer = answer_form(request, act=act)
    if answer.status == 200:
        return go_to(request, reverse("pickup:handover", args=[pk]))
    return _page(request, pk, answer.band, answer.status)


def _page(request: StoreRequest, pk: int, band: Band | None = None, status: int = 200) -> HttpResponse:
    context = {
        "view": load_handover(store=request.store, pk=pk, associate=request.user),
        "reason": request.POST.get("reason", ""),
        "reason_length_max": REASON_LENGTH_MAX,
        "band": band,
    }
    return render(request, "pickup/vouch.html", context, status=status)
