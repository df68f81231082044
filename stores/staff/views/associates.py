"""The manager's list of associates: a new PIN, or nobody any more."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stores.staff.access import role_required
from stores.staff.actions.associates import disable_associate, set_pin
from stores.staff.http import StoreRequest
from stores.staff.models import Associate, Role
from stores.staff.queries.colleagues import associates_of, staff_list
from stores.staff.views.told import act_and_tell


@require_GET
@role_required(Role.MANAGER)
def page(request: StoreRequest) -> HttpResponse:
    return render(request, "staff/associates.html", {"people": staff_list(request.store)})


@require_POST
@role_required(Role.MANAGER)
def new_pin(request: StoreRequest, pk: int) -> HttpResponse:
    def change(associate: Associate) -> str:
        pin = request.POST.get("pin", "")
        set_pin(associate=associate, pin=pin, by=request.user, store=request.store, device=request.device)
        return _("{name} has a new PIN.").format(name=associate.name)

    return _change(request, pk, change)


@require_POST
@role_required(Role.MANAGER)
def disable(request: StoreRequest, pk: int) -> HttpResponse:
    def change(associate: Associate) -> str:
        disable_associate(associate=associate, by=request.user, store=request.store, device=request.device)
        return _("{name} is signed out and shut out.").format(name=associate.name)

    return _change(request, pk, change)


def _change(request: StoreRequest, pk: int, change: Callable[[Associate], str]) -> HttpResponse:
    associate = get_object_or_404(associates_of(request.store), pk=pk)
    return act_and_tell(request, act=lambda: change(associate), then=reverse("staff:associates"))
