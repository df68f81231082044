"""Handing an order over: one screen, whose step follows from what is done already."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from pickup.actions.check_age import check_age
from pickup.actions.check_bag import check_bag
from pickup.actions.check_identity import check_code
from pickup.actions.claim_arrival import claim_arrival, take_over_arrival
from pickup.actions.hand_over import hand_over
from pickup.codes import CODE_DIGITS, is_pickup_code, read_customer_code
from pickup.errors import ToteEmpty, UnknownOrder
from pickup.queries.board import WAIT_LOOK_SECONDS, WAIT_NO_SECONDS
from pickup.queries.find import fulfillment_by_code, is_tote
from pickup.queries.handover import Step, load_handover
from pickup.queries.substitutes import substitutes_given
from pickup.views.parsing import posted_code
from stores.handheld.answers import answer_form, refusal_band
from stores.handheld.bands import Band
from stores.handheld.screens import go_to, screen_response
from stores.refusals import Refusal
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

# The associate has the bags, and the customer stands there.
IN_HAND = (Step.FETCH, Step.CODE, Step.AGE, Step.GIVE)


@require_GET
@role_required(Role.ASSOCIATE)
def start(request: StoreRequest) -> HttpResponse:
    """For a customer who simply stands there."""
    return _start_screen(request)


@require_POST
@role_required(Role.ASSOCIATE)
def find(request: StoreRequest) -> HttpResponse:
    """A bag's label, a customer's screen, an order number or a tote leads to its order; nothing is written."""
    try:
        code = posted_code(request)
        found = fulfillment_by_code(request.store, code)
        if found is None:
            raise ToteEmpty(tote=code) if is_tote(request.store, code) else UnknownOrder(code=code)
    except Refusal as refusal:
        return _start_screen(request, refusal_band(refusal), refusal.status)
    return go_to(request, reverse("pickup:handover", args=[found]))


@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    return handover_screen(request, pk)


@require_POST
@role_required(Role.ASSOCIATE)
def claim(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        claim_arrival(store=request.store, pk=pk, associate=request.user, device=request.device)
        return Band("yes", _("You are on it"))

    return _acted(request, pk, act)


@require_POST
@role_required(Role.ASSOCIATE)
def take_over(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        take_over_arrival(store=request.store, pk=pk, associate=request.user, device=request.device)
        return Band("yes", _("You are on it now"))

    return _acted(request, pk, act)


@require_POST
@role_required(Role.ASSOCIATE)
def scan(request: StoreRequest, pk: int) -> HttpResponse:
    """A bag's label, or the pickup code from the keypad or the customer's screen, in any order."""

    def act() -> Band:
        code = posted_code(request)
        view = load_handover(store=request.store, pk=pk, associate=request.user)
        if view.step is Step.CLAIM:
            # Whoever scans an order that nobody serves is on it; a wrong scan undoes this too.
            claim_arrival(store=request.store, pk=pk, associate=request.user, device=request.device)
        is_identity = read_customer_code(code) or (is_pickup_code(code) and code != view.number.upper().lstrip("#"))
        return _code(request, pk, code) if is_identity or not view.bags_left else _bag(request, pk, code)

    return _acted(request, pk, act)


@require_POST
@role_required(Role.ASSOCIATE)
def finish(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        hand_over(store=request.store, pk=pk, associate=request.user, device=request.device)
        return Band("yes", _("Handed over"), sound="done")

    return _acted(request, pk, act)


@require_POST
@role_required(Role.ASSOCIATE)
def age(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        check_age(store=request.store, pk=pk, associate=request.user, device=request.device)
        return Band("yes", _("Age checked"))

    return _acted(request, pk, act)


def _bag(request: StoreRequest, pk: int, code: str) -> Band:
    bag = check_bag(store=request.store, pk=pk, code=code, associate=request.user, device=request.device)
    left = load_handover(store=request.store, pk=pk, associate=request.user).bags_left
    if not left:
        return Band("yes", _("Bag {bag} is right").format(bag=bag.bag), _("Now the pickup code."))
    more = ngettext("{n} more bag, in {bin}.", "{n} more bags, the next in {bin}.", len(left))
    return Band("yes", _("Bag {bag} is right").format(bag=bag.bag), more.format(n=len(left), bin=left[0].bin.code))


def _code(request: StoreRequest, pk: int, code: str) -> Band:
    check = check_code(store=request.store, pk=pk, code=code, associate=request.user, device=request.device)
    if check.is_right:
        return Band("yes", _("Right code"), _("This is the customer."))
    if check.tries_left:
        tries = ngettext("{n} try left.", "{n} tries left.", check.tries_left).format(n=check.tries_left)
        return Band("no", _("Wrong code"), _("Ask again, or look at the customer's screen.") + " " + tries)
    return Band("no", _("Wrong code, too often"), _("A lead must check who this is."))


def _acted(request: StoreRequest, pk: int, act: Callable[[], Band]) -> HttpResponse:
    answer = answer_form(request, act=act)
    return handover_screen(request, pk, answer.band, answer.status)


def handover_screen(request: StoreRequest, pk: int, band: Band | None = None, status: int = 200) -> HttpResponse:
    """The order at the counter, at the step it stands at now."""
    view = load_handover(store=request.store, pk=pk, associate=request.user)
    return screen_response(
        request,
        template="pickup/handover.html",
        context={
            "view": view,
            "substitutes": substitutes_given(view.fulfillment) if view.step in IN_HAND else [],
            "step": view.step.value,
            "next_bag": next(iter(view.bags_left), None),
            "look_seconds": WAIT_LOOK_SECONDS,
            "no_seconds": WAIT_NO_SECONDS,
            "digits": CODE_DIGITS,
            "scan_url": "" if view.step is Step.GONE else reverse("pickup:handover_scan", args=[pk]),
            "scan_prompt": _prompt(view.step),
        },
        band=band,
        status=status,
    )


def _prompt(step: Step) -> str:
    return {
        Step.CLAIM: _("Scan the bag's label"),
        Step.FETCH: _("Scan the bag's label"),
        Step.CODE: _("Scan the code"),
    }.get(step, _("Scan bag or code"))


def _start_screen(request: StoreRequest, band: Band | None = None, status: int = 200) -> HttpResponse:
    context = {"scan_url": reverse("pickup:handover_find"), "scan_prompt": _("Scan bag or code")}
    return screen_response(request, template="pickup/handover_start.html", context=context, band=band, status=status)
