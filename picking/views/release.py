"""Releasing a wave by hand: which orders, and in which shape."""

from django.http import HttpResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from picking.actions.foresee import foresee_waves
from picking.actions.waves import release_by_hand
from picking.models import Method
from picking.queries.board import load_unreleased
from picking.wave_errors import ChooseMethod, ChooseOrders
from stores.catalog.views.answering import answered_page, desk_page
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

TEMPLATE = "picking/release.html"
PICKERS_MAX = 50
# The most urgent of them: a form has at most 200 fields (settings), and nobody reads on.
LISTED_MAX = 100
DIGITS_MAX = 18


@require_http_methods(["GET", "POST"])
@role_required(Role.LEAD)
def show_or_release(request: StoreRequest) -> HttpResponse:
    if request.method != "POST":
        return desk_page(request, TEMPLATE, _context(request, request.GET.get("pickers", "")))
    everything = request.POST.get("which") == "all"
    chosen = {int(text) for text in request.POST.getlist("order") if _is_number(text)}

    def act() -> Band:
        method = request.POST.get("method", "")
        if method not in Method.values:
            raise ChooseMethod
        if not everything and not chosen:
            raise ChooseOrders
        wave, orders = release_by_hand(
            store=request.store,
            orders=None if everything else chosen,
            method=Method(method),
            associate=request.user,
            device=request.device,
        )
        title = ngettext("{n} order released", "{n} orders released", orders).format(n=orders)
        lists = wave.lists.count()
        detail = ngettext("{n} list for the pickers.", "{n} lists for the pickers.", lists).format(n=lists)
        gone = 0 if everything else len(chosen) - orders
        if gone:
            missed = ngettext("{n} was released or cancelled before.", "{n} were released or cancelled before.", gone)
            return Band("look", title, f"{detail} {missed.format(n=gone)}")
        return Band("yes", title, detail)

    answer = answer_form(request, act=act)
    context = _context(request, request.POST.get("pickers", ""))
    if answer.status != 200:
        # What was ticked stays so.
        context |= {"chosen": chosen, "method": request.POST.get("method", "")}
    return answered_page(request, TEMPLATE, context, answer)


def _context(request: StoreRequest, pickers: str) -> dict[str, object]:
    said = int(pickers) if _is_number(pickers) and 1 <= int(pickers) <= PICKERS_MAX else None
    waiting = load_unreleased(request.store, pickers=said)
    gives = foresee_waves(request.store, waiting.orders)
    proposed = waiting.proposal.method if waiting.proposal else ""
    return {
        "waiting": waiting,
        "listed": waiting.orders[:LISTED_MAX],
        "methods": [(value, label, gives.get(value, "")) for value, label in Method.choices],
        "method": waiting.plan.method or proposed,
        "pickers": said or "",
        "pickers_max": PICKERS_MAX,
        "chosen": set(),
    }


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX
