"""A move that somebody makes by hand, with what it does to the promise."""

from collections.abc import Mapping
from dataclasses import dataclass

from stores.catalog.models import Item
from stores.journal.actions.record import record
from stores.models import Device
from stores.stock.actions.post_move import Posting, post_move
from stores.stock.handling_errors import FewerFree
from stores.stock.hooks import tell_shortfall
from stores.stock.models import Availability, Condition, Move


@dataclass(frozen=True)
class Handled:
    """What was posted. `short` are the units customers were promised and that are missing since; `made_whole` tells
    that some were missing before, and none is now."""

    move_id: int
    short: int
    made_whole: bool


def post_handled(
    posting: Posting, *, item: Item, device: Device | None, data: Mapping[str, object], kind: str = ""
) -> Handled:
    """Posts the move with its event, in the caller's transaction; `kind` names the event where its reason does not.

    A fact (`Move.FACTS`) is posted whoever was promised the units: `stock.shortfall` is recorded and those who listen
    on `on_shortfall` are told. Every other move of promised units raises FewerFree. Raises NotInBin like post_move.
    """
    before = lock_availability(posting.store_id, posting.item_id)
    is_fact = posting.reason in Move.FACTS
    free = before.on_hand - before.unsellable - before.reserved
    change = _change_of_sellable(posting)
    if not is_fact and change < 0 and free + change < 0:
        raise FewerFree(item=item.name, wanted=posting.quantity, free=max(free, 0))
    move_id = post_told(posting, item=item, device=device, data=data, kind=kind)
    # The row is locked: nobody else has changed it since, and the posting function counts the same way.
    missing = max(0, -(free + change))
    if is_fact and missing > before.shortfall:
        record_shortfall(posting, item=item, device=device, missing=missing, rose_by=missing - before.shortfall)
        return Handled(move_id, missing - before.shortfall, made_whole=False)
    return Handled(move_id, 0, made_whole=before.shortfall > 0 and missing == 0)


def post_told(
    posting: Posting, *, item: Item, device: Device | None, data: Mapping[str, object], kind: str = ""
) -> int:
    """Posts the move with its event and returns its id. What it does to the promise is for the caller to tell."""
    move_id = post_move(posting)
    record(
        kind=kind or f"stock.{posting.reason}",
        subject=f"move:{move_id}",
        store=posting.store_id,
        actor=posting.associate,
        device=device,
        item=item,
        quantity=posting.quantity,
        occurred_at=posting.occurred_at,
        data={"from": posting.source.code, "to": posting.target.code, "condition": posting.target_condition, **data},
        key=posting.key,
    )
    return move_id


def lock_availability(store_id: int, item_id: int) -> Availability:
    """The pair's row, locked before a posting locks it; zeros where the store never had the item."""
    row = Availability.objects.for_pairs([(store_id, item_id)]).locked().first()
    return row or Availability(store_id=store_id, item_id=item_id, on_hand=0, unsellable=0, reserved=0, shortfall=0)


def _change_of_sellable(posting: Posting) -> int:
    """Units more, or fewer, that lie in the building and can be sold."""
    was = posting.source.physical and posting.source_condition == Condition.SELLABLE
    becomes = posting.target.physical and posting.target_condition == Condition.SELLABLE
    return posting.quantity * (becomes - was)


def record_shortfall(posting: Posting, *, item: Item, device: Device | None, missing: int, rose_by: int) -> None:
    """`missing` units of what was promised are not there any more, `rose_by` of them because of this move."""
    record(
        kind="stock.shortfall",
        subject=f"item:{item.pk}",
        store=posting.store_id,
        actor=posting.associate,
        device=device,
        item=item,
        quantity=rose_by,
        occurred_at=posting.occurred_at,
        data={"missing": missing, "reason": posting.reason, "bin": posting.source.code},
        key=posting.key,
    )
    tell_shortfall(posting.store_id, posting.item_id, missing)
