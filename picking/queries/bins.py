"""Where a picker is sent for an item."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import connection

from stores.models import PICKABLE_KINDS, Store

# What the ledger puts in the bin, less what other open lines will take from it. Full bins first would mean fewer
# stops, but a bin that is emptied is a bin that needs no count: walking order decides, and the path stays one way.
_BINS_SQL = """
SELECT bin.id, balance.quantity - COALESCE((
    SELECT sum(line.quantity - line.picked - line.short - line.withdrawn) FROM picking_pickline line
    JOIN picking_picklist list ON list.id = line.pick_list_id AND list.state IN ('open', 'picking')
    WHERE line.bin_id = bin.id AND line.item_id = balance.item_id AND line.is_open
), 0) AS free
FROM stock_balance balance
JOIN stores_bin bin ON bin.id = balance.bin_id
LEFT JOIN stores_zone zone ON zone.id = bin.zone_id
WHERE balance.store_id = %(store)s::bigint AND balance.item_id = %(item)s::bigint
  AND balance.condition = 'sellable' AND balance.quantity > 0 AND bin.kind = ANY (%(kinds)s::text[])
ORDER BY COALESCE(zone.walk_order, 0), bin.walk_order, bin.id
"""


@dataclass(frozen=True)
class Take:
    """`quantity` units from a bin; no bin when the ledger knows none that has them."""

    bin_id: int | None
    quantity: int


def bins_to_pick_from(
    *,
    store: Store,
    item_id: int,
    quantity: int,
    already: dict[int | None, int] | None = None,
    avoiding: Collection[int] = (),
) -> list[Take]:
    """Bins, in walking order, whose uncommitted units add up to `quantity`.

    `already` are units by bin that the caller has planned to take and not yet stored; `avoiding` are bins (ids) whose
    record nobody should trust now.
    """
    planned = already or {}
    with connection.cursor() as cursor:
        cursor.execute(_BINS_SQL, {"store": store.pk, "item": item_id, "kinds": [str(kind) for kind in PICKABLE_KINDS]})
        rows = cursor.fetchall()
    takes, wanted = [], quantity
    for bin_id, free in rows:
        part = min(int(free) - planned.get(bin_id, 0), wanted)
        if part > 0 and bin_id not in avoiding:
            takes.append(Take(bin_id, part))
            wanted -= part
    if wanted:
        takes.append(Take(None, wanted))
    return takes
