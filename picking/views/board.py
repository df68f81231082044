"""The lead's room: what waits, who picks what, and how a list gets into other hands."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from picking.actions.supervise import lay_down_list, reassign_list, take_over_list
from picking.actions.waves import take_back
from picking.queries.board import load_picking
from picking.queries.work import open_list
from stores.catalog.views.answering import answered_page, desk_page
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.handheld.screens import go_to
from stores.orders.errors import NotHere
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.staff.queries.colleagues import colleagues_of, find_colleague

BOARD = "picking/board.html"
LIST = "picking/board_list.html"


@require_GET
@role_required(Role.LEAD)
def show(request: StoreRequest) -> HttpResponse:
    may_plan = request.role >= Role.MANAGER
    return render(request, BOARD, {"picking": load_picking(request.store), "may_plan": may_plan})


@require_GET
@role_required(Role.LEAD)
def board(request: StoreRequest) -> HttpResponse:
    return render(request, f"{BOARD}#board", {"picking": load_picking(request.store)})


@require_GET
@role_required(Role.LEAD)
def show_list(request: StoreRequest, pk: int) -> HttpResponse:
    context = _context(request, pk)
    if context["one"] is None:
        raise Http404
    return desk_page(request, LIST, context)


@require_POST
@role_required(Role.LEAD)
def take_over(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        take_over_list(store=request.store, pk=pk, lead=request.user, device=request.device)
        return Band("yes", _("You have it now"), _("Whoever held it is told by the next scan."))

    return _acted(request, pk, act)


@require_POST
@role_required(Role.LEAD)
def assign(request: StoreRequest, pk: int) -> HttpResponse:
    chosen = request.POST.get("colleague", "")

    def act() -> Band:
        colleague = find_colleague(request.user, request.store, chosen)
        if colleague is None:
            raise NotHere
        reassign_list(store=request.store, pk=pk, lead=request.user, colleague=colleague, device=request.device)
        return Band("yes", _("{name} has it now").format(name=colleague.name))

    return _acted(request, pk, act)


@require_POST
@role_required(Role.LEAD)
def lay_down(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        lay_down_list(store=request.store, pk=pk, lead=request.user, device=request.device)
        return Band("yes", _("Given back"), _("Anybody can go on with it."))

    return _acted(request, pk, act)


@require_POST
@role_required(Role.LEAD)
def to_pool(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        orders = take_back(store=request.store, pk=pk, associate=request.user, device=request.device)
        waits = ngettext("{n} order waits again", "{n} orders wait again", orders)
        return Band("yes", waits.format(n=orders))

    answer = answer_form(request, act=act)
    if answer.status == 200:
        # The list is no more; what was on it can be released anew.
        return go_to(request, reverse("picking:release"))
    return answered_page(request, LIST, _context(request, pk), answer)


def _acted(request: StoreRequest, pk: int, act: Callable[[], Band]) -> HttpResponse:
    answer = answer_form(request, act=act)
    return answered_page(request, LIST, _context(request, pk), answer)


def _context(request: StoreRequest, pk: int) -> dict[str, object]:
    # Of a list that ended while its page was open only the answer can be shown.
    one = open_list(request.store, pk)
    return {"number": pk, "one": one, "colleagues": colleagues_of(request.user, request.store) if one else []}
