"""What the floor runs low of while the backroom has it."""

from dataclasses import dataclass

from django.db import connection

from stores.models import Store

DAYS = 14
# What a shelf gets of a thing that nobody bought lately: enough to be seen.
FACING_UNITS = 3
ROWS_MAX = 20

# Low is a shelf that is empty, or has less than half of what was picked from the floor in two weeks: not a week's
# worth. The emptiest shelves and then the shortest-lived ones make the list; it is walked in the order of the bins.
_LOW_SQL = """
WITH reserve AS (
    SELECT DISTINCT ON (balance.item_id) balance.item_id, bin.id AS bin_id, bin.code,
           COALESCE(zone.name, '') AS zone, COALESCE(zone.walk_order, 0) AS zone_order, bin.walk_order,
           balance.quantity
    FROM stock_balance balance
    JOIN stores_bin bin ON bin.id = balance.bin_id AND bin.kind = 'backroom'
    JOIN catalog_item carried ON carried.id = balance.item_id AND carried.state = 'active'
    LEFT JOIN stores_zone zone ON zone.id = bin.zone_id
    WHERE balance.store_id = %(store)s AND balance.condition = 'sellable' AND balance.quantity > 0
    ORDER BY balance.item_id, zone.walk_order, bin.walk_order, bin.id
), floor AS (
    SELECT reserve.item_id, COALESCE(sum(balance.quantity), 0) AS units
    FROM reserve
    LEFT JOIN (stock_balance balance JOIN stores_bin bin ON bin.id = balance.bin_id AND bin.kind = 'shelf')
        ON balance.store_id = %(store)s AND balance.item_id = reserve.item_id AND balance.condition = 'sellable'
    GROUP BY reserve.item_id
), sold AS (
    SELECT move.item_id, sum(move.quantity) AS units FROM stock_move move
    JOIN reserve ON reserve.item_id = move.item_id
    WHERE move.store_id = %(store)s AND move.reason = 'picked'
      AND move.occurred_at > now() - make_interval(days => %(days)s)
      AND NOT EXISTS (SELECT FROM stock_move undo WHERE undo.reverses_id = move.id)
    GROUP BY move.item_id
), low AS (
    SELECT reserve.*, floor.units AS on_floor, COALESCE(sold.units, 0) AS sold
    FROM reserve JOIN floor USING (item_id) LEFT JOIN sold USING (item_id)
    WHERE (floor.units = 0 OR 2 * floor.units < COALESCE(sold.units, 0))
      AND EXISTS (SELECT FROM stores_bin WHERE store_id = %(store)s AND kind = 'shelf')
    ORDER BY floor.units > 0, floor.units::numeric / GREATEST(COALESCE(sold.units, 0), 1),
             COALESCE(sold.units, 0) DESC, reserve.item_id
    LIMIT %(rows)s
)
SELECT low.bin_id, low.code, low.zone, low.item_id, item.name, item.sku, low.quantity, low.on_floor, low.sold,
       low.zone_order, low.walk_order
FROM low JOIN catalog_item item ON item.id = low.item_id
ORDER BY low.zone_order, low.walk_order, low.bin_id, low.item_id
"""


@dataclass(frozen=True)
class Low:
    """An item the floor runs low of, and the backroom bin to fetch it from. Units throughout."""

    bin_id: int
    bin_code: str
    zone: str
    item_id: int
    name: str
    sku: str
    in_bin: int
    on_floor: int
    sold: int  # Picked in the last DAYS days.
    zone_order: int
    walk_order: int

    @property
    def wanted(self) -> int:
        """Two weeks' worth on the floor, as far as the bin has it."""
        return min(self.in_bin, max(self.sold - self.on_floor, FACING_UNITS - self.on_floor, 1))


def floor_is_low(store: Store) -> list[Low]:
    """At most ROWS_MAX, in the walking order of the backroom; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_LOW_SQL, {"store": store.pk, "days": DAYS, "rows": ROWS_MAX})
        return [Low(*row) for row in cursor.fetchall()]
