"""The list of full totes, and the way into staging one."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pickup.actions.undo_staging import undo_staging
from pickup.queries.meeting import early_totes
from pickup.queries.staging import TOTES_SHOWN_MAX, last_staging, tote_by_code, totes_waiting
from pickup.views.parsing import posted_code
from stores.handheld.answers import answer_form, refusal_band
from stores.handheld.bands import Band
from stores.handheld.screens import go_to, screen_response
from stores.orders.errors import NotHere
from stores.refusals import Refusal
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role


@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest) -> HttpResponse:
    return stage_screen(request)


@require_POST
@role_required(Role.ASSOCIATE)
def scan(request: StoreRequest) -> HttpResponse:
    """A scanned tote leads to its own screen; nothing is written."""
    try:
        tote = tote_by_code(request.store, posted_code(request))
    except Refusal as refusal:
        return stage_screen(request, refusal_band(refusal), refusal.status)
    return go_to(request, reverse("pickup:stage_tote", args=[tote.pk]))


@require_POST
@role_required(Role.ASSOCIATE)
def undo(request: StoreRequest) -> HttpResponse:
    chosen = request.POST.get("staging", "")

    def act() -> Band:
        if not chosen.isdecimal() or len(chosen) > 18:
            raise NotHere
        undone = undo_staging(store=request.store, pk=int(chosen), associate=request.user, device=request.device)
        return Band(
            "look",
            _("Undone: put it back into {tote}").format(tote=undone.tote.code),
            _("Take it out of {bin}.").format(bin=undone.bin.code),
        )

    answer = answer_form(request, act=act)
    return stage_screen(request, answer.band, answer.status)


def stage_screen(request: StoreRequest, band: Band | None = None, status: int = 200) -> HttpResponse:
    return screen_response(
        request,
        template="pickup/stage.html",
        context={
            "totes": totes_waiting(request.store)[:TOTES_SHOWN_MAX],
            "early": early_totes(request.store),
            "last": last_staging(store=request.store, associate=request.user),
            "scan_url": reverse("pickup:stage_scan"),
            "scan_prompt": _("Scan a tote"),
        },
        band=band,
        status=status,
    )
