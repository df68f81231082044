"""A move that somebody makes by hand, with what it does to the promise."""

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


def post_handled(posting: Posting, *, item: Item, device: Device | None, data: dict[str, str | int]) -> Handled:
    """Posts the move with its event, in the caller's transaction.

    A fact (`Move.FACTS`) is posted whoever was promised the units: `stock.shortfall` is recorded and those who listen
    on `on_shortfall` are told. Every other move of promised units raises FewerFree. Raises NotInBin like post_move.
    """
    before = _lock(posting)
    is_fact = posting.reason in Move.FACTS
    free = before.on_hand - before.unsellable - before.reserved
    change = _change_of_sellable(posting)
    if not is_fact and change < 0 and free + change < 0:
        raise FewerFree(item=item.name, wanted=posting.quantity, free=max(free, 0))
    move_id = post_move(posting)
    record(
        kind=f"stock.{posting.reason}",
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
    # The row is locked: nobody else has changed it since, and the posting function counts the same way.
    missing = max(0, -(free + change))
    if is_fact and missing > before.shortfall:
        _record_shortfall(posting, item, device, missing, missing - before.shortfall)
        return Handled(move_id, missing - before.shortfall, made_whole=False)
    return Handled(move_id, 0, made_whole=before.shortfall > 0 and missing == 0)


def _lock(posting: Posting) -> Availability:
    """The pair's row, locked before the posting locks it; zeros where the store never had the item."""
    pairs = [(posting.store_id, posting.item_id)]
    row = Availability.objects.for_pairs(pairs).locked().first()
    return row or Availability(on_hand=0, unsellable=0, reserved=0, shortfall=0)


def _change_of_sellable(posting: Posting) -> int:
    """Units more, or fewer, that lie in the building and can be sold."""
    was = posting.source.physical and posting.source_condition == Condition.SELLABLE
    becomes = posting.target.physical and posting.target_condition == Condition.SELLABLE
    return posting.quantity * (becomes - was)


def _record_shortfall(posting: Posting, item: Item, device: Device | None, missing: int, rose_by: int) -> None:
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
