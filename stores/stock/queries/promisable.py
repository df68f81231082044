"""What can be promised of anything that is sold: plain items by their own stock, bundles by their components'."""

from collections.abc import Iterable

from django.db import connection

# For a statement that has rows `asked (store_id, item_id)` of any items: joins `item` and gives `promise.units`, what
# the store can promise of it now. An item that is not active is 0, and so is a bundle with a component that is not.
# `%(kept_back)s` are units of each item that the asker never sees.
PROMISE_JOINS = """
JOIN catalog_item item ON item.id = asked.item_id
CROSS JOIN LATERAL (
    SELECT CASE
        WHEN item.state <> 'active' THEN 0
        WHEN item.is_bundle THEN COALESCE((
            SELECT min(CASE WHEN part.state = 'active'
                            THEN GREATEST(COALESCE(stock.atp, 0) - %(kept_back)s::int, 0) / inside.quantity
                            ELSE 0 END)
            FROM catalog_bundlecomponent inside
            JOIN catalog_item part ON part.id = inside.component_id
            LEFT JOIN stock_availability stock ON stock.store_id = asked.store_id AND stock.item_id = part.id
            WHERE inside.bundle_id = item.id
        ), 0)
        ELSE COALESCE((
            SELECT GREATEST(stock.atp - %(kept_back)s::int, 0) FROM stock_availability stock
            WHERE stock.store_id = asked.store_id AND stock.item_id = item.id
        ), 0)
    END AS units
) promise
"""

_PROMISABLE_SQL = f"""
SELECT asked.store_id, asked.item_id, promise.units
FROM unnest(%(stores)s::bigint[], %(items)s::bigint[]) AS asked (store_id, item_id)
{PROMISE_JOINS}
"""  # noqa: S608  # Two constants of this module put together.


def promisable(pairs: Iterable[tuple[int, int]], *, kept_back: int = 0) -> dict[tuple[int, int], int]:
    """Units that each (store id, item id) can promise now, bundles included; what nobody knows is 0. One query.

    `kept_back` are the units of each item that a channel never sees (`Channel.kept_back`).
    """
    wanted = list(dict.fromkeys(pairs))
    with connection.cursor() as cursor:
        stores, items = [store for store, _item in wanted], [item for _store, item in wanted]
        cursor.execute(_PROMISABLE_SQL, {"stores": stores, "items": items, "kept_back": kept_back})
        found = {(store_id, item_id): units for store_id, item_id, units in cursor.fetchall()}
    return {pair: found.get(pair, 0) for pair in wanted}
