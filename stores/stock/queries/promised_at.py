"""What stores can promise of items, for many pairs at once, asked by other systems' codes or by our ids.

The rule is that of `promisable`; here the units behind it are told too, in one statement however many pairs.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import connection

from stores.catalog.models import fold_code


class Status(StrEnum):
    OK = "ok"
    UNKNOWN_STORE = "unknown_store"
    UNKNOWN_SKU = "unknown_sku"
    NOT_SELLABLE = "not_sellable"  # The item, or a part of the bundle, is not active.
    NOT_CARRIED = "not_carried"  # The store has never had the item, or a part of the bundle.


class Promised(NamedTuple):
    """One (store, item). The four units are None where there are none: unknown, or a bundle, which has parts."""

    store_id: int | None
    item_id: int | None
    atp: int
    state: str | None
    is_bundle: bool | None
    parts_sellable: bool | None
    parts_carried: bool | None
    on_hand: int | None
    unsellable: int | None
    reserved: int | None
    safety_stock: int | None

    @property
    def status(self) -> Status:
        if self.store_id is None:
            return Status.UNKNOWN_STORE
        if self.state is None:
            return Status.UNKNOWN_SKU
        if self.state != "active" or (self.is_bundle and not self.parts_sellable):
            return Status.NOT_SELLABLE
        carried = self.parts_carried if self.is_bundle else self.on_hand is not None
        return Status.OK if carried else Status.NOT_CARRIED


# For rows `asked (n, store_id, item_id)`, either id null where it is unknown.
_PROMISED_SQL = """
SELECT asked.store_id, asked.item_id,
       CASE WHEN item.state <> 'active' THEN 0
            WHEN item.is_bundle THEN COALESCE(parts.units, 0)
            ELSE GREATEST(COALESCE(stock.atp, 0) - %(kept_back)s::int, 0) END,
       item.state, item.is_bundle, parts.sellable, parts.carried,
       stock.on_hand, stock.unsellable, stock.reserved, stock.safety_stock
FROM asked
LEFT JOIN catalog_item item ON item.id = asked.item_id
LEFT JOIN stock_availability stock ON stock.store_id = asked.store_id AND stock.item_id = asked.item_id
LEFT JOIN LATERAL (
    SELECT min(CASE WHEN part.state = 'active'
                    THEN GREATEST(COALESCE(of_part.atp, 0) - %(kept_back)s::int, 0) / inside.quantity
                    ELSE 0 END) AS units,
           bool_and(part.state = 'active') AS sellable, bool_and(of_part.id IS NOT NULL) AS carried
    FROM catalog_bundlecomponent inside
    JOIN catalog_item part ON part.id = inside.component_id
    LEFT JOIN stock_availability of_part ON of_part.store_id = asked.store_id AND of_part.item_id = part.id
    WHERE item.is_bundle AND inside.bundle_id = asked.item_id
) parts ON true
ORDER BY asked.n
"""

# What the source calls a store or an item goes before our own code of the same spelling. An array stands in a SELECT of
# its own so that one plan does for all lengths: planning anew takes longer than looking up a pair.
_BY_CODES_SQL = f"""
WITH place AS (
    SELECT named.n, COALESCE(alias.store_id, own.id) AS id
    FROM unnest((SELECT %(stores)s::text[])) WITH ORDINALITY AS named (code, n)
    LEFT JOIN stores_storealias alias ON alias.source = %(source)s::text AND alias.code = named.code
    LEFT JOIN stores_store own ON own.code = named.code
), thing AS (
    SELECT named.n, COALESCE(alias.item_id, own.id) AS id
    FROM unnest((SELECT %(skus)s::text[])) WITH ORDINALITY AS named (code, n)
    LEFT JOIN catalog_alias alias ON alias.source = %(source)s::text AND alias.folded = named.code
    LEFT JOIN catalog_item own ON own.sku = named.code
), asked AS (
    SELECT pair.n, place.id AS store_id, thing.id AS item_id
    FROM unnest((SELECT %(pair_stores)s::int[]), (SELECT %(pair_skus)s::int[])) WITH ORDINALITY AS pair (store, sku, n)
    LEFT JOIN place ON place.n = pair.store AND place.id = COALESCE(%(only_store)s::bigint, place.id)
    LEFT JOIN thing ON thing.n = pair.sku
)
{_PROMISED_SQL}
"""  # noqa: S608  # Constants of this module put together.

_BY_IDS_SQL = f"""
WITH asked AS (
    SELECT n, store_id, item_id
    FROM unnest((SELECT %(stores)s::bigint[]), (SELECT %(items)s::bigint[]))
    WITH ORDINALITY AS pair (store_id, item_id, n)
)
{_PROMISED_SQL}
"""  # noqa: S608  # As above.

_EVERYWHERE_SQL = f"""
WITH asked AS (
    SELECT place.n, place.id AS store_id, COALESCE(
        (SELECT item_id FROM catalog_alias WHERE source = %(source)s::text AND folded = %(sku)s::text),
        (SELECT id FROM catalog_item WHERE sku = %(sku)s::text)
    ) AS item_id
    FROM unnest((SELECT %(stores)s::bigint[])) WITH ORDINALITY AS place (id, n)
)
{_PROMISED_SQL}
"""  # noqa: S608  # As above.


def promised_by_codes(
    *, source: str, stores: Sequence[str], skus: Sequence[str], pairs: Iterable[tuple[int, int]], kept_back: int = 0,
    only_store: int | None = None,
) -> list[Promised]:  # fmt: skip
    """One answer for each of `pairs` (place in `stores`, place in `skus`, from 0), in their order. One query.

    Codes are `source`'s or ours. With `only_store` every other store is unknown.
    """
    places = [(store + 1, sku + 1) for store, sku in pairs]
    return _promised(
        _BY_CODES_SQL,
        {
            "source": source,
            "stores": [_asked(code) for code in stores],
            "skus": [_asked(fold_code(code)) for code in skus],
            "pair_stores": [store for store, _sku in places],
            "pair_skus": [sku for _store, sku in places],
            "kept_back": kept_back,
            "only_store": only_store,
        },
    )


def promised_in_stores(*, source: str, sku: str, stores: Sequence[int], kept_back: int = 0) -> list[Promised]:
    """One answer for each of the store ids, in their order, all of the item that `source` calls `sku`. One query."""
    return _promised(
        _EVERYWHERE_SQL,
        {"source": source, "sku": _asked(fold_code(sku)), "stores": list(stores), "kept_back": kept_back},
    )


def promised_by_ids(pairs: Sequence[tuple[int, int]], *, kept_back: int = 0) -> list[Promised]:
    """One answer for each (store id, item id), in their order. One query."""
    return _promised(
        _BY_IDS_SQL,
        {
            "stores": [store for store, _item in pairs],
            "items": [item for _store, item in pairs],
            "kept_back": kept_back,
        },
    )


def _promised(sql: str, parameters: dict[str, Any]) -> list[Promised]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [Promised(*row) for row in cursor.fetchall()]


def _asked(code: str) -> str | None:
    """What cannot be printed is no code, and PostgreSQL would not even look for a NUL."""
    return code if code.isprintable() else None
