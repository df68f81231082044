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


@dataclass(frozen=True)
class Movement:
    """One move. `change` is what it did to the store's stock; 0 when units only went from bin to bin.

    `undoes` is when the move that this one takes back was made; `undone` tells that a later one took this one back.
    """

    pk: int
    at: datetime
    who: str
    why: str
    source: str
    target: str
    quantity: int
    change: int
    reference: str
    undoes: datetime | None
    undone: bool
    document: Document | None = None

    def named_by(self, known: Mapping[str, Document]) -> Self:
        """With the document that its reference names, where that is known."""
        return replace(self, document=known.get(self.reference))

    @property
    def signed(self) -> str:
        """+3 in, −2 out, 1 inside the house."""
        return f"+{self.change}" if self.change > 0 else f"−{-self.change}" if self.change else f"{self.quantity}"

    @property
    def tone(self) -> str:
        return "yes" if self.change > 0 else "no" if self.change else ""


def movements(
    *, store: Store, item: Item, limit: int, before: int | None = None, reason: str = "", condition: str = ""
) -> list[Movement]:
    """The latest moves first, from below the id `before` on; up to `limit`.

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
    return [_movement(store, move) for move in named.order_by("-pk")[:limit]]


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
        who=move.associate.name if move.associate else _("System"),
        why=move.get_reason_display(),
        source=_end(move.source_bin, move.source_condition),
        target=_end(move.target_bin, move.target_condition),
        quantity=move.quantity,
        change=(move.target_bin.physical - move.source_bin.physical) * move.quantity,
        reference=move.reference,
        undoes=store.local(move.reverses.occurred_at) if move.reverses else None,
        undone=undone is not None,
    )


def _end(place: Bin, condition: str) -> str:
    """The bin as it is called here, with the condition when it is not the usual one."""
    name = place.code if place.physical else str(BinKind(place.kind).label)
    if condition == Condition.SELLABLE:
        return name
    return _("{bin}, {condition}").format(bin=name, condition=str(Condition(condition).label).lower())
