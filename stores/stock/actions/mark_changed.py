"""For those who follow availability: something they should look at again."""

from collections.abc import Sequence

from django.db import connection

from stores.catalog.models import Item

# A trigger marks every updated row. Locked first, in the order in which every writer takes these locks.
_SQL = """
UPDATE stock_availability SET changed_in = stock_availability.changed_in
FROM (
    SELECT id FROM stock_availability WHERE item_id = ANY(%s) ORDER BY store_id, item_id FOR UPDATE
) AS locked
WHERE stock_availability.id = locked.id
"""


def mark_changed(items: Sequence[Item]) -> None:
    """What can be promised of the items is another now, in every store, though no unit has moved."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [[item.pk for item in items]])
