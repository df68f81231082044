"""The manager's page of channels: what each sees of the stock, and how long it may hold."""

from dataclasses import asdict

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stores.catalog.views.answering import answered_page, desk_page, posted_line
from stores.handheld.answers import BandAnswer, answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.stock.actions.set_channel import (
    HOLD_MINUTES_MAX,
    KEPT_BACK_MAX,
    ChannelTerms,
    add_channel,
    set_channel,
)
from stores.stock.models import Channel
from stores.stock.queries.channels import channels_with_holds

TEMPLATE = "stock/channels.html"
DIGITS_MAX = 5


@require_GET
@role_required(Role.MANAGER)
def show(request: StoreRequest) -> HttpResponse:
    return desk_page(request, TEMPLATE, _context(request))


@require_POST
@role_required(Role.MANAGER)
def change(request: StoreRequest, code: str) -> HttpResponse:
    channel = get_object_or_404(Channel, code=code)

    def act() -> Band:
        reason = posted_line(request, "reason")
        if set_channel(pk=channel.pk, terms=_terms(request), reason=reason, associate=request.user):
            return Band("yes", channel.name, _("Changed. Carts that are held keep the time they were given."))
        return Band("look", channel.name, _("It is so already."))

    answer = answer_form(request, act=act)
    return answered_page(request, TEMPLATE, _context(request, code, answer), answer)


@require_POST
@role_required(Role.MANAGER)
def add(request: StoreRequest) -> HttpResponse:
    def act() -> Band:
        channel = add_channel(
            code=posted_line(request, "code").lower(),
            name=posted_line(request, "name"),
            terms=_terms(request),
            associate=request.user,
        )
        return Band("yes", channel.name, _("Added. A key of its own makes a shop sell by it."))

    answer = answer_form(request, act=act)
    return answered_page(request, TEMPLATE, _context(request, "", answer), answer)


def _terms(request: StoreRequest) -> ChannelTerms:
    return ChannelTerms(**{name: _number(request, name) for name in ("kept_back", "hold_minutes", "hold_minutes_max")})


def _number(request: StoreRequest, name: str) -> int:
    """What is no number is none that fits either."""
    text = posted_line(request, name, at_most=DIGITS_MAX)
    return int(text) if text.isascii() and text.isdigit() else -1


def _context(request: StoreRequest, code: str | None = None, answer: BandAnswer | None = None) -> dict[str, object]:
    # What was refused stays open, with what was typed.
    refused = answer is not None and answer.status != 200
    names = ("code", "name", "kept_back", "hold_minutes", "hold_minutes_max", "reason")
    return {
        "channels": channels_with_holds(request.store),
        "open_code": code if refused else None,
        "typed": {name: posted_line(request, name) for name in names} if refused else {},
        "usual": asdict(ChannelTerms(kept_back=0, hold_minutes=15, hold_minutes_max=60)),
        "kept_back_most": KEPT_BACK_MAX,
        "minutes_most": HOLD_MINUTES_MAX,
    }
