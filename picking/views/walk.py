"""The pick screen: one list, line by line, along its path."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from picking.actions.breaks import end_break
from picking.actions.by import By
from picking.actions.claims import claim_list
from picking.actions.details import line_asked_about
from picking.actions.finish_list import finish_list
from picking.actions.scan import finished_band, pick_quantity, scan
from picking.actions.turns.redirect_line import other_bins
from picking.actions.undo import undo_last
from picking.addresses import walk_addresses
from picking.details import ASKS, BRIEF, Details
from picking.models import Shortage
from picking.queries.bins import Candidate
from picking.queries.claims import Lost
from picking.queries.substitutes import Offer, offers, undecided
from picking.queries.walk import Walk, load_walk
from picking.queries.work import lists_held
from picking.texts import PROMPTS
from picking.views.forms import posted_code, posted_line, posted_quantity
from picking.views.standing import same_stop, standing
from picking.views.words import walk_words
from stores.handheld.answers import BandAnswer, answer_form
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
    walk = load_walk(store=request.store, pk=pk)
    begun = "begun" in request.GET and walk.holder_id == request.user.pk
    return _screen(request, walk, _paused_band(request, pk) if begun else None)


def _paused_band(request: StoreRequest, pk: int) -> Band | None:
    """Nobody should wonder where the list went that was in their hands before this one."""
    paused = lists_held(request.store, request.user, but_not=pk)
    if not paused:
        return None
    numbers = ", ".join(str(number) for number in paused)
    title = ngettext("List {numbers} is paused", "Lists {numbers} are paused", len(paused)).format(numbers=numbers)
    return Band(tone="look", title=title, detail=_("You find it on the home screen."))


@require_POST
@role_required(Role.ASSOCIATE)
def start(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        claim_list(store=request.store, pk=pk, associate=request.user, device=request.device)
        return Band(tone="yes", title=_("This list is yours"))

    answer = answer_form(request, act=act)
    if answer.status != 200:
        return after_form(request, pk, answer)
    # A page of its own: the scan bar lies outside of what a tap swaps.
    return go_to(request, begun_address(request, pk))


def begun_address(request: StoreRequest, pk: int) -> str:
    """Where a list that was just begun is walked; where others were paused by that, the page is to say so."""
    address = reverse("picking:walk", args=[pk])
    return f"{address}?begun=1" if lists_held(request.store, request.user, but_not=pk) else address


@require_POST
@role_required(Role.ASSOCIATE)
def scan_code(request: StoreRequest, pk: int) -> HttpResponse:
    def step(walk: Walk, key: str) -> tuple[Walk, Band]:
        return scan(
            store=request.store,
            walk=walk,
            raw=posted_code(request),
            associate=request.user,
            device=request.device,
            key=key,
            at=posted_moment(request),
        )

    return _walk_on(request, pk, step)


@require_POST
@role_required(Role.ASSOCIATE)
def enter_quantity(request: StoreRequest, pk: int) -> HttpResponse:
    def step(walk: Walk, key: str) -> tuple[Walk, Band]:
        return pick_quantity(
            store=request.store,
            walk=walk,
            line_pk=posted_line(request),
            quantity=posted_quantity(request),
            associate=request.user,
            device=request.device,
            key=key,
            at=posted_moment(request),
        )

    return _walk_on(request, pk, step)


@require_POST
@role_required(Role.ASSOCIATE)
def undo(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        by = By(
            store=request.store,
            associate=request.user,
            device=request.device,
            key=request.POST["key"],
            at=posted_moment(request),
        )
        return undo_last(by=by, walk=load_walk(store=request.store, pk=pk))

    return after_form(request, pk, answer_form(request, act=act))


@require_POST
@role_required(Role.ASSOCIATE)
def finish(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        finish_list(
            store=request.store, pk=pk, associate=request.user, device=request.device, at=posted_moment(request)
        )
        return finished_band(load_walk(store=request.store, pk=pk))

    return after_form(request, pk, answer_form(request, act=act))


def _walk_on(request: StoreRequest, pk: int, step: Callable[[Walk, str], tuple[Walk, Band]]) -> HttpResponse:
    """One scan: the list is read once, and the screen is drawn from what the scan made of it."""
    drawn: list[Walk] = []

    def act() -> Band:
        drawn.clear()
        walk, band = step(load_walk(store=request.store, pk=pk), request.POST["key"])
        drawn.append(walk)
        return band

    answer = answer_form(request, act=act)
    if answer.status != 200 or answer.repeated or not drawn:
        return after_form(request, pk, answer)
    return _screen(request, drawn[0], answer.band)


def after_form(request: StoreRequest, pk: int, answer: BandAnswer) -> HttpResponse:
    """The list as it stands after a form."""
    walk = load_walk(store=request.store, pk=pk)
    if walk.on_break_since and walk.holder_id == request.user.pk and answer.status != 200 and not answer.repeated:
        walk = _back_from_break(request, walk)
    return _screen(request, walk, answer.band, answer.status)


def _back_from_break(request: StoreRequest, walk: Walk) -> Walk:
    """Whoever scans is back, also by a scan that is refused: what it wrote, the break's end too, went with it."""
    try:
        with transaction.atomic():
            end_break(store=request.store, pk=walk.pk, associate=request.user, device=request.device)
    except Refusal:
        # Over, or in other hands, since it was read.
        pass
    return load_walk(store=request.store, pk=walk.pk)


