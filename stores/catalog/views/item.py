"""One item of the item master: everything about it, and the next step of its life."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stores.catalog.actions.lifecycle import activate_item, approve_item, retire_item
from stores.catalog.errors import NoSuchStep
from stores.catalog.models import Item
from stores.catalog.queries.item_sheet import item_sheet
from stores.catalog.views.answering import answered_page, desk_page, posted_line
from stores.handheld.answers import BandAnswer, answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

TEMPLATE = "catalog/item.html"


@require_GET
@role_required(Role.LEAD)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    return desk_page(request, TEMPLATE, item_context(request, pk))


@require_POST
@role_required(Role.MANAGER)
def state(request: StoreRequest, pk: int) -> HttpResponse:
    """Brings the item to the state that `to` names."""
    item = get_object_or_404(Item, pk=pk)

    def act() -> Band:
        to, reason = request.POST.get("to"), posted_line(request, "reason")
        if to == Item.State.APPROVED:
            was_retired = item.state == Item.State.RETIRED
            approve_item(item=item, associate=request.user, reason=reason)
            detail = _("Put it on sale when it may be sold again.") if was_retired else _("Next: put it on sale.")
            return Band(tone="yes", title=_("Approved"), detail=detail)
        if to == Item.State.ACTIVE:
            activate_item(item=item, associate=request.user, reason=reason)
            return Band(tone="yes", title=_("On sale"), detail=_("From now on it can be promised."))
        if to == Item.State.RETIRED:
            retire_item(item=item, associate=request.user, reason=reason)
            return Band(tone="yes", title=_("Retired"), detail=_("What is promised already stays so."))
        raise NoSuchStep

    return item_answer(request, pk, answer_form(request, act=act))


def item_context(request: StoreRequest, pk: int) -> dict[str, Any]:
    return {"sheet": item_sheet(pk), "may_decide": request.role >= Role.MANAGER}


def item_answer(request: StoreRequest, pk: int, answer: BandAnswer) -> HttpResponse:
    """The item's page after a form on it."""
    return answered_page(request, TEMPLATE, item_context(request, pk), answer)
