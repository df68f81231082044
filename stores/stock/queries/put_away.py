"""Where goods that have come in belong."""

from dataclasses import dataclass

from django.db import connection

from stores.models import Store

# Five thoughts, the first that knows a bin decides: where the item lies for sale, the emptiest first; the shelf it was
# on last; an empty shelf bin as near as can be to things of its kind, in their zone; any empty shelf bin; and where no
# shelf is empty, the one with the most things of its kind on it.
_SUGGEST_SQL = """
WITH kin AS (
    SELECT bin.zone_id, avg(bin.walk_order) AS middle FROM stock_balance balance
    JOIN stores_bin bin ON bin.id = balance.bin_id AND bin.kind = 'shelf'
    JOIN catalog_item other ON other.id = balance.item_id
    WHERE balance.store_id = %(store)s AND balance.quantity > 0
      AND other.category_id = (SELECT category_id FROM catalog_item WHERE id = %(item)s)
    GROUP BY bin.zone_id ORDER BY count(*) DESC, bin.zone_id LIMIT 1
), thought AS (
    (SELECT 1 AS place, bin.id AS bin_id FROM stock_balance balance
     JOIN stores_bin bin ON bin.id = balance.bin_id AND bin.kind = 'shelf'
     WHERE balance.store_id = %(store)s AND balance.item_id = %(item)s AND balance.condition = 'sellable'
       AND balance.quantity > 0
     ORDER BY balance.quantity, bin.walk_order, bin.id LIMIT 1)
    UNION ALL
    (SELECT 2, bin.id FROM stock_move move
     JOIN stores_bin bin ON bin.id IN (move.source_bin_id, move.target_bin_id) AND bin.kind = 'shelf'
     WHERE move.store_id = %(store)s AND move.item_id = %(item)s ORDER BY move.id DESC LIMIT 1)
    UNION ALL
    (SELECT CASE WHEN kin.zone_id IS NULL THEN 4 ELSE 3 END, bin.id FROM stores_bin bin
     LEFT JOIN kin ON kin.zone_id = bin.zone_id
     WHERE bin.store_id = %(store)s AND bin.kind = 'shelf'
       AND NOT EXISTS (SELECT FROM stock_balance balance WHERE balance.bin_id = bin.id AND balance.quantity > 0)
     ORDER BY kin.zone_id IS NULL, abs(bin.walk_order - COALESCE(kin.middle, 0)), bin.id LIMIT 1)
    UNION ALL
    (SELECT 5, bin.id FROM stock_balance balance
     JOIN stores_bin bin ON bin.id = balance.bin_id AND bin.kind = 'shelf'
     JOIN catalog_item other ON other.id = balance.item_id
     WHERE balance.store_id = %(store)s AND balance.quantity > 0
       AND other.category_id = (SELECT category_id FROM catalog_item WHERE id = %(item)s)
     GROUP BY bin.id ORDER BY count(*) DESC, sum(balance.quantity), bin.id LIMIT 1)
)
SELECT thought.place, bin.id, bin.code, COALESCE(zone.name, '') FROM thought
JOIN stores_bin bin ON bin.id = thought.bin_id LEFT JOIN stores_zone zone ON zone.id = bin.zone_id
ORDER BY thought.place LIMIT 1
"""

LIES_THERE, LAY_THERE, NEAR_ITS_KIND, IS_EMPTY, BESIDE_ITS_KIND = 1, 2, 3, 4, 5


@dataclass(frozen=True)
class Suggestion:
    """A shelf bin and why: one of LIES_THERE, LAY_THERE, NEAR_ITS_KIND, IS_EMPTY, BESIDE_ITS_KIND."""

    why: int
    bin_id: int
    code: str
    zone: str


def suggest_bin(*, store: Store, item_id: int) -> Suggestion | None:
    """The shelf bin to put the item into, or None when no shelf is empty or has the like."""
    with connection.cursor() as cursor:
        cursor.execute(_SUGGEST_SQL, {"store": store.pk, "item": item_id})
        row = cursor.fetchone()
    return Suggestion(*row) if row else None
