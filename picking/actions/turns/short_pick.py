"""The shelf has less than the record says."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from picking.actions.claims import lock_own_list
from picking.actions.turns.add_sought import add_sought
from picking.actions.turns.why_refused import nothing_open
from picking.errors import TooMany
from picking.models import PickLine, PickList, PickPart, Shortage
from picking.queries.bins import bins_by_likelihood
from picking.queries.walk import load_walk
from stores.catalog.barcodes import read_code
from stores.catalog.models import Item
from stores.catalog.queries import find_item
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.actions.give_up_units import give_up_units
from stores.orders.errors import NotHere
from stores.orders.models import FulfillmentLine, OrderLine
from stores.staff.models import Associate
from stores.stock.actions.count_requests import ask_for_count
from stores.stock.actions.post_handled import lock_availability
from stores.stock.actions.post_move import Posting, post_move
from stores.stock.actions.reservations import reserve
from stores.stock.errors import ShortStock
from stores.stock.models import Balance, Condition, CountRequest, Move

# A bin may hold less than the line wants: more bins than a picker would ever be shown.
_BINS_MAX = 50


@dataclass(frozen=True)
class Short:
    """What became of the units at once: `elsewhere` of them are to be taken from `bins` (codes) of this store; the
    rest is decided when the list is finished, or by the picker before. `kept` units nobody is sold until `bin` is
    counted."""

    quantity: int
    elsewhere: int = 0
    bins: Sequence[str] = field(default_factory=tuple)
    kept: int = 0
    bin: str = ""

    @property
    def rest(self) -> int:
        return self.quantity - self.elsewhere


def short_pick(
    *,
    store: Store,
    pk: int,
    line_pk: int,
    quantity: int,
    reason: Shortage.Reason,
    other_item: str = "",
    associate: Associate,
    device: Device | None,
    key: str,
    at: datetime | None = None,
) -> Short:
    """Marks `quantity` open units of a line as not to be had, and looks for them in the store's other bins.

    What is damaged stays in the bin as damaged. Otherwise somebody is asked to count the bin, and what the record still
    has there is held back until then, as far as nobody was promised it. `other_item` is the code of what lies there
    instead: its record is to be counted, too. Units that other bins should have become new lines of the list; the rest
    goes back to the order. Raises TooMany, AlreadyComplete, WasShort, LineWithdrawn, NotYourList, ListEnded, and
    NotHere for a line of another list.
    """
    pick_list = lock_own_list(store=store, pk=pk, associate=associate, device=device)
    line = _lock_line(pick_list, line_pk)
    _refuse_unless_open(line, quantity)
    other = _other_item(line, other_item) if reason == Shortage.Reason.WRONG_ITEM else None
    if other is not None:
        # Both rows now, in the order of their ids: everybody takes them in that order.
        for item_pk in sorted((line.item_id, other.pk)):
            lock_availability(store.pk, item_pk)
    PickLine.objects.filter(pk=line.pk).update(short=F("short") + quantity, short_reason=reason)
    # The unit in the hand was one of them.
    PickList.objects.filter(pk=pick_list.pk, asks_for=line.pk).update(asks_for=None, asked={})
    give_up_units(line=line.fulfillment_line, quantity=quantity, reason=reason, key=f"{key}:given-up")
    request = _hold_back(line, quantity, reason, associate, device, key)
    if other is not None:
        _count_other(line, other, associate, device, key)
    record(
        kind="picking.unit_short",
        subject=line,
        store=store,
        actor=associate,
        device=device,
        occurred_at=at,
        item=line.item,
        quantity=quantity,
        data={"list": pick_list.pk, "reason": reason, "bin": line.bin.code if line.bin else None},
        key=key,
    )
    # What this store could still promise of an item without a bin lies where no picker is sent.
    found = _find_elsewhere(line, quantity, key) if line.bin is not None else Short(quantity)
    _record_shortages(line, found, reason, request, associate)
    return replace(found, kept=request.held if request else 0, bin=line.bin.code if line.bin else "")


def _lock_line(pick_list: PickList, pk: int) -> PickLine:
    """A scan does not wait for the list's lock, so the line needs its own. Raises NotHere."""
    lines = pick_list.lines.select_for_update(of=("self",), no_key=True)
    line = (
        lines.select_related("item", "bin", "fulfillment_line__reservation", "pick_list__store", "part")
        .filter(pk=pk)
        .first()
    )
    if line is None:
        raise NotHere
    return line


def _refuse_unless_open(line: PickLine, quantity: int) -> None:
    if not line.open_quantity:
        walk = load_walk(store=line.pick_list.store, pk=line.pick_list_id)
        raise nothing_open(walk, next(one for one in walk.lines if one.pk == line.pk))
    if quantity > line.open_quantity:
        raise TooMany(item=line.item.name, wanted=line.open_quantity, came=quantity)


