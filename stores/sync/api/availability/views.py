"""What stores can promise: asked for pairs of store and item, or followed as it changes."""

import json
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from stores.models import Store
from stores.staff.access import api
from stores.stock.models import Channel
from stores.stock.queries.changes import changes_after, from_the_start, read_horizon
from stores.stock.queries.channel_view import ChannelView
from stores.stock.queries.promised_at import Promised, Status, promised_by_codes, promised_by_ids, promised_in_stores
from stores.sync.api.availability import described
from stores.sync.api.availability.cursor import cursor_of, position_of
from stores.sync.api.availability.errors import UnknownChannel, UnknownStores
from stores.sync.api.availability.request import CODE_LENGTH_MAX, PAIRS_MAX, Asked, asked_by_address, asked_by_body
from stores.sync.api.parsers import CarefulJSONParser
from stores.sync.models import ApiKey
from stores.sync.queries.names import item_names, store_ids_by_codes, store_names

POLL_SECONDS = 5
SELLABLE = {Status.OK, Status.NOT_CARRIED}
Told = dict[str, Any]


@api
class AvailabilityView(APIView):
    verbs = {"GET": ApiKey.Verb.AVAILABILITY_READ, "POST": ApiKey.Verb.AVAILABILITY_READ}
    parser_classes = [CarefulJSONParser]

    @described.read_availability
    def get(self, request: Request) -> HttpResponse:
        return _availability(request, asked_by_address(request.query_params))

    @described.ask_availability
    def post(self, request: Request) -> HttpResponse:
        return _availability(request, asked_by_body(request.data))


@api
class ChangesView(APIView):
    verbs = {"GET": ApiKey.Verb.AVAILABILITY_READ}

    @described.follow_availability
    def get(self, request: Request) -> HttpResponse:
        key: ApiKey = request.auth  # type: ignore[assignment]  # HasVerb has checked.
        query = request.query_params
        view = _view(key, query.get("channel", ""))
        stores, limit = _followed(key, query.get("store", "")), _limit(query.get("limit", ""))
        horizon = read_horizon()
        position = None
        if cursor := query.get("after", ""):
            position = position_of(cursor, horizon=horizon, stores=stores, kept_back=view.kept_back)
        page = changes_after(position or from_the_start(horizon), horizon, limit=limit, stores=stores)
        answer = {
            "channel": view.code or None,
            "changes": _changes(key, page.pairs, view),
            "next": cursor_of(page.after, database=horizon.database, stores=stores, kept_back=view.kept_back),
            "more": page.more,
            "poll_seconds": 0 if page.more else POLL_SECONDS,
            "behind_seconds": horizon.behind_seconds,
        }
        return _answer(answer)


def _availability(request: Request, asked: Asked) -> HttpResponse:
    key: ApiKey = request.auth  # type: ignore[assignment]  # HasVerb has checked.
    view = _view(key, asked.channel)
    told = _everywhere(key, asked, view) if asked.pairs is None else _pairs(key, asked, asked.pairs, view)
    return _answer({"channel": view.code or None, "availability": told})


def _pairs(key: ApiKey, asked: Asked, pairs: list[tuple[int, int]], view: ChannelView) -> list[Told]:
    found = promised_by_codes(
        source=key.source,
        stores=asked.stores,
        skus=asked.skus,
        pairs=pairs,
        kept_back=view.kept_back,
        only_store=key.store_id,
    )
    return [
        {"store": asked.stores[store], "sku": asked.skus[sku], **_told(one, view)}
        for (store, sku), one in zip(pairs, found, strict=True)
    ]


def _everywhere(key: ApiKey, asked: Asked, view: ChannelView) -> list[Told]:
    """One item in every store that the key may see: the nearest first, or in the order of their codes."""
    places = Store.objects.only("code", "latitude", "longitude").order_by("code")
    stores = {store.pk: store for store in (places.filter(pk=key.store_id) if key.store_id else places)}
    names = store_names(key.source, stores)
    [sku] = asked.skus
    found = promised_in_stores(source=key.source, sku=sku, stores=list(stores), kept_back=view.kept_back)
    told: list[Told] = []
    for (pk, store), one in zip(stores.items(), found, strict=True):
        entry = {"store": store.code, "sku": sku, **_told(one, view), "store_codes": names[pk].theirs}
        if asked.near:
            entry["distance_km"] = round(store.distance_km(*asked.near), 1)
        told.append(entry)
    return sorted(told, key=lambda entry: entry["distance_km"]) if asked.near else told


def _changes(key: ApiKey, pairs: list[tuple[int, int]], view: ChannelView) -> list[Told]:
    found = promised_by_ids(pairs, kept_back=view.kept_back)
    stores = store_names(key.source, {store_id for store_id, _item_id in pairs})
    items = item_names(key.source, {item_id for _store_id, item_id in pairs})
    return [
        {
            "store": stores[store_id].code,
            "sku": items[item_id].code,
            **_told(one, view),
            "store_codes": stores[store_id].theirs,
            "sku_codes": items[item_id].theirs,
        }
        for (store_id, item_id), one in zip(pairs, found, strict=True)
        # Somebody may have deleted an item that was never in stock since it was marked.
        if store_id in stores and item_id in items
    ]


def _told(one: Promised, view: ChannelView) -> Told:
    status = one.status
    told: Told = {"status": status, "atp": one.atp, "sellable": status in SELLABLE}
    if view.shows_sums:
        told |= {
            "on_hand": one.on_hand,
            "reserved": one.reserved,
            "unsellable": one.unsellable,
            "safety_stock": one.safety_stock,
        }
    return told


def _view(key: ApiKey, code: str) -> ChannelView:
    """The key's own channel; one without may look as any channel does."""
    if key.channel is not None:
        if code not in ("", key.channel.code):
            raise UnknownChannel(channel=code)
        return ChannelView.of(key.channel)
    if not code:
        return ChannelView.of(None)
    channel = Channel.objects.filter(code=code).first() if code.isprintable() else None
    if channel is None:
        raise UnknownChannel(channel=code)
    return ChannelView.of(channel)


def _followed(key: ApiKey, text: str) -> list[int] | None:
    """Ids of the stores to follow, None for all. Raises UnknownStores, also for stores of other keys."""
    if not text:
        return None if key.store_id is None else [key.store_id]
    codes = text.split(",")
    if len(codes) > PAIRS_MAX or any(len(code) > CODE_LENGTH_MAX for code in codes):
        raise ValidationError({"store": [_("Expected codes of stores, with commas between them.")]})
    known = store_ids_by_codes(key.source, codes)
    unknown = [code for code in codes if known.get(code) is None or key.store_id not in (None, known[code])]
    if unknown:
        raise UnknownStores(codes=unknown)
    return sorted(set(known.values()))


def _limit(text: str) -> int:
    if not text:
        return PAIRS_MAX
    # Digits of other scripts are digits to Python, but not to whoever reads the document.
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= PAIRS_MAX):
        raise ValidationError({"limit": [_("Expected 1 to {most}.").format(most=PAIRS_MAX)]})
    return int(text)


def _answer(body: Told) -> HttpResponse:
    """Never kept by anybody in between: it is true at this moment only."""
    return HttpResponse(json.dumps(body), content_type="application/json", headers={"Cache-Control": "no-store"})
