"""The counter board: a page, and the part of it that is drawn again whenever something changes."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pickup.actions.arrive import arrive
from pickup.actions.claim_arrival import claim_arrival
from pickup.queries.board import WAIT_LOOK_SECONDS, WAIT_NO_SECONDS, load_board
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.handheld.screens import go_to
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

TEMPLATE = "pickup/counter.html"


@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest) -> HttpResponse:
    return render(request, TEMPLATE, _context(request))


@require_GET
@role_required(Role.ASSOCIATE)
def board(request: StoreRequest) -> HttpResponse:
    return render(request, f"{TEMPLATE}#board", _context(request))


@require_POST
@role_required(Role.ASSOCIATE)
def claim(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        claim_arrival(store=request.store, pk=pk, associate=request.user, device=request.device)
        return Band("yes", _("You are on it"), _("Open the order to fetch its bags."))

    return _acted(request, act)


@require_POST
@role_required(Role.ASSOCIATE)
def here(request: StoreRequest, pk: int) -> HttpResponse:
    """Somebody who said they were on the way stands at the counter."""

    def act() -> Band:
        arrive(store=request.store, pk=pk, associate=request.user, device=request.device)
        return Band("yes", _("Here now"))

    return _acted(request, act)


def _acted(request: StoreRequest, act: Callable[[], Band]) -> HttpResponse:
    answer = answer_form(request, act=act)
    if request.htmx:
        parts = {"board": get_template(f"{TEMPLATE}#board")}
        context = {**_context(request), **parts, "band": answer.band}
        response = render(request, "pickup/board_swap.html", context, status=answer.status)
    elif answer.status == 200:
        response = go_to(request, reverse("pickup:counter"))
    else:
        response = render(request, TEMPLATE, {**_context(request), "band": answer.band}, status=answer.status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _context(request: StoreRequest) -> dict[str, object]:
    return {
        "counter": load_board(request.store),
        "look_seconds": WAIT_LOOK_SECONDS,
        "no_seconds": WAIT_NO_SECONDS,
    }
