"""The ledger of one item in one store, as a person reads it: who, when, why, from where to where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _

from stores.catalog.models import Item
from stores.models import Bin, BinKind, Store
from stores.stock.documents import Document, documents_behind
from stores.stock.models import Condition, Move

_IN_TRANSIT_SQL = """
WITH transit AS (SELECT id FROM stores_bin WHERE store_id = %(store)s::bigint AND kind = 'transit'),
on_the_way AS (
    SELECT move.id, move.reference,
           CASE WHEN move.target_bin_id = transit.id THEN move.quantity ELSE -move.quantity END AS units
    FROM stock_move move, transit
    WHERE move.store_id = %(store)s::bigint AND move.item_id = %(item)s::bigint
      AND (move.source_bin_id = transit.id) <> (move.target_bin_id = transit.id)
)
SELECT reference, sum(units) FROM on_the_way GROUP BY reference HAVING sum(units) > 0 ORDER BY min(id)
"""


# Rows that are read for each that is shown: scans of one task make one row together.
READ_FOR_EACH = 10


@dataclass(frozen=True)
class Movement:
    """One move, or `scans` of them that somebody made one after the other for the same document, all alike.

    `quantity` is the units of all of them. `change` is what they did to the store's stock; 0 when units only went from
    bin to bin. `pk` and `at` are the latest one's, `oldest` is the id of the first. `undoes` is when the move that this
    one takes back was made; `undone` tells that a later one took this one back.
    """

    pk: int
    at: datetime
    who: str
    who_id: int | None
    why: str
    source: str
    target: str
    quantity: int
    change: int
    reference: str
    undoes: datetime | None
    undone: bool
    oldest: int
    scans: int = 1
    document: Document | None = None

    def named_by(self, known: Mapping[str, Document]) -> Self:
        """With the document that its reference names, where that is known."""
        return replace(self, document=known.get(self.reference))

    def follows(self, earlier: Self) -> bool:
        """Whether both are told as one: nothing but the quantity and the moment differs, and neither was taken back."""
        if not self.reference or self.undone or earlier.undone or self.undoes or earlier.undoes:
            return False
        return self._kind == earlier._kind

    @property
    def _kind(self) -> tuple[object, ...]:
        return (self.who_id, self.why, self.source, self.target, self.reference)

    def with_earlier(self, earlier: Self) -> Self:
        return replace(
            self,
            quantity=self.quantity + earlier.quantity,
            change=self.change + earlier.change,
            oldest=earlier.oldest,
            scans=self.scans + earlier.scans,
        )

    @property
    def signed(self) -> str:
        """+3 in, −2 out, 1 inside the house."""
        return f"+{self.change}" if self.change > 0 else f"−{-self.change}" if self.change else f"{self.quantity}"

    @property
    def tone(self) -> str:
        return "yes" if self.change > 0 else "no" if self.change else ""


@dataclass(frozen=True)
class History:
    """The latest first. `older` is the id below which the history goes on, None at its beginning."""

    rows: list[Movement]
    older: int | None


def movements(
    *, store: Store, item: Item, limit: int, before: int | None = None, reason: str = "", condition: str = ""
) -> History:
    """The latest moves, from below the id `before` on; up to `limit` rows. A very long run of scans is told in parts.

    `reason` is a Move.Reason; `condition` leaves the moves that brought units into that condition or out of it. One
    query.
    """
    moves = Move.objects.filter(store=store, item=item)
    if before is not None:
        moves = moves.filter(pk__lt=before)
    if reason:
        moves = moves.filter(reason=reason)
    if condition:
        moves = moves.filter(Q(source_condition=condition) | Q(target_condition=condition))
    named = moves.select_related("source_bin", "target_bin", "associate", "reverses", "reversed_by")
    most = limit * READ_FOR_EACH
    found = [_movement(store, move) for move in named.order_by("-pk")[: most + 1]]
    rows: list[Movement] = []
    for one in found[:most]:
        if rows and rows[-1].follows(one):
            rows[-1] = rows[-1].with_earlier(one)
        elif len(rows) < limit:
            rows.append(one)
        else:
            return History(rows, rows[-1].oldest)
    return History(rows, rows[-1].oldest if len(found) > most else None)


def in_transit_by_document(*, store: Store, item: Item) -> list[tuple[Document, int]]:
    """What is on its way, by the document it travels for, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_TRANSIT_SQL, {"store": store.pk, "item": item.pk})
        rows: Sequence[tuple[str, int]] = cursor.fetchall()
    known = documents_behind(store, (reference for reference, _units in rows))
    return [(known.get(reference) or Document(_("No document")), int(units)) for reference, units in rows]


def _movement(store: Store, move: Move) -> Movement:
    undone = getattr(move, "reversed_by", None)
    return Movement(
        pk=move.pk,
        at=store.local(move.occurred_at),
        oldest=move.pk,
        # Nobody's hands: what another system had sent, or what was loaded.
        who=move.associate.name if move.associate else _("Storehand"),
        who_id=move.associate_id,
        why=move.get_reason_display(),
        source=_end(move.source_bin, move.source_condition),
        target=_end(move.target_bin, move.target_condition),
        quantity=move.quantity,
        change=(move.target_bin.physical - move.source_bin.physical) * move.quantity,
        reference=move.reference,
        undoes=store.local(move.reverses.occurred_at) if move.reverses else None,
        undone=undone is not None,
    )


def _outside(kind: BinKind) -> str:
    # What was found comes from there, what was written off or not found goes there.
    return _("Not in the record") if kind == BinKind.VARIANCE else str(kind.label)


def _end(place: Bin, condition: str) -> str:
    """The bin as it is called here, with the condition when it is not the usual one."""
    name = place.code if place.physical else _outside(BinKind(place.kind))
    if condition == Condition.SELLABLE:
        return name
    return _("{bin}, {condition}").format(bin=name, condition=str(Condition(condition).label).lower())
