"""What is not there: the picker says so, and decides about what might be taken instead."""

from dataclasses import replace

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from picking.actions.turns.short_pick import Short, short_pick
from picking.actions.turns.take_substitute import decline_substitute, take_substitute
from picking.models import PickPlan, Shortage
from picking.queries.plans import plan_of
from picking.queries.substitutes import goes_to_another_store, offers, undecided
from picking.queries.walk import load_walk
from picking.views.forms import posted_line, posted_other, posted_quantity, posted_reason
from picking.views.walk import after_form
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.handheld.moments import posted_moment
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role


@require_POST
@role_required(Role.ASSOCIATE)
def mark_short(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        short = short_pick(
            store=request.store,
            pk=pk,
            line_pk=posted_line(request),
            quantity=posted_quantity(request),
            reason=posted_reason(request),
            other_item=posted_other(request),
            associate=request.user,
            device=request.device,
            key=f"short:{request.user.pk}:{request.POST['key']}",
            at=posted_moment(request),
        )
        band = _short_band(request, pk, short)
        return replace(band, detail=f"{band.detail} {_what_is_kept(short)}") if short.kept else band

    return after_form(request, pk, answer_form(request, act=act))


@require_POST
@role_required(Role.ASSOCIATE)
def take_instead(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        offer = take_substitute(
            store=request.store,
            pk=pk,
            shortage_pk=posted_line(request),
            associate=request.user,
            device=request.device,
            key=f"instead:{request.user.pk}:{request.POST['key']}",
        )
        title = _("{quantity} × {item}").format(quantity=offer.quantity, item=offer.item.name)
        return Band(tone="yes", title=title, detail=_("On your list, from {bin}.").format(bin=offer.bin_code))

    return after_form(request, pk, answer_form(request, act=act))


@require_POST
@role_required(Role.ASSOCIATE)
def leave_out(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        end = decline_substitute(
            store=request.store,
            pk=pk,
            shortage_pk=posted_line(request),
            associate=request.user,
            device=request.device,
            key=f"leave-out:{request.user.pk}:{request.POST['key']}",
        )
        return Band(tone="look", title=_("Left out"), detail=_what_follows(end))

    return after_form(request, pk, answer_form(request, act=act))


def _short_band(request: StoreRequest, pk: int, short: Short) -> Band:
    """What becomes of the units, as far as it is known at once."""
    if short.bins:
        following = load_walk(store=request.store, pk=pk).current
        is_next = following is not None and following.bin_code == short.bins[0]
        # Who stands at the bin is not sent to it.
        there = _("Take others from {bin}") if short.bins[0] == short.bin else _("Look in {bin}")
        title = (there if is_next else _("{bin} comes later")).format(bin=short.bins[0])
        words = ngettext("{n} should be there.", "{n} should be there.", short.elsewhere).format(n=short.elsewhere)
        if len(short.bins) > 1:
            words = _("{n} should be in {bins}.").format(n=short.elsewhere, bins=", ".join(short.bins))
        return Band(tone="look", title=title, detail=words)
    title = _("{quantity} marked as short").format(quantity=short.quantity)
    waiting = undecided(list_pk=pk)
    mine = waiting[-1:]
    if mine and goes_to_another_store(mine[0].fulfillment_line.fulfillment.order):
        return Band(tone="look", title=title, detail=_("Goes to another store."))
    if offers(store=request.store, shortages=mine):
        return Band(tone="look", title=title, detail=_("There is something to take instead."))
    cancels = plan_of(request.store).when_gone == PickPlan.WhenGone.CANCEL
    return Band(
        tone="look",
        title=title,
        detail=_what_follows(Shortage.End.CANCELLED if cancels else Shortage.End.BACKORDER),
    )


def _what_is_kept(short: Short) -> str:
    """Who reports a missing unit should know that the rest of the bin is not for sale meanwhile."""
    words = ngettext(
        "{n} is kept from sale until {bin} is counted.", "{n} are kept from sale until {bin} is counted.", short.kept
    )
    return words.format(n=short.kept, bin=short.bin)


def _what_follows(end: Shortage.End) -> str:
    if end == Shortage.End.CANCELLED:
        return _("It is cancelled with the end of the list, and the customer is told.")
    return _("The order waits for stock.")