def _record_shortages(
    line: PickLine, found: Short, reason: Shortage.Reason, request: CountRequest | None, by: Associate
) -> None:
    """One for what other bins should have, which ends it; one for the rest, whose end is open."""
    for units, end in ((found.elsewhere, Shortage.End.BIN), (found.rest, "")):
        if units:
            Shortage.objects.create(
                store=line.pick_list.store,
                fulfillment_line=line.fulfillment_line,
                pick_line=line,
                quantity=units,
                reason=reason,
                count_request=request,
                end=end,
                ended_at=Now() if end else None,
                associate=by,
            )


def _hold_back(
    line: PickLine, quantity: int, reason: Shortage.Reason, associate: Associate, device: Device | None, key: str
) -> CountRequest | None:
    """What the record still puts in the bin must not be promised again before somebody has looked."""
    if line.bin is None:
        return None
    balance = Balance.objects.filter(bin=line.bin, item=line.item, condition=Condition.SELLABLE)
    recorded = balance.values_list("quantity", flat=True).first() or 0
    if reason == Shortage.Reason.DAMAGED:
        _mark_damaged(line, min(quantity, recorded), associate, key)
        return None
    # The picker found none of what is left in the record. What others were promised of it stays theirs until a count
    # says otherwise: a suspicion takes nobody's promise away.
    row = lock_availability(line.pick_list.store_id, line.item_id)
    free = row.on_hand - row.unsellable - row.reserved
    return ask_for_count(
        bin=line.bin,
        item=line.item,
        held=min(recorded, max(quantity, free)),
        reason=CountRequest.Reason(reason),
        associate=associate,
        device=device,
        key=f"{key}:count",
    )


def _mark_damaged(line: PickLine, units: int, associate: Associate, key: str) -> None:
    if units and line.bin is not None:
        post_move(
            Posting(
                key=f"{key}:held-back",
                item_id=line.item_id,
                source=line.bin,
                target=line.bin,
                target_condition=Condition.DAMAGED,
                quantity=units,
                reason=Move.Reason.DAMAGED,
                reference=f"pickline:{line.pk}",
                associate=associate,
            )
        )


def _other_item(line: PickLine, code: str) -> Item | None:
    """What the code says lies there instead, if that is something to be counted."""
    found = find_item(read_code(code)) if code and line.bin is not None else None
    if found is None or found.item.is_bundle or found.item.pk == line.item_id:
        return None
    return found.item


def _count_other(line: PickLine, item: Item, associate: Associate, device: Device | None, key: str) -> None:
    """What lies in the wrong place is missing in its own: the count finds it here."""
    if line.bin is None:
        return
    ask_for_count(
        bin=line.bin,
        item=item,
        held=0,
        reason=CountRequest.Reason.WRONG_ITEM,
        associate=associate,
        device=device,
        key=f"{key}:other",
    )


def _find_elsewhere(line: PickLine, quantity: int, key: str) -> Short:
    """New lines for as many units as the store's other bins should have and it can promise."""
    pick_list, part, wanted = line.pick_list, line.part, line.fulfillment_line
    # Two lists must not both count on the same units of a bin.
    lock_availability(pick_list.store_id, line.item_id)
    places = bins_by_likelihood(
        store=pick_list.store,
        item_id=line.item_id,
        quantity=quantity,
        near=line.bin_id,
        avoiding=_given_up_on(pick_list, line.item),
        most=_BINS_MAX,
    )
    units = min(quantity, sum(place.free for place in places))
    again = claim_again(part, wanted, units, key)
    if again is None:
        return Short(quantity)
    added = add_sought(part, again, again.quantity, places)
    codes = {place.bin_id: place.code for place in places}
    return Short(quantity, again.quantity, tuple(codes[one.bin_id] for one in added if one.bin_id))


def _given_up_on(pick_list: PickList, item: Item) -> list[int]:
    """Where this picker has looked in vain already (bin ids); a damaged unit says nothing about the others."""
    vain = pick_list.lines.filter(item=item, short__gt=0, bin__isnull=False)
    return list(vain.exclude(short_reason=Shortage.Reason.DAMAGED).values_list("bin_id", flat=True))


def claim_again(part: PickPart, line: FulfillmentLine, units: int, key: str) -> FulfillmentLine | None:
    """As many of `units` as the store can promise, in a line of their own beside the one that gave them up."""
    while units:
        try:
            with transaction.atomic():
                reservation = reserve(
                    key=f"{key}:elsewhere",
                    store_id=part.store_id,
                    item_id=line.item_id,
                    quantity=units,
                    reference=f"fulfillment:{part.fulfillment_id}",
                )
        except ShortStock as short:
            units = min(units - 1, int(short.facts["found"]) if "found" in short.facts else 0)
            continue
        OrderLine.objects.filter(pk=line.order_line_id).update(allocated=F("allocated") + units)
        return FulfillmentLine.objects.create(
            fulfillment_id=part.fulfillment_id,
            order_line_id=line.order_line_id,
            item_id=line.item_id,
            quantity=units,
            reservation=reservation,
        )
    return None
