"""Requests for change: the list, and one of them with its decision."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stores.catalog.actions.request_change import withdraw_change
from stores.catalog.actions.review_change import review_change
from stores.catalog.models import ChangeRequest
from stores.catalog.queries.requests import find_request, request_board, request_row, waiting_for
from stores.catalog.views.answering import answered_page, desk_page, posted_line
from stores.handheld.answers import BandAnswer, answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

TEMPLATE = "catalog/request.html"


@require_GET
@role_required(Role.LEAD)
def board(request: StoreRequest) -> HttpResponse:
    return desk_page(request, "catalog/requests.html", {"board": request_board(request.user)})


@require_GET
@role_required(Role.LEAD)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@require_POST
@role_required(Role.MANAGER)
def approve(request: StoreRequest, pk: int) -> HttpResponse:
    def act(found: ChangeRequest) -> Band:
        note = posted_line(request, "note")
        review_change(request=found, approve=True, associate=request.user, note=note)
        return _decided(request, _("Approved"), _("{item} is changed.").format(item=found.item.name))

    return _decide(request, pk, act)


@require_POST
@role_required(Role.MANAGER)
def refuse(request: StoreRequest, pk: int) -> HttpResponse:
    def act(found: ChangeRequest) -> Band:
        note = posted_line(request, "note")
        review_change(request=found, approve=False, associate=request.user, note=note)
        return _decided(request, _("Refused"), _("{item} stays as it is.").format(item=found.item.name))

    return _decide(request, pk, act)


@require_POST
@role_required(Role.LEAD)
def withdraw(request: StoreRequest, pk: int) -> HttpResponse:
    def act(found: ChangeRequest) -> Band:
        withdraw_change(request=found, associate=request.user)
        return Band("yes", _("Withdrawn"), _("{item} stays as it is.").format(item=found.item.name))

    return _decide(request, pk, act)


def _decide(request: StoreRequest, pk: int, act: Callable[[ChangeRequest], Band]) -> HttpResponse:
    found = find_request(pk)
    return _page(request, pk, answer_form(request, act=lambda: act(found)))


def _decided(request: StoreRequest, title: str, detail: str) -> Band:
    """Leads on to the next that waits for this manager."""
    following = waiting_for(request.user).values_list("pk", flat=True).first()
    if following is None:
        return Band("yes", title, detail, sound="done")
    url = reverse("catalog:request", args=[following])
    return Band("yes", title, detail, action_label=_("Next request"), action_url=url)


def _page(request: StoreRequest, pk: int, answer: BandAnswer | None = None) -> HttpResponse:
    row = request_row(find_request(pk), request.user)
    context = {
        "row": row,
        "may_decide": row.is_open and not row.is_mine and request.role >= Role.MANAGER,
        "may_withdraw": row.is_open and row.is_mine,
        "needs_another": row.is_open and row.is_mine and request.role >= Role.MANAGER,
    }
    if answer:
        return answered_page(request, TEMPLATE, context, answer)
    return desk_page(request, TEMPLATE, context)
