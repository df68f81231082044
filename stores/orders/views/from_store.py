"""Order from there: for a customer who stands here, from a store that has it."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stores.catalog.models import Item
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.handheld.screens import go_to, screen_response
from stores.models import Store
from stores.orders.actions.order_from_store import order_from_store
from stores.orders.queries.promise import promised_ready_at
from stores.orders.queries.taken_orders import taken_order
from stores.orders.views.forms import BIGINT_MAX, QUANTITY_MAX, posted_contact, posted_units, posted_uuid, wrong_fields
from stores.refusals import Refusal
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.stock.queries.other_stores import other_stores


@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest, pk: int, store_pk: int) -> HttpResponse:
    return _page(request, *_access(request, pk, store_pk))


@require_POST
@role_required(Role.ASSOCIATE)
def place(request: StoreRequest, pk: int, store_pk: int) -> HttpResponse:
    item, there = _access(request, pk, store_pk)
    if wrong := wrong_fields(request):
        # Said beside the fields: a band would push them out of sight.
        return _page(request, item, there, status=422, wrong=wrong)

    def act() -> Band:
        order = order_from_store(
            item=item,
            quantity=posted_units(request),
            pickup_store=there,
            contact=posted_contact(request),
            is_express="express" in request.POST,
            allows_substitutes="substitutes" in request.POST,
            taken_in=request.store,
            associate=request.user,
            device=request.device,
            key=posted_uuid(request),
        )
        return Band("yes", _("Order {number} is placed").format(number=order.number), sound="done")

    answer = answer_form(request, act=act)
    if answer.status == 200:
        return go_to(request, reverse("orders:placed_from_store", args=[posted_uuid(request)]))
    return _page(request, item, there, band=answer.band, status=answer.status)


@require_GET
@role_required(Role.ASSOCIATE)
def placed(request: StoreRequest, key: UUID) -> HttpResponse:
    """What to tell the customer: the number, where and when. Only in the store that took the order."""
    return render(request, "orders/placed.html", {"taken": taken_order(store=request.store, key=key)})


def _access(request: StoreRequest, pk: int, store_pk: int) -> tuple[Item, Store]:
    """The item, and the other store: every store may be ordered from."""
    if max(pk, store_pk) > BIGINT_MAX or store_pk == request.store.pk:
        raise Http404
    items = Item.objects.select_related("picture").defer("picture__content")
    return get_object_or_404(items, pk=pk), get_object_or_404(Store, pk=store_pk)


def _page(
    request: StoreRequest,
    item: Item,
    there: Store,
    *,
    band: Band | None = None,
    status: int = 200,
    wrong: Mapping[str, Refusal] | None = None,
) -> HttpResponse:
    others = other_stores(store=request.store, item=item)
    found = next((one for one in others if one.store.pk == there.pk), None)
    now = timezone.now()
    ready_at = promised_ready_at(there, now)
    most = min(found.atp, QUANTITY_MAX) if found else 0
    can_order = found is not None and there.offers_pickup
    filled = {name: request.POST.get(name, "") for name in ("quantity", "name", "reach", "express", "substitutes")}
    context = {
        "item": item,
        "there": there,
        "found": found,
        "can_order": can_order,
        # What was typed is never lost: it can be read off, or sent again once what stood in the way is gone.
        "has_form": can_order or request.method == "POST",
        "most": most,
        "too_many": can_order and not wrong and filled["quantity"].isdecimal() and int(filled["quantity"]) > most,
        "ready_at": ready_at,
        "ready_today": ready_at.date() == there.local(now).date(),
        "filled": filled,
        "wrong": wrong or {},
    }
    return screen_response(request, template="orders/from_store.html", context=context, band=band, status=status)
