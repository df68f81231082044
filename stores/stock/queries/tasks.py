"""Stock tasks: one associate's own, what was moved in it, and what the record has where it goes on."""

from dataclasses import dataclass

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, Sum

from stores.models import Bin, BinKind, Store
from stores.staff.models import Associate
from stores.stock.models import Balance, Condition, Move, StockTask

MOVES_SHOWN = 12
CONTENTS_SHOWN = 12


@dataclass(frozen=True)
class Counted:
    """What of one item was moved in a task, less what was taken back."""

    item_id: int
    name: str
    sku: str
    quantity: int


def own_tasks(*, store: Store, associate: Associate) -> QuerySet[StockTask]:
    """With their bin and item; a colleague's tasks and another store's are not there."""
    return StockTask.objects.filter(store=store, associate=associate).select_related("source_bin__zone", "item")


def open_task(*, store: Store, associate: Associate) -> StockTask | None:
    return own_tasks(store=store, associate=associate).filter(state=StockTask.State.OPEN).first()


def reference_of(task: StockTask) -> str:
    """What the moves of the task carry as their document."""
    return f"stocktask:{task.pk}"


def last_move(task: StockTask) -> Move | None:
    """The last move of the task that still counts: no undo, and not undone."""
    moves = Move.objects.filter(reference=reference_of(task), reverses=None, reversed_by=None)
    return moves.select_related("item", "source_bin", "target_bin").order_by("-pk").first()


def last_scanned(task: StockTask) -> Counted | None:
    """What was scanned last, also when it was taken back: the item that the keypad is about."""
    moves = Move.objects.filter(reference=reference_of(task), reverses=None)
    row = moves.order_by("-pk").values_list("item_id", "item__name", "item__sku").first()
    return Counted(*row, quantity=0) if row else None


def counted_in(task: StockTask) -> list[Counted]:
    """What the task has moved by item, the last scanned first."""
    # An undone move and what undid it cancel out: neither is counted.
    moves = Move.objects.filter(reference=reference_of(task), reverses=None, reversed_by=None)
    rows = moves.values_list("item_id", "item__name", "item__sku").annotate(units=Sum("quantity"), latest=Max("pk"))
    return [Counted(*row[:4]) for row in rows.order_by("-latest")[:MOVES_SHOWN]]


def units_moved(task: StockTask, item_id: int) -> int:
    """What the task has moved of one item, less what was taken back."""
    moves = Move.objects.filter(reference=reference_of(task), item=item_id, reverses=None, reversed_by=None)
    return moves.aggregate(units=Sum("quantity"))["units"] or 0


@dataclass(frozen=True)
class Contents:
    """What the record has in a bin: the first `rows`, and how much there is in all."""

    rows: list[Balance]
    units: int = 0
    items: int = 0
    left: int = 0  # Rows that are not among `rows`.


def contents(bin: Bin, conditions: tuple[Condition, ...], *, newest_first: bool) -> Contents:
    """What the record has in the bin in one of the conditions: what came in last first, or by name."""
    there = Balance.objects.filter(bin=bin, condition__in=conditions, quantity__gt=0)
    by_name = ("item__name", "item_id", "condition")
    if newest_first:
        came = Move.objects.filter(store=bin.store_id, item=OuterRef("item"), target_bin=bin).order_by("-pk")
        ordered = there.order_by(Subquery(came.values("pk")[:1]).desc(), *by_name)
    else:
        ordered = there.order_by(*by_name)
    rows = list(ordered.select_related("item")[: CONTENTS_SHOWN + 1])
    if len(rows) <= CONTENTS_SHOWN:
        return Contents(rows, sum(row.quantity for row in rows), len({row.item_id for row in rows}))
    whole = there.aggregate(units=Sum("quantity"), items=Count("item", distinct=True), rows=Count("pk"))
    return Contents(rows[:CONTENTS_SHOWN], whole["units"], whole["items"], whole["rows"] - CONTENTS_SHOWN)


def in_bin_by_condition(*, bin: Bin, item_id: int) -> dict[str, int]:
    """Units of the item in the bin, by condition; only what is there."""
    rows = Balance.objects.filter(bin=bin, item_id=item_id, quantity__gt=0)
    return dict(rows.values_list("condition", "quantity"))


def bins_of_kind(store: Store, kind: BinKind) -> list[Bin]:
    return list(Bin.objects.filter(store=store, kind=kind).select_related("zone").order_by("walk_order", "code")[:2])


def waiting_items(store: Store) -> int:
    """How many items have units in the receiving bins, whatever their condition."""
    lying = Balance.objects.filter(bin__kind=BinKind.RECEIVING, store=store, quantity__gt=0)
    return lying.values("item").distinct().count()
