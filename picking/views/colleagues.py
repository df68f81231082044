"""Passing a list on: to a colleague, or back to everybody."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from picking.actions.claims import hand_over_list, release_claim
from picking.queries.plans import plan_of
from picking.queries.walk import load_walk
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.handheld.screens import go_to
from stores.orders.errors import NotHere
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.staff.queries.colleagues import colleagues_of, find_colleague
from stores.staff.views.told import tell


@require_GET
@role_required(Role.ASSOCIATE)
def choose(request: StoreRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@require_POST
@role_required(Role.ASSOCIATE)
def pass_on(request: StoreRequest, pk: int) -> HttpResponse:
    """Hands the list to the chosen colleague, or lays it down when none is chosen."""
    chosen = request.POST.get("colleague", "")

    def act() -> Band:
        if not chosen:
            release_claim(store=request.store, pk=pk, associate=request.user, device=request.device)
            return Band(tone="yes", title=_("Given back"), detail=_("Anybody can go on with it."))
        colleague = find_colleague(request.user, request.store, chosen)
        if colleague is None:
            raise NotHere
        hand_over_list(store=request.store, pk=pk, associate=request.user, colleague=colleague, device=request.device)
        return Band(tone="yes", title=_("{name} has it now").format(name=colleague.name))

    answer = answer_form(request, act=act)
    if answer.status == 200:
        tell(request, str(answer.band.title), tone=answer.band.tone)
        return go_to(request, reverse("handheld:home"))
    return _page(request, pk, answer.band, answer.status)


def _page(request: StoreRequest, pk: int, band: Band | None = None, status: int = 200) -> HttpResponse:
    walk = load_walk(store=request.store, pk=pk)
    break_ends = timezone.now() + timedelta(minutes=plan_of(request.store).break_minutes)
    context = {
        "walk": walk,
        "break_is_long": walk.due_at < break_ends,
        "break_ends": request.store.local(break_ends),
        "colleagues": colleagues_of(request.user, request.store),
        "band": band,
    }
    return render(request, "picking/colleagues.html", context, status=status)
