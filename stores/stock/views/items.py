"""Looking an item up: by scan, by number, by name."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stores.catalog.barcodes import read_code
from stores.catalog.models import Item
from stores.catalog.queries import find_item, search_items
from stores.handheld.bands import Band
from stores.handheld.screens import go_to
from stores.refusals import Refusal
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.stock.queries.item_stock import atp_of_items, item_stock

TEXT_LENGTH_MAX = 80


@require_GET
@role_required(Role.ASSOCIATE)
def search(request: StoreRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:TEXT_LENGTH_MAX]
    items = search_items(text) if text else []
    atp = atp_of_items(store=request.store, items=items)
    found = [(item, atp[item.pk]) for item in items]
    return _page(request, "stock/search.html", {"text": text, "found": found})


@require_POST
@role_required(Role.ASSOCIATE)
def scan(request: StoreRequest) -> HttpResponse:
    """Goes to the scanned item, or to a search for what was scanned. Nothing is written."""
    raw = request.POST.get("code", "")
    try:
        found = find_item(read_code(raw))
    except Refusal as refusal:
        band = Band(tone=refusal.tone, title=refusal.headline, detail=refusal.detail)
        return _page(request, "stock/search.html", {"text": "", "found": [], "band": band}, status=refusal.status)
    if found:
        return go_to(request, reverse("stock:item", args=[found.item.pk]))
    return go_to(request, f"{reverse('stock:items')}?{urlencode({'q': raw.strip()[:TEXT_LENGTH_MAX]})}")


@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    stock = item_stock(store=request.store, item=get_object_or_404(Item, pk=pk))
    return _page(request, "stock/item.html", {"stock": stock, "row": stock.availability})


def _page(request: StoreRequest, template: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    context |= {"scan_url": reverse("stock:scan"), "scan_prompt": _("Scan an item")}
    return render(request, template, context, status=status)
