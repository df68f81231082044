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

_VIEW_SQL = """
UPDATE stock_availability SET changed_in = stock_availability.changed_in
FROM (
    SELECT id FROM stock_availability
    WHERE GREATEST(atp - %(was)s::int, 0) <> GREATEST(atp - %(becomes)s::int, 0)
    ORDER BY store_id, item_id FOR UPDATE
) AS locked
WHERE stock_availability.id = locked.id
"""


def mark_changed(items: Sequence[Item]) -> None:
    """What can be promised of the items is another now, in every store, though no unit has moved."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [[item.pk for item in items]])


def mark_view_changed(*, was: int, becomes: int) -> int:
    """A channel that kept back `was` units keeps back another number: what it sees has changed wherever there is ATP.

    Returns how many rows that is. One statement over all stores, for what a person decides now and then.
    """
    with connection.cursor() as cursor:
        cursor.execute(_VIEW_SQL, {"was": was, "becomes": becomes})
        return int(cursor.rowcount)
