"""Promises that the stock no longer covers."""

from django.db import connection

# From the work that is open, which is little, to the rows of stock it counts on.
_SHORT_SQL = """
SELECT DISTINCT stock.store_id, stock.item_id FROM orders_fulfillment fulfillment
JOIN orders_fulfillmentline line ON line.fulfillment_id = fulfillment.id
    AND line.quantity > line.picked + line.short + line.cancelled
JOIN stock_availability stock ON stock.store_id = fulfillment.store_id AND stock.item_id = line.item_id
WHERE fulfillment.state IN ('allocated', 'picking') AND stock.shortfall > 0
ORDER BY stock.store_id, stock.item_id
"""


def short_promises() -> list[tuple[int, int]]:
    """(store id, item id) of which more units are promised, and not picked yet, than there are."""
    with connection.cursor() as cursor:
        cursor.execute(_SHORT_SQL)
        return [(store_id, item_id) for store_id, item_id in cursor.fetchall()]
