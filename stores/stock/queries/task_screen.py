"""What the screen of a stock task shows beside the task itself, asked for only where the step needs it."""

from dataclasses import dataclass, field, replace

from stores.catalog.models import Item
from stores.models import Bin, BinKind, Store
from stores.staff.models import Role
from stores.stock.handling import OPEN_KINDS, WAYS, takes
from stores.stock.models import Condition, StockTask
from stores.stock.queries.item_stock import BinStock, item_stock
from stores.stock.queries.put_away import Suggestion, suggest_bin
from stores.stock.queries.replenish import Low, floor_is_low
from stores.stock.queries.tasks import Contents, Counted, bins_of_kind, contents, counted_in, last_move, last_scanned

Kind = StockTask.Kind


@dataclass(frozen=True)
class Sought:
    """The item somebody came for, and the bins that have it for this task, in walking order."""

    item: Item
    bins: list[BinStock]


@dataclass(frozen=True)
class TaskScreen:
    """`step` is what is scanned next: "source" (a bin), "item" or "target" (a bin); "ended" for nothing.

    `wanted` is how many were to be taken of what is in hand, 0 where nobody has said; `latest` is the item that the
    keypad is about, where items are counted at once.
    """

    task: StockTask
    step: str
    suggested: Suggestion | None = None
    place: Bin | None = None
    next_low: Low | None = None
    other_lows: list[Low] = field(default_factory=list)
    contents: Contents = field(default_factory=lambda: Contents([]))
    wanted: int = 0
    can_undo: bool = False
    latest: Counted | None = None
    counted: list[Counted] = field(default_factory=list)

    @property
    def is_at_once(self) -> bool:
        return WAYS[self.task.kind].is_at_once

    @property
    def is_confirmed_at_the_bin(self) -> bool:
        """Whether the next scan is of the bin the units came from, and of no other."""
        return self.step == "target" and WAYS[self.task.kind].target is not None

    @property
    def target_code(self) -> str:
        """The bin to go to, as large as can be; empty where the associate knows best."""
        if self.suggested:
            return self.suggested.code
        if self.task.source_bin and self.task.kind in {Kind.DAMAGE, Kind.QUARANTINE, Kind.RELEASE, Kind.WRITE_OFF}:
            return self.task.source_bin.code
        return self.place.code if self.place else ""


def task_screen(*, task: StockTask, store: Store, role: Role) -> TaskScreen:
    if task.state != StockTask.State.OPEN:
        return TaskScreen(task, "ended", counted=counted_in(task))
    if task.quantity:
        return _with_units_in_hand(task, store)
    if WAYS[task.kind].is_at_once:
        return _counting(task, store)
    can_undo = last_move(task) is not None
    if task.kind == Kind.REPLENISH:
        return replace(_replenishing(task, store), can_undo=can_undo)
    if task.source_bin is None:
        place = _only_one(store, BinKind.RECEIVING) if task.kind == Kind.PUT_AWAY else None
        return TaskScreen(task, "source", place=place, can_undo=can_undo)
    there = contents(task.source_bin, takes(task.kind, role), newest_first=task.kind == Kind.PUT_AWAY)
    return TaskScreen(task, "item", contents=there, can_undo=can_undo)


def _counting(task: StockTask, store: Store) -> TaskScreen:
    counted = counted_in(task)
    latest = counted[0] if counted else last_scanned(task)
    if task.source_bin is not None:
        return TaskScreen(task, "item", counted=counted, latest=latest, can_undo=bool(counted))
    place = _only_one(store, BinKind.RECEIVING) if task.kind == Kind.RECEIVE else None
    return TaskScreen(task, "source", place=place, counted=counted, latest=latest, can_undo=bool(counted))


def sought(*, task: StockTask, store: Store, role: Role, item_id: int) -> Sought | None:
    """What the task was begun for, until units of it are in hand or have been moved."""
    if not item_id or task.state != StockTask.State.OPEN or task.quantity or WAYS[task.kind].is_at_once:
        return None
    latest = last_move(task)
    item = Item.objects.filter(pk=item_id, is_bundle=False).first()
    if item is None or (latest is not None and latest.item_id == item_id):
        return None
    allowed = takes(task.kind, role)
    lying = item_stock(store=store, item=item).bins
    return Sought(item, [one for one in lying if one.kind in OPEN_KINDS and one.condition in allowed])


def wanted_units(*, task: StockTask, store: Store) -> int:
    """How many of what is in hand were to be fetched from this bin; 0 where the list does not name it."""
    if task.kind != Kind.REPLENISH:
        return 0
    here = (task.source_bin_id, task.item_id)
    return next((low.wanted for low in floor_is_low(store) if (low.bin_id, low.item_id) == here), 0)


def suggested_place(*, task: StockTask, store: Store) -> str:
    """The code of the bin that the screen leads to with the units in hand; empty where the associate knows best."""
    shown = _with_units_in_hand(task, store)
    if shown.suggested:
        return shown.suggested.code
    return shown.place.code if shown.place else ""


def _with_units_in_hand(task: StockTask, store: Store) -> TaskScreen:
    if task.kind in {Kind.PUT_AWAY, Kind.REPLENISH} and task.condition == Condition.SELLABLE and task.item_id:
        suggested = suggest_bin(store=store, item_id=task.item_id)
        return TaskScreen(task, "target", suggested=suggested, wanted=wanted_units(task=task, store=store))
    if task.kind == Kind.DISPLAY:
        return TaskScreen(task, "target", place=_only_one(store, BinKind.DISPLAY))
    return TaskScreen(task, "target")


def _replenishing(task: StockTask, store: Store) -> TaskScreen:
    """On from where the associate stands: this bin first, then the next on the way, then from the start."""
    lows = floor_is_low(store)
    place = task.source_bin
    if place is not None:
        stands = (place.zone.walk_order if place.zone else 0, place.walk_order)
        ahead = [low for low in lows if (low.zone_order, low.walk_order) >= stands]
        lows = ahead + [low for low in lows if low not in ahead]
    if not lows:
        return TaskScreen(task, "source")
    step = "item" if lows[0].bin_id == task.source_bin_id else "source"
    return TaskScreen(task, step, next_low=lows[0], other_lows=lows[1:])


def _only_one(store: Store, kind: BinKind) -> Bin | None:
    bins = bins_of_kind(store, kind)
    return bins[0] if len(bins) == 1 else None
