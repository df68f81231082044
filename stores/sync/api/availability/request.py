"""What is asked of availability, by address or by body. Checked by hand: a thousand pairs are a few milliseconds."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from stores.sync.api.availability.errors import TooManyPairs

PAIRS_MAX = 1_000
CODE_LENGTH_MAX = 100
Place = tuple[float, float]  # Latitude and longitude in degrees.


@dataclass(frozen=True)
class Asked:
    """`pairs` are places in `stores` and `skus`, in the order of the answers; None: the one SKU in every store."""

    stores: list[str]
    skus: list[str]
    pairs: list[tuple[int, int]] | None
    near: Place | None = None
    channel: str = ""


def asked_by_address(query: Mapping[str, str]) -> Asked:
    """`pairs=STORE:SKU,…`, or `store=…,…&sku=…,…`, or one `sku`. Raises ValidationError and TooManyPairs."""
    near = _near(query["near"].split(",")) if "near" in query else None
    pairs = [_split(text) for text in query["pairs"].split(",")] if "pairs" in query else None
    stores, skus = (query[name].split(",") if name in query else None for name in ("store", "sku"))
    return _asked(pairs, stores, skus, near, query.get("channel", ""))


def asked_by_body(body: Any) -> Asked:
    """The same as lists in a body, for codes with commas or colons and sets too long for an address."""
    if not isinstance(body, dict):
        raise _wrong("", _("Expected an object."))
    pairs = body.get("pairs")
    if pairs is not None:
        if not isinstance(pairs, list) or not all(isinstance(pair, dict) for pair in pairs):
            raise _wrong("pairs", _("Expected a list of objects."))
        pairs = [(pair.get("store"), pair.get("sku")) for pair in pairs]
    near = body.get("near")
    if near is not None:
        if not isinstance(near, dict):
            raise _wrong("near", _("Expected an object."))
        near = _near([near.get("latitude"), near.get("longitude")])
    for name in ("store", "sku"):
        if not isinstance(body.get(name, []), list):
            raise _wrong(name, _("Expected a list of codes."))
    return _asked(pairs, body.get("store"), body.get("sku"), near, body.get("channel", ""))


def _asked(
    pairs: list[tuple[Any, Any]] | None,
    stores: list[Any] | None,
    skus: list[Any] | None,
    near: Place | None,
    channel: Any,
) -> Asked:
    if not isinstance(channel, str) or len(channel) > CODE_LENGTH_MAX:
        raise _wrong("channel", _("Expected a code."))
    if pairs is not None:
        if stores is not None or skus is not None:
            raise _wrong("pairs", _("Ask for pairs, or for stores and SKUs, not for both."))
        found = _numbered(pairs)
    elif not skus:
        raise _wrong("sku", _("Name at least one SKU, or pairs."))
    elif stores is None:
        if len(skus) > 1:
            raise _wrong("store", _("Name the stores: only one SKU can be asked for in all of them."))
        _check_codes("sku", skus)
        return Asked([], skus, None, near, channel)
    else:
        _check_count(len(stores) * len(skus))
        _check_codes("store", stores)
        _check_codes("sku", skus)
        every = [(store, sku) for store in range(len(stores)) for sku in range(len(skus))]
        found = Asked(stores, skus, every)
    if near is not None:
        raise _wrong("near", _("Only for one SKU in all stores."))
    if not found.pairs:
        raise _wrong("pairs" if pairs is not None else "store", _("Name at least one."))
    return Asked(found.stores, found.skus, found.pairs, None, channel)


def _numbered(pairs: list[tuple[Any, Any]]) -> Asked:
    """Each code once, and the pairs by their places."""
    _check_count(len(pairs))
    _check_codes("pairs", [code for pair in pairs for code in pair])
    stores = {code: place for place, code in enumerate(dict.fromkeys(store for store, _sku in pairs))}
    skus = {code: place for place, code in enumerate(dict.fromkeys(sku for _store, sku in pairs))}
    return Asked(list(stores), list(skus), [(stores[store], skus[sku]) for store, sku in pairs])


def _split(text: str) -> tuple[str, str]:
    store, colon, sku = text.partition(":")
    if not colon:
        raise _wrong("pairs", _("Each is a store, a colon and a SKU."))
    return store, sku


def _near(texts: list[Any]) -> Place:
    try:
        latitude, longitude = (float(text) for text in texts)
    except (TypeError, ValueError, OverflowError) as error:
        raise _wrong("near", _("Expected latitude and longitude in degrees.")) from error
    if not (math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180):
        raise _wrong("near", _("Expected latitude and longitude in degrees."))
    return latitude, longitude


def _check_count(count: int) -> None:
    if count > PAIRS_MAX:
        raise TooManyPairs(count=count, most=PAIRS_MAX)


def _check_codes(field: str, codes: list[Any]) -> None:
    for code in codes:
        if not isinstance(code, str) or not code.strip() or len(code) > CODE_LENGTH_MAX:
            raise _wrong(field, _("A code has 1 to {most} characters.").format(most=CODE_LENGTH_MAX))


def _wrong(field: str, told: str) -> ValidationError:
    return ValidationError({field: [told]})
