"""What the screen of a stock task shows beside the task itself, asked for only where the step needs it."""

from dataclasses import dataclass, field

from stores.catalog.models import Item
from stores.models import Bin, BinKind, Store
from stores.staff.models import Role
from stores.stock.handling import OPEN_KINDS, WAYS, takes
from stores.stock.models import Balance, Condition, StockTask
from stores.stock.queries.item_stock import BinStock, item_stock
from stores.stock.queries.put_away import Suggestion, suggest_bin
from stores.stock.queries.replenish import Low, floor_is_low
from stores.stock.queries.tasks import CONTENTS_SHOWN, Counted, bins_of_kind, contents, counted_in, last_move

Kind = StockTask.Kind


@dataclass(frozen=True)
class Sought:
    """The item somebody came for, and the bins that have it for this task, in walking order."""

    item: Item
    bins: list[BinStock]


@dataclass(frozen=True)
class TaskScreen:
    """`step` is what is scanned next: "source" (a bin), "item" or "target" (a bin); "ended" for nothing."""

    task: StockTask
    step: str
    suggested: Suggestion | None = None
    place: Bin | None = None
    next_low: Low | None = None
    other_lows: list[Low] = field(default_factory=list)
    contents: list[Balance] = field(default_factory=list)
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

    @property
    def rows(self) -> list[Balance]:
        return self.contents[:CONTENTS_SHOWN]

    @property
    def has_more(self) -> bool:
        return len(self.contents) > CONTENTS_SHOWN

    @property
    def latest(self) -> Counted | None:
        """The item the keypad is about, where items are counted at once."""
        return self.counted[0] if self.counted else None


def task_screen(*, task: StockTask, store: Store, role: Role) -> TaskScreen:
    if task.state != StockTask.State.OPEN:
        return TaskScreen(task, "ended", counted=counted_in(task))
    if task.quantity:
        return _with_units_in_hand(task, store)
    if task.kind == Kind.REPLENISH:
        return _replenishing(task, store)
    counted = counted_in(task) if WAYS[task.kind].is_at_once else []
    if task.source_bin is None:
        place = _only_one(store, BinKind.RECEIVING) if task.kind in {Kind.RECEIVE, Kind.PUT_AWAY} else None
        return TaskScreen(task, "source", place=place, counted=counted)
    if WAYS[task.kind].is_at_once:
        return TaskScreen(task, "item", counted=counted)
    return TaskScreen(task, "item", contents=contents(task.source_bin, takes(task.kind, role)))


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


def suggested_place(*, task: StockTask, store: Store) -> str:
    """The code of the bin that the screen leads to with the units in hand; empty where the associate knows best."""
    shown = _with_units_in_hand(task, store)
    if shown.suggested:
        return shown.suggested.code
    return shown.place.code if shown.place else ""


def _with_units_in_hand(task: StockTask, store: Store) -> TaskScreen:
    if task.kind in {Kind.PUT_AWAY, Kind.REPLENISH} and task.condition == Condition.SELLABLE and task.item_id:
        return TaskScreen(task, "target", suggested=suggest_bin(store=store, item_id=task.item_id))
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
