"""Where a picker is sent for an item."""

from collections.abc import Collection, Mapping
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
    already: Mapping[int | None, int],
) -> list[Take]:
    """Bins, in walking order, whose uncommitted units add up to `quantity`.

    `already` are units by bin (id) that the caller has planned to take and not yet stored.
    """
    with connection.cursor() as cursor:
        cursor.execute(_BINS_SQL, {"store": store.pk, "item": item_id, "kinds": [str(kind) for kind in PICKABLE_KINDS]})
        rows = cursor.fetchall()
    takes, wanted = [], quantity
    for bin_id, free in rows:
        part = min(int(free) - already.get(bin_id, 0), wanted)
        if part > 0:
            takes.append(Take(bin_id, part))
            wanted -= part
    if wanted:
        takes.append(Take(None, wanted))
    return takes


# Where something has been caught missing, the next bin to look in is not the next one on the walk. First come bins that
# should have all of it; then those somebody has handled the item in lately (today, this week, before that), for every
# scan there was a look at the shelf; then the nearest. A bin that waits to be counted is known to be wrong.
_LIKELY_SQL = """
WITH origin AS (
    SELECT COALESCE(zone.walk_order, 0) AS zone_order, bin.walk_order, bin.zone_id FROM stores_bin bin
    LEFT JOIN stores_zone zone ON zone.id = bin.zone_id WHERE bin.id = %(near)s::bigint
), there AS (
    SELECT bin.id, bin.code, bin.zone_id, bin.walk_order, COALESCE(zone.walk_order, 0) AS zone_order,
           balance.quantity - COALESCE((
               SELECT sum(line.quantity - line.picked - line.short - line.withdrawn) FROM picking_pickline line
               JOIN picking_picklist list ON list.id = line.pick_list_id AND list.state IN ('open', 'picking')
               WHERE line.bin_id = bin.id AND line.item_id = balance.item_id AND line.is_open
                 AND line.id <> %(line)s::bigint
           ), 0) AS free,
           (SELECT max(move.recorded_at) FROM stock_move move
            WHERE move.store_id = balance.store_id AND move.item_id = balance.item_id
              AND bin.id IN (move.source_bin_id, move.target_bin_id)) AS seen_at
    FROM stock_balance balance
    JOIN stores_bin bin ON bin.id = balance.bin_id AND bin.kind = ANY (%(kinds)s::text[])
    LEFT JOIN stores_zone zone ON zone.id = bin.zone_id
    WHERE balance.store_id = %(store)s::bigint AND balance.item_id = %(item)s::bigint
      AND balance.condition = 'sellable' AND balance.quantity > 0 AND bin.id <> ALL (%(avoiding)s::bigint[])
      AND NOT EXISTS (
          SELECT FROM stock_countrequest request
          WHERE request.bin_id = bin.id AND request.item_id = balance.item_id AND request.state = 'open'
      )
)
SELECT there.id, there.code, there.free FROM there LEFT JOIN origin ON true
WHERE there.free > 0
ORDER BY there.free < %(quantity)s::int,
         CASE WHEN there.seen_at > now() - interval '1 day' THEN 0
              WHEN there.seen_at > now() - interval '7 days' THEN 1 ELSE 2 END,
         there.zone_id IS DISTINCT FROM origin.zone_id, abs(there.zone_order - COALESCE(origin.zone_order, 0)),
         abs(there.walk_order - COALESCE(origin.walk_order, 0)), there.id
LIMIT %(most)s
"""
CANDIDATES_MAX = 5


@dataclass(frozen=True)
class Candidate:
    """A bin that should have `free` units which no other line counts on."""

    bin_id: int
    code: str
    free: int


def bins_by_likelihood(
    *,
    store: Store,
    item_id: int,
    quantity: int,
    near: int | None,
    avoiding: Collection[int] = (),
    line_pk: int = 0,
    most: int = CANDIDATES_MAX,
) -> list[Candidate]:
    """Bins in which `quantity` units that were not where they should be may be found, the likeliest first.

    `near` is the bin (id) where the picker stands. What the line `line_pk` itself counts on is free to it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _LIKELY_SQL,
            {
                "store": store.pk,
                "item": item_id,
                "quantity": quantity,
                "near": near,
                "avoiding": sorted(avoiding),
                "line": line_pk,
                "kinds": [str(kind) for kind in PICKABLE_KINDS],
                "most": most,
            },
        )
        return [Candidate(bin_id, code, int(free)) for bin_id, code, free in cursor.fetchall()]
