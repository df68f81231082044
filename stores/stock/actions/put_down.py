"""The scan that ends a move, and taking it back."""

from dataclasses import dataclass
from datetime import datetime

from stores.catalog.models import Item
from stores.models import Bin, Device
from stores.staff.models import Associate
from stores.stock.actions.post_handled import post_handled
from stores.stock.actions.post_move import Posting, reversal
from stores.stock.handling import WAYS
from stores.stock.handling_errors import (
    BinFirst,
    ConfirmAtTheBin,
    FewerFree,
    NothingToUndo,
    RecordHasFewer,
    SameBin,
    UndoGone,
    UndoPromised,
)
from stores.stock.models import Condition, Move, StockTask
from stores.stock.queries.bins import virtual_bin
from stores.stock.queries.tasks import in_bin_by_condition, last_move, reference_of, units_moved


@dataclass(frozen=True)
class PutDown:
    """`quantity` units of `item` were moved to `bin`, or were taken back to it. `unusual`: such a bin is not what the
    task is meant for. `short` units are missing of what customers were promised; `made_whole`: none is any more.
    `total` is what the task has counted of the item so far where each scan is posted at once, else 0. `suggested` is
    the code of the bin that the screen had led to, where they went into another."""

    item: Item
    quantity: int
    bin: Bin
    short: int = 0
    made_whole: bool = False
    unusual: bool = False
    total: int = 0
    suggested: str = ""


def put_down(
    *,
    task: StockTask,
    item: Item,
    quantity: int,
    place: Bin,
    associate: Associate,
    device: Device | None,
    key: str,
    at: datetime | None,
) -> PutDown:
    """Posts what the task is about: units in hand go to the scanned bin, or new ones come into it.

    The caller has locked the task. Raises SameBin, ConfirmAtTheBin, FewerFree and RecordHasFewer.
    """
    way = WAYS[task.kind]
    source, target = _ends(task, place)
    condition = Condition.SELLABLE if way.is_at_once else Condition(task.condition)
    if source.physical:
        found = in_bin_by_condition(bin=source, item_id=item.pk).get(condition, 0)
        if found < quantity:
            raise RecordHasFewer(bin=source.code, item=item.name, wanted=quantity, found=found)
    posting = Posting(
        key=key,
        item_id=item.pk,
        item_name=item.name,
        source=source,
        source_condition=condition,
        target=target,
        target_condition=way.makes or condition,
        quantity=quantity,
        reason=way.reason,
        reference=reference_of(task),
        associate=associate,
        occurred_at=at,
    )
    handled = post_handled(posting, item=item, device=device, data=_about(task))
    # Where each scan is posted at once, the bin was spoken of when it was scanned.
    is_usual = way.is_at_once or way.target is not None or place.kind in way.usual_targets
    # What is damaged or held may stay where it is; a sample that stays on its shelf is on no display.
    stays = source.pk == target.pk and way.makes != Condition.DISPLAY
    return PutDown(
        item,
        quantity,
        source if way.target else target,
        short=handled.short,
        made_whole=handled.made_whole,
        unusual=not is_usual and not stays,
        total=units_moved(task, item.pk) if way.is_at_once else 0,
    )


def undo_last_move(
    *, task: StockTask, associate: Associate, device: Device | None, key: str, at: datetime | None
) -> PutDown:
    """Moves back what the task's last scan moved. Raises NothingToUndo, UndoGone, UndoPromised."""
    last = last_move(task)
    if last is None:
        raise NothingToUndo
    condition = Condition(last.target_condition)
    if last.target_bin.physical:
        found = in_bin_by_condition(bin=last.target_bin, item_id=last.item_id).get(condition, 0)
        if found < last.quantity:
            raise UndoGone(bin=last.target_bin.code, item=last.item.name, wanted=last.quantity, found=found)
    posting = reversal(last, key=key, reason=Move.Reason.CORRECTED, associate=associate, at=at)
    try:
        handled = post_handled(posting, item=last.item, device=device, data=_about(task) | {"undoes": last.pk})
    except FewerFree as promised:
        raise UndoPromised(**promised.facts) from promised
    back_in = last.source_bin if last.source_bin.physical else last.target_bin
    return PutDown(last.item, last.quantity, back_in, made_whole=handled.made_whole)


def _ends(task: StockTask, place: Bin) -> tuple[Bin, Bin]:
    """Where the units come from and where they go, for a scan of `place`."""
    way = WAYS[task.kind]
    if way.source is not None:
        return virtual_bin(task.store_id, way.source), place
    came_from = task.source_bin
    if came_from is None:
        raise BinFirst
    if way.target is not None:
        if place.pk != came_from.pk:
            raise ConfirmAtTheBin(bin=came_from.code, came=place.code)
        return came_from, virtual_bin(task.store_id, way.target)
    if place.pk == came_from.pk and not (way.may_stay and way.makes != task.condition):
        raise SameBin(bin=came_from.code)
    return came_from, place


def _about(task: StockTask) -> dict[str, str | int]:
    about: dict[str, str | int] = {"task": task.pk}
    return about | {"reference": task.reference} if task.reference else about
