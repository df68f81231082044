"""Taking a break from a list, and the next piece of work."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from picking.actions.breaks import end_break, take_break
from picking.actions.next_list import claim_next_list
from picking.views.walk import after_form, begun_address
from stores.handheld.answers import BandAnswer, answer_form
from stores.handheld.bands import Band
from stores.handheld.screens import go_to
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role


@require_POST
@role_required(Role.ASSOCIATE)
def pause(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        take_break(store=request.store, pk=pk, associate=request.user, device=request.device)
        return Band("yes", _("Your list is kept"))

    return _to_the_walk(request, pk, answer_form(request, act=act))


@require_POST
@role_required(Role.ASSOCIATE)
def resume(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        end_break(store=request.store, pk=pk, associate=request.user, device=request.device)
        return Band("yes", _("Go on"))

    return _to_the_walk(request, pk, answer_form(request, act=act))


def _to_the_walk(request: StoreRequest, pk: int, answer: BandAnswer) -> HttpResponse:
    if answer.status != 200:
        return after_form(request, pk, answer)
    return go_to(request, reverse("picking:walk", args=[pk]))


@require_POST
@role_required(Role.ASSOCIATE)
def following(request: StoreRequest) -> HttpResponse:
    """The most urgent list that nobody has is this associate's with one tap."""

    def act() -> Band:
        found = claim_next_list(store=request.store, associate=request.user, device=request.device)
        return Band("yes", _("This list is yours"), action_url=begun_address(request, found.pk))

    answer = answer_form(request, act=act)
    # A refusal leads nowhere.
    return go_to(request, answer.band.action_url or reverse("handheld:home"))
