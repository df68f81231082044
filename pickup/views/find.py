"""Arrived without a phone: find the order by number or name, and mark its customer here."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pickup.actions.arrive import arrive
from pickup.queries.find import find_ready
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.handheld.screens import go_to
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

QUERY_LENGTH_MAX = 80


@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest) -> HttpResponse:
    return _page(request, request.GET.get("q", ""))


@require_POST
@role_required(Role.ASSOCIATE)
def here(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        arrive(store=request.store, pk=pk, associate=request.user, device=request.device)
        return Band("yes", _("Here now"))

    answer = answer_form(request, act=act)
    if answer.status == 200:
        return go_to(request, reverse("pickup:counter"))
    return _page(request, request.POST.get("q", ""), answer.band, answer.status)


def _page(request: StoreRequest, text: str, band: Band | None = None, status: int = 200) -> HttpResponse:
    text = text[:QUERY_LENGTH_MAX].replace("\x00", "")
    context = {"query": text, "found": find_ready(request.store, text), "band": band}
    return render(request, "pickup/find.html", context, status=status)
