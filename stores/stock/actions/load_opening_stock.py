"""The first stock of a store, all at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from stores.catalog.models import Item
from stores.journal.actions.record import record
from stores.models import Bin, BinKind, Store
from stores.stock.models import Condition, Move
from stores.stock.queries.bins import virtual_bin

# The item's order is the order in which every writer takes its locks.
_LOAD_SQL = """
SELECT count(stock_post_move(
    row.key, %(store)s::bigint, row.item, %(supplier)s::bigint, 'sellable', row.bin, row.condition,
    row.quantity, %(reason)s::text, '', NULL, NULL, NULL
))
FROM (
    SELECT * FROM unnest(
        %(keys)s::text[], %(items)s::bigint[], %(bins)s::bigint[], %(conditions)s::text[], %(quantities)s::int[]
    ) AS given (key, item, bin, condition, quantity)
    ORDER BY item, bin, condition
) AS row
"""


@dataclass(frozen=True, kw_only=True)
class OpeningStock:
    """`quantity` whole units of `item` that lie in `bin`; `key` is unique over all moves."""

    key: str
    bin: Bin
    item: Item
    quantity: int
    condition: Condition = Condition.SELLABLE


def load_opening_stock(*, store: Store, rows: Sequence[OpeningStock]) -> int:
    """Posts every row as a move from the supplier, in one statement, with one event. Returns the number of moves.

    Receiving them one by one would journal and announce each; a store that opens has nobody waiting for single items,
    and backorders look for new stock by themselves within the minute.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _LOAD_SQL,
            {
                "store": store.pk,
                "supplier": virtual_bin(store.pk, BinKind.SUPPLIER).pk,
                "reason": Move.Reason.OPENING,
                "keys": [row.key for row in rows],
                "items": [row.item.pk for row in rows],
                "bins": [row.bin.pk for row in rows],
                "conditions": [row.condition for row in rows],
                "quantities": [row.quantity for row in rows],
            },
        )
        (moves,) = cursor.fetchone()
    record(
        kind="stock.opened",
        subject=store,
        store=store,
        quantity=sum(row.quantity for row in rows),
        data={"moves": moves},
    )
    return int(moves)
