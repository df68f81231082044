"""An order at the desk: where its units are, and cancelling all or some of it."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.orders.access import access_order
from stores.orders.actions.cancel_order import cancel_order
from stores.orders.actions.cancel_units import cancel_bundles, cancel_units
from stores.orders.errors import NotHere
from stores.orders.models import Order
from stores.orders.queries.open_orders import SHOWN_MAX, orders_in
from stores.orders.queries.order_sheet import order_sheet
from stores.orders.queries.progress import progress_of
from stores.orders.reasons import CancelReason
from stores.orders.views.forms import BIGINT_MAX, posted_reason, posted_units, sought_number
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

# What a store knows of; the shop knows of payments and fraud.
REASONS = (CancelReason.CUSTOMER, CancelReason.STOCK, CancelReason.OTHER)


@require_GET
@never_cache
@role_required(Role.LEAD)
def orders(request: StoreRequest) -> HttpResponse:
    sought = sought_number(request)
    found = list(orders_in(request.store, sought)[: SHOWN_MAX + 1])
    progress = progress_of(found[:SHOWN_MAX])
    context = {
        "orders": [(one, progress[one.pk]) for one in found[:SHOWN_MAX]],
        "has_more": len(found) > SHOWN_MAX,
        "sought": sought,
    }
    return render(request, "orders/orders.html", context)


@require_GET
@never_cache
@role_required(Role.LEAD)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    return _page(request, _access(request, pk))


@require_POST
@role_required(Role.LEAD)
def cancel(request: StoreRequest, pk: int) -> HttpResponse:
    order = _access(request, pk)

    def act() -> Band:
        cancel_order(
            order=order,
            reason=posted_reason(request),
            actor=request.user,
            store=request.store,
            key=request.POST.get("key", ""),
        )
        return Band("yes", _("Order {number} is cancelled").format(number=order.number), sound="done")

    return _answer(request, order, act)


@require_POST
@role_required(Role.LEAD)
def cancel_line(request: StoreRequest, pk: int, line_pk: int) -> HttpResponse:
    order = _access(request, pk)
    line = order.lines.select_related("item", "order", "bundle__item").filter(pk=min(line_pk, BIGINT_MAX)).first()
    if line is None:
        raise Http404

    def act() -> Band:
        units = posted_units(request)
        cancel_units(
            line=line,
            quantity=units,
            reason=posted_reason(request),
            actor=request.user,
            store=request.store,
            key=request.POST.get("key", ""),
        )
        return _cancelled(units, line.item.name)

    return _answer(request, order, act)


@require_POST
@role_required(Role.LEAD)
def cancel_bundle(request: StoreRequest, pk: int, bundle_pk: int) -> HttpResponse:
    order = _access(request, pk)
    bundle = order.bundles.select_related("item", "order").filter(pk=min(bundle_pk, BIGINT_MAX)).first()
    if bundle is None:
        raise Http404

    def act() -> Band:
        units = posted_units(request)
        cancel_bundles(
            bundle=bundle,
            quantity=units,
            reason=posted_reason(request),
            actor=request.user,
            store=request.store,
            key=request.POST.get("key", ""),
        )
        return _cancelled(units, bundle.item.name)

    return _answer(request, order, act)


def _access(request: StoreRequest, pk: int) -> Order:
    if pk > BIGINT_MAX:
        raise Http404
    try:
        return access_order(store=request.store, pk=pk)
    except NotHere as refusal:
        raise Http404 from refusal


def _cancelled(units: int, name: str) -> Band:
    words = ngettext("{count} unit is cancelled", "{count} units are cancelled", units)
    return Band("yes", words.format(count=units), name)


def _answer(request: StoreRequest, order: Order, act: Callable[[], Band]) -> HttpResponse:
    answer = answer_form(request, act=act)
    order.refresh_from_db(fields=["state"])
    return _page(request, order, answer.band, answer.status)


def _page(request: StoreRequest, order: Order, band: Band | None = None, status: int = 200) -> HttpResponse:
    template = "orders/order.html#answer" if request.htmx and band else "orders/order.html"
    progress = progress_of([order])[order.pk]
    context = {
        "sheet": order_sheet(order),
        "order": order,
        "progress": progress,
        "reasons": REASONS,
        "band": band,
    }
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