def _screen(request: StoreRequest, walk: Walk, band: Band | None = None, status: int = 200) -> HttpResponse:
    if band and band.code:
        # The search leads back to this list.
        query = urlencode({"q": band.code, "next": reverse("picking:walk", args=[walk.pk])})
        band = replace(band, action_label=_("Search"), action_url=f"{reverse('stock:items')}?{query}")
    asking = line_asked_about(walk)
    line = asking or walk.current
    following = walk.following(line) if line else None
    missing = Details.from_json(walk.asked).missing(asking.needs) if asking else []
    mine = walk.holder_id == request.user.pk
    step = _step(request, walk, mine)
    around = standing(request, walk, step)
    lost = around.get("lost")
    # Who lost the list by silence alone goes on by a scan.
    goes_on = mine or (isinstance(lost, Lost) and lost.may_go_on)
    offer = _offer(request, walk) if mine and not walk.ended else None
    return screen_response(
        request,
        template="picking/walk.html",
        context={
            "walk": walk,
            "to": walk_addresses(walk.pk),
            "line": line,
            "photo": reverse("catalog:picture", args=[line.picture]) if line and line.picture else "",
            "part": walk.part_of(line) if line else None,
            "following": following,
            "words": walk_words(walk, line, following),
            "mine": mine,
            "there": line is not None and walk.at_bin_of(line),
            "step": step,
            "scan_url": _scan_url(walk, goes_on=goes_on),
            "scan_prompt": BRIEF[missing[0]] if step == "detail" else PROMPTS.get(step, ""),
            "question": ASKS[missing[0]] if missing else "",
            "asks": missing[0] if missing else "",
            "known": Details.from_json(walk.asked) if asking else None,
            "offer": offer,
            "bins": _other_bins(request, walk, step),
            "short_reasons": Shortage.Reason.choices,
            "stop": same_stop(walk, line),
            **around,
        },
        band=band,
        status=status,
    )


def _scan_url(walk: Walk, *, goes_on: bool) -> str:
    """After the walk the next thing to scan is a full tote at staging."""
    if walk.ended:
        return reverse("pickup:stage_scan") if walk.totes_to_stage else ""
    return walk_addresses(walk.pk).scan if goes_on else ""


def _offer(request: StoreRequest, walk: Walk) -> Offer | None:
    """What may be taken for units that were short; asked for only while something of the list is undecided."""
    if not any(line.undecided for line in walk.lines):
        return None
    return next(iter(offers(store=request.store, shortages=undecided(list_pk=walk.pk))), None)


def _other_bins(request: StoreRequest, walk: Walk, step: str) -> list[Candidate] | None:
    """Where else sought units may lie; None for a line that is where the record always had it."""
    line = walk.current
    if line is None or step not in {"bin", "item"} or not walk.is_sought(line):
        return None
    return other_bins(store=request.store, walk=walk, line=line)


def _step(request: StoreRequest, walk: Walk, mine: bool) -> str:
    if walk.ended:
        return "ended"
    if not mine:
        return "taken" if walk.holder_id else "start"
    if walk.on_break_since:
        return "break"
    if walk.current is None:
        return "finish"
    if walk.tote_wanted is not None:
        return "tote"
    if line_asked_about(walk) is not None:
        return "detail"
    if request.store.bin_scan_required and not walk.at_bin_of(walk.current):
        return "bin"
    return "item"
