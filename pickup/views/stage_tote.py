"""One tote: where it should go, and after the scan where it went."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from picking.models import PickTote
from picking.queries.totes import tote_contents
from pickup.access import access_tote
from pickup.actions.stage_tote import Staging, stage_tote
from pickup.queries.meeting import other_totes
from pickup.queries.staging import staging_of, suggested_bin, tote_by_code
from pickup.views.parsing import posted_code
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.handheld.moments import posted_moment
from stores.handheld.screens import go_to, screen_response
from stores.refusals import Refusal
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role


@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    return _screen(request, pk)


@require_POST
@role_required(Role.ASSOCIATE)
def scan(request: StoreRequest, pk: int) -> HttpResponse:
    """The staging bin; once this tote is staged, the next tote."""
    if access_tote(store=request.store, pk=pk).emptied_at and (following := _next_tote(request)):
        return go_to(request, reverse("pickup:stage_tote", args=[following.pk]))

    def act() -> Band:
        staging = stage_tote(
            store=request.store,
            pk=pk,
            bin_code=posted_code(request),
            associate=request.user,
            device=request.device,
            at=posted_moment(request),
        )
        return staged_band(staging)

    answer = answer_form(request, act=act)
    return _screen(request, pk, answer.band, answer.status)


def _next_tote(request: StoreRequest) -> PickTote | None:
    try:
        return tote_by_code(request.store, posted_code(request))
    except Refusal:
        # Perhaps the scan that staged this tote, sent once more: its first answer is remembered.
        return None


def staged_band(staging: Staging) -> Band:
    order, bin = staging.staged_tote.fulfillment.order, staging.staged_tote.bin
    if staging.is_ready:
        return Band(
            "yes",
            _("Order {number} is ready").format(number=order.number),
            _("In {bin}. The customer is told, the label is printed.").format(bin=bin.code),
            sound="done",
        )
    left = ngettext("{n} more tote of order {number}.", "{n} more totes of order {number}.", staging.totes_left)
    return Band(
        "yes",
        _("Staged in {bin}").format(bin=bin.code),
        left.format(n=staging.totes_left, number=order.number),
    )


def _screen(request: StoreRequest, pk: int, band: Band | None = None, status: int = 200) -> HttpResponse:
    pick_tote = access_tote(store=request.store, pk=pk)
    fulfillment = pick_tote.part.fulfillment
    staged = staging_of(pick_tote) if pick_tote.emptied_at else None
    others = other_totes(fulfillment, but_not=pk)
    bags = fulfillment.staged_totes.count()
    return screen_response(
        request,
        template="pickup/stage_tote.html",
        context={
            "pick_tote": pick_tote,
            "fulfillment": fulfillment,
            "contents": tote_contents(pick_tote),
            "staged": staged,
            "is_own": staged is not None and staged.associate == request.user,
            "can_undo": staged is not None and staged.left_at is None and not hasattr(fulfillment, "handover"),
            "others": others,
            "bags": bags,
            "totes": bags + len(others) + (0 if pick_tote.emptied_at else 1),
            "suggested": None if staged else suggested_bin(store=request.store, fulfillment=fulfillment),
            "scan_url": reverse("pickup:stage_tote_scan", args=[pk]),
            "scan_prompt": _("Scan the next tote") if staged else _("Scan the bin"),
        },
        band=band,
        status=status,
    )
