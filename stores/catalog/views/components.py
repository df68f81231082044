"""What is in a bundle, component by component."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from stores.catalog.actions.set_components import OPEN_STATES, QUANTITY_MAX, put_component, remove_component
from stores.catalog.bundle_errors import ComponentQuantityInvalid
from stores.catalog.models import Item
from stores.catalog.queries.components import components_of_many
from stores.catalog.views.answering import desk_page, posted_line
from stores.catalog.views.choosing import chosen_item, posted_item, single_candidates
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

TEMPLATE = "catalog/components.html"


@require_http_methods(["GET", "POST"])
@role_required(Role.LEAD)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    """The components; posting puts one in, by scan or SKU (`code`), or chosen from what was found (`item_id`)."""
    if request.method == "GET":
        return _page(request, pk)
    bundle = get_object_or_404(Item, pk=pk)
    candidates = single_candidates(request) if _may_change(bundle) else []
    if candidates:
        return _page(request, pk, candidates=candidates)

    def act() -> Band:
        quantity = _quantity(posted_line(request, "quantity", at_most=10))
        component = posted_item(request)
        reason = posted_line(request, "reason")
        put_component(bundle=bundle, component=component, quantity=quantity, associate=request.user, reason=reason)
        return Band(tone="yes", title=_("{quantity} in each").format(quantity=quantity), detail=component.name)

    answer = answer_form(request, act=act)
    return _page(request, pk, answer.band, answer.status)


@require_POST
@role_required(Role.LEAD)
def remove(request: StoreRequest, pk: int) -> HttpResponse:
    bundle = get_object_or_404(Item, pk=pk)

    def act() -> Band:
        component = chosen_item(posted_line(request, "item_id", at_most=20))
        reason = posted_line(request, "reason")
        remove_component(bundle=bundle, component=component, associate=request.user, reason=reason)
        return Band(tone="yes", title=_("Taken out"), detail=component.name)

    answer = answer_form(request, act=act)
    return _page(request, pk, answer.band, answer.status)


def _may_change(bundle: Item) -> bool:
    return bundle.state == Item.State.DRAFT or (bundle.is_bundle and bundle.state in OPEN_STATES)


def _quantity(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ComponentQuantityInvalid(most=QUANTITY_MAX)
    return int(text)


def _page(
    request: StoreRequest, pk: int, band: Band | None = None, status: int = 200, candidates: list[Item] | None = None
) -> HttpResponse:
    bundle = get_object_or_404(Item, pk=pk)
    rows = components_of_many([bundle])[bundle.pk]
    context = {
        "bundle": bundle,
        "rows": rows,
        "list_price": sum(row.quantity * row.component.price for row in rows),
        "may_change": _may_change(bundle),
        "needs_reason": bundle.state != Item.State.DRAFT,
        "candidates": candidates or [],
        "typed": request.POST if status != 200 or candidates else {},
        "quantity_max": QUANTITY_MAX,
    }
    return desk_page(request, TEMPLATE, context, band=band, status=status)
