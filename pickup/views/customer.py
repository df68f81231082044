"""The customer's page: open to whoever has its address, and nothing else in it than they need."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pickup.actions.arrive import arrive, set_off
from pickup.codes import customer_code
from pickup.errors import TooManyRequests
from pickup.models import CustomerLink
from pickup.queries.customer import (
    REQUESTS_MINUTES,
    LinkState,
    Stage,
    asks_too_often,
    customer_view,
    link_behind,
    scope_of,
)
from pickup.views.customer_forms import MINUTES, chosen_spot, posted_minutes, posted_spot, spots_of
from stores.journal.actions.answer_once import Answer, answer_once
from stores.refusals import Refusal
from stores.staff.access import public
from stores.staff.qr import qr_code


@require_GET
@public
def show(request: HttpRequest, signed: str) -> HttpResponse:
    state, link = link_behind(signed)
    return _page(request, signed, link) if link and state is LinkState.OPEN else _closed(request, state)


@require_GET
@public
def state(request: HttpRequest, signed: str) -> HttpResponse:
    """Asked every few seconds by the open page: does it show what is true?"""
    link_state, link = link_behind(signed)
    now = customer_view(link).stage.name if link and link_state is LinkState.OPEN else link_state.name
    if request.GET.get("seen") == now:
        return _private(HttpResponse(status=HTTPStatus.NO_CONTENT))
    return _private(HttpResponse(headers={"HX-Refresh": "true"}))


@require_POST
@public
def on_my_way(request: HttpRequest, signed: str) -> HttpResponse:
    def act(link: CustomerLink) -> None:
        minutes = posted_minutes(request)
        set_off(store=link.fulfillment.store, pk=link.fulfillment_id, minutes=minutes)

    return _acted(request, signed, act)


@require_POST
@public
def here(request: HttpRequest, signed: str) -> HttpResponse:
    def act(link: CustomerLink) -> None:
        spot = posted_spot(request, link.fulfillment.store)
        arrive(store=link.fulfillment.store, pk=link.fulfillment_id, spot=spot)

    return _acted(request, signed, act)


def _acted(request: HttpRequest, signed: str, act: Callable[[CustomerLink], None]) -> HttpResponse:
    state, link = link_behind(signed)
    if link is None or state is not LinkState.OPEN:
        return _closed(request, state)

    def once() -> Answer:
        act(link)
        return {"status": HTTPStatus.OK}

    try:
        if asks_too_often(link):
            raise TooManyRequests(minutes=REQUESTS_MINUTES)
        answer = answer_once(
            scope=scope_of(link),
            key=request.POST.get("key", ""),
            body=[request.path, *(request.POST.getlist(name) for name in ("minutes", "spot", "car"))],
            act=once,
            on_refusal=lambda refusal: _refused(refusal),
        ).answer
    except Refusal as refusal:
        answer = _refused(refusal)
    if answer["status"] == HTTPStatus.OK:
        return _private(HttpResponse(status=303, headers={"Location": reverse("pickup:customer", args=[signed])}))
    response = _page(request, signed, link, answer)
    if answer["status"] == HTTPStatus.TOO_MANY_REQUESTS:
        response["Retry-After"] = str(REQUESTS_MINUTES * 60)
    return response


def _refused(refusal: Refusal) -> Answer:
    return {"status": refusal.status, "title": refusal.headline, "detail": refusal.detail}


def _page(request: HttpRequest, signed: str, link: CustomerLink, problem: Answer | None = None) -> HttpResponse:
    view = customer_view(link)
    store = link.fulfillment.store
    with timezone.override(store.time_zone):
        response = render(
            request,
            "pickup/customer.html",
            {
                "view": view,
                "store": store,
                "signed": signed,
                "stage": view.stage.name,
                "steps": _steps(view.stage),
                "qr": qr_code(customer_code(link.fulfillment_id, link.code)),
                "minutes": MINUTES,
                "spots": spots_of(store),
                "chosen_spot": chosen_spot(view.arrival, link.fulfillment.order),
                "problem": problem,
            },
            status=problem["status"] if problem else HTTPStatus.OK,
        )
    return _private(response)


def _closed(request: HttpRequest, state: LinkState) -> HttpResponse:
    """Says that there is nothing here (any more), and not what there was."""
    collected = state is LinkState.COLLECTED
    context = {"collected": collected, "steps": _steps(Stage.COLLECTED) if collected else []}
    status = HTTPStatus.NOT_FOUND if state is LinkState.UNKNOWN else HTTPStatus.GONE
    return _private(render(request, "pickup/customer_closed.html", context, status=status))


def _steps(stage: Stage) -> list[tuple[str, bool, bool]]:
    """(words, reached, is the current one) of the timeline."""
    words = {
        Stage.GETTING_READY: _("Getting ready"),
        Stage.READY: _("Ready"),
        Stage.ON_THE_WAY: _("On the way"),
        Stage.HERE: _("Here"),
        Stage.COLLECTED: _("Collected"),
    }
    return [(text, step.value <= stage.value, step is stage) for step, text in words.items()]


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
