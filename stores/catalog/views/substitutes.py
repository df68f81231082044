"""What may be given in an item's place, the best first."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stores.catalog.actions.set_substitutes import (
    SUBSTITUTES_MAX,
    add_substitute,
    raise_substitute,
    remove_substitute,
)
from stores.catalog.fields import SUBSTITUTES
from stores.catalog.models import Item, System
from stores.catalog.queries.owners import owner_of, owners
from stores.catalog.queries.substitutes import named_substitutes, stands_in_for
from stores.catalog.views.answering import desk_page, posted_line
from stores.catalog.views.choosing import chosen_item, posted_item, single_candidates
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

TEMPLATE = "catalog/substitutes.html"
SHOWN_MAX = 50


@require_http_methods(["GET", "POST"])
@role_required(Role.LEAD)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    """The list; posting adds to its end, by scan or SKU (`code`), or chosen from what was found (`item_id`)."""
    if request.method == "GET":
        return _page(request, pk)
    item = get_object_or_404(Item, pk=pk)
    candidates = [one for one in single_candidates(request) if one.pk != item.pk]
    # What is in the list already is offered only where nothing else could be meant.
    named = named_substitutes(item)
    if candidates := [one for one in candidates if one not in named] or candidates:
        return _page(request, pk, candidates=candidates)

    def act() -> Band:
        substitute = posted_item(request)
        add_substitute(item=item, substitute=substitute, associate=request.user)
        detail = "" if substitute.is_sellable else _("It is offered once it is on sale.")
        return Band("yes", _("{name} may stand in").format(name=substitute.name), detail)

    answer = answer_form(request, act=act)
    return _page(request, pk, answer.band, answer.status)


@require_POST
@role_required(Role.LEAD)
def forward(request: StoreRequest, pk: int) -> HttpResponse:
    """One place nearer to the first."""

    def act(item: Item, substitute: Item) -> Band:
        raise_substitute(item=item, substitute=substitute, associate=request.user)
        return Band("yes", _("Offered earlier"), substitute.name)

    return _changed(request, pk, act)


@require_POST
@role_required(Role.LEAD)
def remove(request: StoreRequest, pk: int) -> HttpResponse:
    def act(item: Item, substitute: Item) -> Band:
        remove_substitute(item=item, substitute=substitute, associate=request.user)
        return Band("yes", _("Taken out"), substitute.name)

    return _changed(request, pk, act)


def _changed(request: StoreRequest, pk: int, act: Callable[[Item, Item], Band]) -> HttpResponse:
    item = get_object_or_404(Item, pk=pk)
    answer = answer_form(request, act=lambda: act(item, chosen_item(posted_line(request, "item_id", at_most=20))))
    return _page(request, pk, answer.band, answer.status)


def _page(
    request: StoreRequest, pk: int, band: Band | None = None, status: int = 200, candidates: list[Item] | None = None
) -> HttpResponse:
    item = get_object_or_404(Item, pk=pk)
    substitutes = named_substitutes(item)
    stands_in = stands_in_for(item, SHOWN_MAX + 1)
    owner = owner_of(SUBSTITUTES, owners())
    context = {
        "item": item,
        "substitutes": substitutes,
        "stands_in": stands_in[:SHOWN_MAX],
        "more": len(stands_in) > SHOWN_MAX,
        "kept_by": "" if owner == System.STOREHAND or item.state == Item.State.DRAFT else owner.label,
        "is_full": len(substitutes) >= SUBSTITUTES_MAX,
        "most": SUBSTITUTES_MAX,
        "candidates": candidates or [],
        "typed": request.POST if status != 200 or candidates else {},
    }
    return desk_page(request, TEMPLATE, context, band=band, status=status)
