"""What a follower of availability must look at again, page by page, none ever left out.

The order of sequences and of transaction ids is not the order of commits: whoever pages by `id > last` steps over rows
whose transaction commits later. A page here ends below the horizon, the oldest transaction that is still writing: all
below it have ended, so nothing can appear there any more. What is changed later is changed by a transaction at or above
the horizon, and lies ahead of every position that a follower can have.

Two streams are followed side by side: rows of availability, and marks on items, which change in all stores at once.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from django.db import connection

# Positions of a stream: all up to and including it has been told. Ids begin at 1.
RowPlace = tuple[int, int]  # (transaction, availability id)
MarkPlace = tuple[int, int, int]  # (transaction, item id, store id)
Pair = tuple[int, int]  # (store id, item id)
BIGGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Position:
    """How far a follower is: `snapshot` is the last pair of its first reading of all there is, None once it is done."""

    rows: RowPlace
    marks: MarkPlace
    snapshot: Pair | None = None


class Horizon(NamedTuple):
    """`transaction`: all below have ended. `database` is another after a restore or a failover, which may have lost
    what followers were told. `behind_seconds`: how long the oldest writer has been at it."""

    transaction: int
    database: str
    behind_seconds: int


@dataclass(frozen=True)
class Page:
    """`pairs`, each once; `after` is where the next page begins, and `more` whether there is one now."""

    pairs: list[Pair]
    after: Position
    more: bool


# Read in an earlier statement than the rows: a horizon that is too old only tells a row later, or twice.
_HORIZON_SQL = """
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
       format('%s.%s.%s', (SELECT system_identifier FROM pg_control_system()),
              (SELECT timeline_id FROM pg_control_checkpoint()),
              (SELECT oid FROM pg_database WHERE datname = current_database())),
       COALESCE((SELECT extract(epoch FROM clock_timestamp() - min(xact_start)) FROM pg_stat_activity
                 WHERE backend_xid IS NOT NULL), 0)::int
"""
_SNAPSHOT_SQL = """
SELECT store_id, item_id FROM stock_availability
WHERE (store_id, item_id) > (%(store)s::bigint, %(item)s::bigint) AND store_id <= %(last)s::bigint
  AND (%(stores)s::bigint[] IS NULL OR store_id = ANY(%(stores)s::bigint[]))
ORDER BY store_id, item_id LIMIT %(limit)s::int
"""
_ROWS_SQL = """
SELECT changed_in, id, store_id, item_id FROM stock_availability
WHERE changed_in < %(horizon)s::bigint AND (changed_in, id) > (%(transaction)s::bigint, %(id)s::bigint)
  AND (%(stores)s::bigint[] IS NULL OR store_id = ANY(%(stores)s::bigint[]))
ORDER BY changed_in, id LIMIT %(limit)s::int
"""
_MARKS_SQL = """
SELECT mark.changed_in, mark.item_id, place.store_id
FROM stock_promisemark mark
CROSS JOIN LATERAL (
    SELECT id AS store_id FROM stores_store WHERE mark.everywhere
    UNION ALL
    SELECT store_id FROM stock_availability WHERE item_id = mark.item_id AND NOT mark.everywhere
) place
WHERE mark.changed_in < %(horizon)s::bigint AND mark.changed_in >= %(transaction)s::bigint
  AND (mark.changed_in, mark.item_id, place.store_id) > (%(transaction)s::bigint, %(item)s::bigint, %(store)s::bigint)
  AND (%(stores)s::bigint[] IS NULL OR place.store_id = ANY(%(stores)s::bigint[]))
ORDER BY mark.changed_in, mark.item_id, place.store_id LIMIT %(limit)s::int
"""
_BUNDLES_SQL = """
SELECT component_id, bundle_id FROM catalog_bundlecomponent WHERE component_id = ANY(%(items)s::bigint[])
ORDER BY bundle_id
"""


def read_horizon() -> Horizon:
    with connection.cursor() as cursor:
        cursor.execute(_HORIZON_SQL)
        return Horizon(*cursor.fetchone())


def from_the_start(horizon: Horizon) -> Position:
    """Everything there is, then what has changed since now."""
    return Position(rows=(horizon.transaction, 0), marks=(horizon.transaction, 0, 0), snapshot=(0, 0))


def changes_after(position: Position, horizon: Horizon, *, limit: int, stores: Sequence[int] | None = None) -> Page:
    """The next pairs whose promise may have changed, bundles of what has changed included.

    About `limit` pairs: more only when one item is in more bundles than that. `stores` are the ids to follow, None for
    all; a follower keeps to the same ones.
    """
    reading = _Reading(horizon.transaction, limit + 1, stores)
    if position.snapshot is not None:
        steps, end = reading.snapshot(position), replace(position, snapshot=None)
    else:
        beyond = Position(rows=(horizon.transaction, 0), marks=(horizon.transaction, 0, 0))
        # All below the horizon is told: the next page need not look at it again, nor at other stores' rows in it.
        end = Position(max(position.rows, beyond.rows), max(position.marks, beyond.marks))
        steps = list(chain(reading.marks(position), reading.rows(replace(position, marks=end.marks))))
    bundles = _bundles_of({item_id for (_store_id, item_id), _after in steps})
    pairs: dict[Pair, None] = {}
    told_until = position
    for (store_id, item_id), after in steps:
        told = [(store_id, one) for one in (item_id, *bundles.get(item_id, ()))]
        if pairs and len(pairs) + len(told) > limit:
            return Page(list(pairs), told_until, more=True)
        pairs.update(dict.fromkeys(told))
        told_until = after
    # The first reading is followed by what has changed during it.
    return Page(list(pairs), end, more=position.snapshot is not None)


# A pair, and how far its follower is once it is told.
Step = tuple[Pair, Position]


@dataclass(frozen=True)
class _Reading:
    horizon: int
    limit: int
    stores: Sequence[int] | None

    def snapshot(self, position: Position) -> list[Step]:
        store_id, item_id = position.snapshot or (0, 0)
        if self.stores is not None:
            # The first and the last page need not look through all other stores' rows.
            store_id = max(store_id, min(self.stores, default=0))
        last = BIGGEST_ID if self.stores is None else max(self.stores, default=0)
        found = self._fetch(_SNAPSHOT_SQL, store=store_id, item=item_id, last=last)
        return [((store, item), replace(position, snapshot=(store, item))) for store, item in found]

    def rows(self, position: Position) -> Iterator[Step]:
        transaction, pk = position.rows
        for changed_in, row, store, item in self._fetch(_ROWS_SQL, transaction=transaction, id=pk):
            yield (store, item), replace(position, rows=(changed_in, row))

    def marks(self, position: Position) -> Iterator[Step]:
        transaction, item_id, store_id = position.marks
        for changed_in, item, store in self._fetch(_MARKS_SQL, transaction=transaction, item=item_id, store=store_id):
            yield (store, item), replace(position, marks=(changed_in, item, store))

    def _fetch(self, sql: str, **place: int) -> list[tuple[int, ...]]:
        stores = None if self.stores is None else list(self.stores)
        with connection.cursor() as cursor:
            cursor.execute(sql, {**place, "horizon": self.horizon, "limit": self.limit, "stores": stores})
            found: list[tuple[int, ...]] = cursor.fetchall()
        return found


def _bundles_of(items: Iterable[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_BUNDLES_SQL, {"items": list(items)})
        for component_id, bundle_id in cursor.fetchall():
            found.setdefault(component_id, []).append(bundle_id)
    return found
