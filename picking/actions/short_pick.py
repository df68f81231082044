"""The shelf has less than the record says."""

from django.db import transaction
from django.db.models import F

from picking.actions.claims import lock_own_list
from picking.actions.release import add_lines
from picking.errors import AlreadyComplete, TooMany
from picking.models import PickLine, PickList, PickPart, Shortage
from picking.queries.bins import bins_to_pick_from
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.actions.give_up_units import give_up_units
from stores.orders.errors import NotHere
from stores.orders.models import FulfillmentLine, OrderLine
from stores.staff.models import Associate
from stores.stock.actions.post_move import Posting, post_move
from stores.stock.actions.reservations import reserve
from stores.stock.errors import ShortStock
from stores.stock.models import Balance, Condition, Move

_HOLD = {
    Shortage.Reason.NOT_FOUND: (Condition.QUARANTINED, Move.Reason.NOT_FOUND),
    Shortage.Reason.DAMAGED: (Condition.DAMAGED, Move.Reason.DAMAGED),
}


def short_pick(
    *,
    store: Store,
    pk: int,
    line_pk: int,
    quantity: int,
    reason: Shortage.Reason,
    associate: Associate,
    device: Device | None,
    key: str,
) -> int:
    """Marks `quantity` open units of a line as not to be had, and returns how many this store can still find elsewhere.

    The units stay in the record, held back from ATP until somebody has looked: quarantined when they were not there,
    damaged when they were not fit. Units the store can promise from other bins become new lines of the same list; the
    rest goes back to the order when the list is finished. Raises TooMany, AlreadyComplete, NotYourList, ListEnded, and
    NotHere for a line of another list.
    """
    pick_list = lock_own_list(store=store, pk=pk, associate=associate)
    line = _lock_line(pick_list, line_pk)
    if not line.open_quantity:
        raise AlreadyComplete(item=line.item.name, quantity=line.quantity)
    if quantity > line.open_quantity:
        raise TooMany(item=line.item.name, wanted=line.open_quantity, came=quantity)
    PickLine.objects.filter(pk=line.pk).update(short=F("short") + quantity, short_reason=reason)
    give_up_units(line=line.fulfillment_line, quantity=quantity, reason=reason, key=f"{key}:given-up")
    _hold_back(line, quantity, reason, associate, key)
    record(
        kind="picking.unit_short",
        subject=line,
        store=store,
        actor=associate,
        device=device,
        item=line.item,
        quantity=quantity,
        data={"list": pick_list.pk, "reason": reason, "bin": line.bin.code if line.bin else None},
        key=key,
    )
    if line.bin is None:
        # What this store could still promise lies where no picker is sent: another line would be as blind as this one.
        return 0
    return _find_elsewhere(line.part, line.fulfillment_line, quantity, key)


def _lock_line(pick_list: PickList, pk: int) -> PickLine:
    """A scan does not wait for the list's lock, so the line needs its own. Raises NotHere."""
    lines = pick_list.lines.select_for_update(of=("self",), no_key=True)
    line = (
        lines.select_related("item", "bin", "fulfillment_line__reservation", "part__pick_list__store")
        .filter(pk=pk)
        .first()
    )
    if line is None:
        raise NotHere
    return line


def _hold_back(line: PickLine, quantity: int, reason: Shortage.Reason, associate: Associate, key: str) -> None:
    """What the record still puts in the bin must not be promised again before somebody has looked."""
    if line.bin is None:
        return
    recorded = (
        Balance.objects.filter(bin=line.bin, item=line.item, condition=Condition.SELLABLE)
        .values_list("quantity", flat=True)
        .first()
    ) or 0
    held = min(quantity, recorded)
    if held:
        condition, why = _HOLD[reason]
        post_move(
            Posting(
                key=f"{key}:held-back",
                item_id=line.item_id,
                source=line.bin,
                target=line.bin,
                target_condition=condition,
                quantity=held,
                reason=why,
                reference=f"pickline:{line.pk}",
                associate=associate,
            )
        )


def _find_elsewhere(part: PickPart, line: FulfillmentLine, quantity: int, key: str) -> int:
    # Where the picker has just looked in vain the record is wrong: nobody is sent there again before it is counted.
    pick_list = part.pick_list
    empty = set(
        pick_list.lines.filter(
            item_id=line.item_id, short_reason=Shortage.Reason.NOT_FOUND, bin__isnull=False
        ).values_list("bin_id", flat=True)
    )
    takes = bins_to_pick_from(store=pick_list.store, item_id=line.item_id, quantity=quantity, avoiding=empty)
    if any(take.bin_id is None for take in takes):
        return 0
    try:
        with transaction.atomic():
            reservation = reserve(
                key=f"{key}:elsewhere",
                store_id=pick_list.store_id,
                item_id=line.item_id,
                quantity=quantity,
                reference=f"fulfillment:{part.fulfillment_id}",
            )
    except ShortStock:
        return 0
    again = FulfillmentLine.objects.create(
        fulfillment_id=part.fulfillment_id,
        order_line_id=line.order_line_id,
        item_id=line.item_id,
        quantity=quantity,
        reservation=reservation,
    )
    OrderLine.objects.filter(pk=line.order_line_id).update(allocated=F("allocated") + quantity)
    add_lines(part, [(again, quantity)], avoiding=empty)
    return quantity
