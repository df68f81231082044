"""Looking an item up: by scan, by number, by name; and everything this store knows of it."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stores.catalog.barcodes import read_code
from stores.catalog.models import Item, Picture
from stores.catalog.queries import find_item
from stores.handheld.bands import Band
from stores.handheld.screens import go_to
from stores.models import BinKind
from stores.refusals import Refusal
from stores.staff.access import role_required, safe_path
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.stock.documents import contents_of, documents_behind
from stores.stock.hooks import item_offers
from stores.stock.models import Condition, Move
from stores.stock.queries.bundles import bundle_atp
from stores.stock.queries.found_items import found_items
from stores.stock.queries.item_stock import ItemStock, item_stock, shelves_of
from stores.stock.queries.movements import in_transit_by_document, movements
from stores.stock.queries.other_stores import other_stores
from stores.stock.queries.reserved_for import reserved_for, reserved_for_whom
from stores.stock.queries.variants import variant_words, variants_of

TEXT_LENGTH_MAX = 80
# A glance; each list has a page of its own.
GLANCE = 5
PAGE_LENGTH = 25
RESULTS = 20
# Nobody leafs further than this; the address may say anything.
RESULTS_MAX = 10_000
BIGINT_MAX = 2**63 - 1


@require_GET
@role_required(Role.ASSOCIATE)
def search(request: StoreRequest) -> HttpResponse:
    """A lead finds items in every state of their life; an associate those that are sold."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:TEXT_LENGTH_MAX]
    skipped = min(_number(request.GET.get("after", "")) or 0, RESULTS_MAX)
    states = list(Item.State) if request.role >= Role.LEAD else [Item.State.ACTIVE]
    total, ranked = 0, []
    if text:
        page = found_items(store=request.store, text=text, states=states, limit=RESULTS, offset=skipped)
        total, ranked = page.total, page.items
    items = [item for item, _free in ranked]
    shelves = shelves_of(store=request.store, items=items) if items else {}
    pictures = dict(Picture.objects.filter(item__in=items).values_list("item_id", "sha256")) if items else {}
    found = [
        {
            "item": item,
            "words": variant_words(size=item.size, color=item.color, pack_count=item.pack_count),
            "free": free,
            "shelf": shelves.get(item.pk, ""),
            "picture": pictures.get(item.pk, ""),
        }
        for item, free in ranked
    ]
    last = skipped + len(found)
    context = {
        "text": text,
        "found": found,
        "count": total,
        "first": skipped + 1,
        "last": last,
        "more": _onward(request, reverse("stock:items"), q=text, after=str(last)) if found and last < total else "",
        "from_first": _onward(request, reverse("stock:items"), q=text) if skipped and text else "",
    }
    return _page(request, "stock/search.html", context)


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
        return go_to(request, _onward(request, reverse("stock:item", args=[found.item.pk])))
    return go_to(request, _onward(request, reverse("stock:items"), q=raw.strip()[:TEXT_LENGTH_MAX]))


@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    item = _access_item(pk)
    others = other_stores(store=request.store, item=item)
    context = {
        "item": item,
        "words": variant_words(size=item.size, color=item.color, pack_count=item.pack_count),
        "flags": _flags(item),
        "may_photograph": request.role >= Role.LEAD,
        "may_ask_for_count": request.role >= Role.LEAD,
        "variants": variants_of(store=request.store, item=item),
        "others": [(one, item_offers(item, one.store, one.atp)) for one in others[:GLANCE]],
        "others_left": max(len(others) - GLANCE, 0),
    }
    if item.is_bundle:
        pair = (request.store.pk, item.pk)
        context["bundle"] = bundle_atp([pair])[pair]
    else:
        context |= _stock_of(request, item)
    return _page(request, "stock/item.html", context)


@require_GET
@role_required(Role.ASSOCIATE)
def moves(request: StoreRequest, pk: int) -> HttpResponse:
    """Every move of the item in this store, a page at a time; `reason` and `condition` leave out the others."""
    item = _access_item(pk)
    reason = _one_of(request.GET.get("reason", ""), Move.Reason.values)
    condition = _one_of(request.GET.get("condition", ""), Condition.values)
    found = movements(
        store=request.store,
        item=item,
        limit=PAGE_LENGTH,
        before=_number(request.GET.get("before", "")),
        reason=reason,
        condition=condition,
    )
    known = documents_behind(request.store, (move.reference for move in found.rows))
    context = {
        "item": item,
        "moves": [move.named_by(known) for move in found.rows],
        "reason": reason,
        "reasons": Move.Reason.choices,
        "condition": condition,
        "condition_label": Condition(condition).label if condition else "",
        "older": found.older,
        "is_first": "before" not in request.GET,
    }
    return _page(request, "stock/moves.html", context)


@require_GET
@role_required(Role.ASSOCIATE)
def reserved(request: StoreRequest, pk: int) -> HttpResponse:
    """For whom units of the item are held in this store, the oldest first, a page at a time."""
    item = _access_item(pk)
    after = _number(request.GET.get("after", "")) or 0
    claims = reserved_for(store=request.store, item=item, limit=PAGE_LENGTH + 1, after=after)
    known = documents_behind(request.store, (claim.reference for claim in claims))
    context = {
        "item": item,
        "claims": [claim.named_by(known) for claim in claims[:PAGE_LENGTH]],
        "newer": claims[PAGE_LENGTH - 1].first if len(claims) > PAGE_LENGTH else None,
        "is_first": after == 0,
    }
    return _page(request, "stock/reserved.html", context)


@require_GET
@role_required(Role.ASSOCIATE)
def elsewhere(request: StoreRequest, pk: int) -> HttpResponse:
    """Every other store that can promise the item, the nearest first."""
    item = _access_item(pk)
    found = other_stores(store=request.store, item=item)
    others = [(one, item_offers(item, one.store, one.atp)) for one in found]
    return _page(request, "stock/elsewhere.html", {"item": item, "others": others})


def _flags(item: Item) -> list[tuple[str, str]]:
    """(tone, words) of what whoever handles or sells it must know."""
    said = [
        (item.state != Item.State.ACTIVE, "look", item.get_state_display()),
        (item.is_bundle, "", _("Bundle")),
        (item.is_age_restricted, "look", _("Age-restricted")),
        (item.is_fragile, "look", _("Fragile")),
        (item.is_hazardous, "look", _("Hazardous")),
        (item.is_serialised, "look", _("Serial numbers")),
        (item.is_weighed, "look", _("Sold by weight")),
        (item.is_lot_tracked, "look", _("Lot numbers")),
        (item.is_expiry_tracked, "look", _("Expires")),
        (item.is_cold, "look", _("Keep cold")),
    ]
    return [(tone, words) for holds, tone, words in said if holds]


def _access_item(pk: int) -> Item:
    if pk > BIGINT_MAX:  # An address may hold any number.
        pk = 0
    items = Item.objects.select_related("picture", "style").defer("picture__content")
    return get_object_or_404(items, pk=pk)


def _stock_of(request: StoreRequest, item: Item) -> dict[str, object]:
    stock = item_stock(store=request.store, item=item)
    claims = reserved_for(store=request.store, item=item, limit=GLANCE + 1) if stock.reserved else []
    latest = movements(store=request.store, item=item, limit=GLANCE)
    known = documents_behind(
        request.store, [*(claim.reference for claim in claims), *(move.reference for move in latest.rows)]
    )
    return {
        "stock": stock,
        "free": stock.free if item.is_sellable else 0,
        # Said at once where it is what takes the last one away.
        "taken_by": reserved_for_whom(store=request.store, item=item) if _is_reserved_out(stock) else "",
        "taken": [line for line in stock.lines if line.quantity],
        "nothing": [line.label for line in stock.lines if not line.quantity],
        "claims": [claim.named_by(known) for claim in claims[:GLANCE]],
        "more_claims": len(claims) > GLANCE,
        "bins": _bins(request, item, stock),
        "moves": [move.named_by(known) for move in latest.rows],
        "more_moves": latest.older is not None,
        "on_the_way": in_transit_by_document(store=request.store, item=item) if stock.in_transit else [],
    }


def _is_reserved_out(stock: ItemStock) -> bool:
    return stock.free == 0 < stock.remainder + stock.reserved


def _bins(request: StoreRequest, item: Item, stock: ItemStock) -> list[dict[str, object]]:
    """Where it lies, with whom it is for where that is known. Totes are named as such: they are no place to look."""
    contents = contents_of(request.store, item.pk, ((one.bin_id, one.kind) for one in stock.bins))
    return [
        {"bin": one, "is_tote": one.kind == BinKind.TOTE, "for": contents.get(one.bin_id, [])} for one in stock.bins
    ]


def _page(request: StoreRequest, template: str, context: dict[str, object], status: int = 200) -> HttpResponse:
    back = urlencode({"next": _way_back(request)}) if _way_back(request) else ""
    context |= {
        "back": _way_back(request),
        # For links of this page: alone, and after other parameters.
        "carried": f"?{back}" if back else "",
        "carried_on": f"&{back}" if back else "",
        "scan_url": _onward(request, reverse("stock:scan")),
        "scan_prompt": _("Scan an item"),
    }
    return render(request, template, context, status=status)


def _way_back(request: StoreRequest) -> str:
    """The page of this host that somebody came from and wants to go back to, such as a pick list."""
    came_from = request.GET.get("next", "")
    return safe_path(request, came_from, otherwise="") if came_from else ""


def _onward(request: StoreRequest, address: str, **query: str) -> str:
    """`address` with the way back carried along."""
    if back := _way_back(request):
        query["next"] = back
    return f"{address}?{urlencode(query)}" if query else address


def _one_of(text: str, values: list[str]) -> str:
    return text if text in values else ""


def _number(text: str) -> int | None:
    return min(int(text), BIGINT_MAX) if text.isascii() and text.isdigit() and len(text) < 30 else None
