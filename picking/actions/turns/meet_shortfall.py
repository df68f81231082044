"""The store has fewer units than it has promised: somebody's promise is broken now, and their order goes on at once."""

from collections.abc import Sequence
from functools import partial
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Value, When
from django.db.models.functions import Now

from picking.actions.finish_list import settle_parts
from picking.actions.turns.add_sought import add_sought
from picking.actions.turns.settle_shortages import settle_shortages
from picking.actions.turns.withdraw import cancel_list
from picking.models import PickLine, PickList, PickPart, Shortage
from picking.queries.bins import bins_by_likelihood
from picking.queries.empty_lists import empty_lists, is_anothers_too
from picking.queries.substitutes import offers, undecided_of
from stores.journal.actions.record import record
from stores.journal.wakeups import wake
from stores.locks import SomebodyHolds, without_waiting
from stores.orders.access import lock_orders
from stores.orders.actions.give_up_units import give_up_units
from stores.orders.actions.substitute import substitute
from stores.orders.errors import NotSubstitutable
from stores.orders.hooks import tell_fulfillment_cancelled
from stores.orders.models import Fulfillment, FulfillmentLine, Order
from stores.stock.actions.post_handled import lock_availability
from stores.stock.errors import ShortStock
from stores.stock.models import Availability, Move
from stores.transitions import advance

_PATIENCE_MS = 200

_REASONS = {
    Move.Reason.DAMAGED: Shortage.Reason.DAMAGED,
    Move.Reason.SOLD: Shortage.Reason.SOLD,
}


def meet_shortfall(store_id: int, item_id: int, missing: int) -> None:
    """Takes `missing` units from promises that no picker has met yet. The caller holds the availability row.

    That row is the last one everybody locks, so this waits for nothing: an order that somebody holds at this moment, or
    that would go to a store or get a substitute whose stock somebody holds, is left to a job. What lies in totes is
    safe.
    """
    left = missing
    for line in promises(store_id, item_id):
        if not left:
            break
        try:
            if _hold_without_waiting(line):
                left -= without_waiting(partial(_break_promise, line, left))
        except SomebodyHolds:
            # As likely as not the next order's road is the same.
            break
    if left and promises(store_id, item_id).exists():
        wake("picking.tasks.settle_shortfall", store_id, item_id)


def settle_shortfall(*, store_id: int, item_id: int) -> int:
    """The same for what was left over, and returns how many units that were.

    The orders come first here, in the order of all locks. A promise whose order moves on to another store's stock, or
    to a substitute, still needs a second row of availability: there is an end to the patience with whoever holds that,
    so that nobody waits in a circle. What could not be done now the next round will do.
    """
    pair = Availability.objects.for_pairs([(store_id, item_id)])
    missing = pair.values_list("shortfall", flat=True).first() or 0
    losers, left = [], missing
    for line in promises(store_id, item_id):
        if left <= 0:
            break
        losers.append(line)
        left -= line.unpicked  # type: ignore[attr-defined]  # Annotated.
    if not losers:
        return 0
    fulfillments = Fulfillment.objects.filter(lines__in=losers)
    lock_orders(fulfillments)
    list(_rows(Fulfillment.objects.filter(pk__in=[line.fulfillment_id for line in losers])).values_list("pk"))
    list(_rows(_lists_of(losers)).values_list("pk"))
    list(_rows(PickLine.objects.filter(fulfillment_line__in=losers)).values_list("pk"))
    list(_rows(FulfillmentLine.objects.filter(pk__in=[line.pk for line in losers])).values_list("pk"))
    left = lock_availability(store_id, item_id).shortfall
    total = left
    for line in losers:
        try:
            left -= without_waiting(partial(_break_promise, line, left), patience_ms=_PATIENCE_MS)
        except SomebodyHolds:
            continue
    return total - left


def promises(store_id: int, item_id: int) -> QuerySet[FulfillmentLine]:
    """Lines with units nobody has picked: those least far along first, of them the latest promise first."""
    begun = PickLine.objects.filter(fulfillment_line=OuterRef("pk"))
    found = FulfillmentLine.objects.filter(
        item_id=item_id,
        fulfillment__store_id=store_id,
        fulfillment__state__in=[Fulfillment.State.ALLOCATED, Fulfillment.State.PICKING],
    ).annotate(
        unpicked=F("quantity") - F("picked") - F("short") - F("cancelled"),
        far=Case(
            When(fulfillment__state=Fulfillment.State.PICKING, then=Value(2)),
            When(Exists(begun), then=Value(1)),
            default=Value(0),
        ),
    )
    return found.filter(unpicked__gt=0).order_by("far", "-fulfillment__promised_at", "-pk")


def _hold_without_waiting(line: FulfillmentLine) -> bool:
    """Locks whatever giving the units up will change, in the order of all locks, if nobody else has any of it."""
    orders = Order.objects.filter(fulfillments=line.fulfillment_id)
    lines = PickLine.objects.filter(fulfillment_line=line)
    rows: tuple[QuerySet[Any], ...] = (
        orders,
        Fulfillment.objects.filter(pk=line.fulfillment_id),
        _lists_of([line]),
        lines,
        FulfillmentLine.objects.filter(pk=line.pk),
    )
    return all(len(_rows(one, wait=False).values_list("pk")) == one.count() for one in rows)


def _rows(queryset: QuerySet[Any], *, wait: bool = True) -> QuerySet[Any]:
    return queryset.select_for_update(of=("self",), no_key=True, skip_locked=not wait).order_by("pk")


def _lists_of(lines: Sequence[FulfillmentLine]) -> QuerySet[PickList]:
    of_these = PickPart.objects.filter(fulfillment__in=[line.fulfillment_id for line in lines])
    return PickList.objects.filter(pk__in=of_these.values("pick_list"))


def _break_promise(loser: FulfillmentLine, most: int) -> int:
    """Gives up to `most` unpicked units of the line up, as it is now; everything is held. Returns how many."""
    line = FulfillmentLine.objects.select_related(
        "fulfillment__order", "fulfillment__store", "reservation", "item"
    ).get(pk=loser.pk)
    units = min(most, line.wanted - line.picked)
    if units <= 0:
        return 0
    reason = _why(line)
    key = f"shortfall:{uuid4()}"
    for pick_line, part in _take_off_lists(line, units, reason):
        shortage = Shortage.objects.create(
            store_id=line.fulfillment.store_id,
            fulfillment_line=line,
            pick_line=pick_line,
            quantity=part,
            reason=reason,
        )
        record(
            kind="picking.promise_lost",
            subject=shortage,
            store=line.fulfillment.store_id,
            item=line.item,
            quantity=part,
            data={"fulfillment": line.fulfillment_id, "reason": reason},
        )
    give_up_units(line=line, quantity=units, reason=reason, key=key)
    _go_on(line.fulfillment, key)
    return units


def _why(line: FulfillmentLine) -> Shortage.Reason:
    """What happened to the goods last: the move that made them too few is the youngest."""
    moves = Move.objects.filter(store_id=line.fulfillment.store_id, item_id=line.item_id).order_by("-pk")
    last = moves.values_list("reason", flat=True).first()
    return _REASONS.get(Move.Reason(last), Shortage.Reason.NOT_FOUND) if last else Shortage.Reason.NOT_FOUND


def _take_off_lists(line: FulfillmentLine, units: int, reason: Shortage.Reason) -> list[tuple[PickLine | None, int]]:
    """(pick line, units) that are not to be picked any more; no pick line where no list has them yet."""
    taken: list[tuple[PickLine | None, int]] = []
    left = units
    for pick_line in line.pick_lines.order_by("-sequence", "-pk"):
        part = min(pick_line.open_quantity, left)
        if part:
            PickLine.objects.filter(pk=pick_line.pk).update(short=F("short") + part, short_reason=reason)
            PickList.objects.filter(asks_for=pick_line.pk).update(asks_for=None, asked={})
            taken.append((pick_line, part))
            left -= part
    if left:
        taken.append((None, left))
    return taken


def _go_on(fulfillment: Fulfillment, key: str) -> None:
    """A picker who is on the way decides on the walk; otherwise the order takes its next road now."""
    if fulfillment.state == Fulfillment.State.PICKING:
        _end_lists_nobody_began(fulfillment)
        return
    _take_substitutes(fulfillment, key)
    if all(not line.wanted for line in fulfillment.lines.all()):
        advance(fulfillment, to=Fulfillment.State.CANCELLED, ended_at=Now())
        record(kind="orders.fulfillment_cancelled", subject=fulfillment, store=fulfillment.store)
        tell_fulfillment_cancelled(fulfillment)
    else:
        _end_lists_nobody_began(fulfillment)
    if any(line.open_quantity for line in fulfillment.order.lines.all()):
        settle_shortages(fulfillment=fulfillment)


def _take_substitutes(fulfillment: Fulfillment, key: str) -> None:
    """Nobody is asked: the customer said they take substitutes, and may refuse them at the counter."""
    for number, offer in enumerate(offers(store=fulfillment.store, shortages=undecided_of(fulfillment))):
        shortage = Shortage.objects.select_related("fulfillment_line__fulfillment", "pick_line__part__pick_list__store")
        lost = shortage.get(pk=offer.shortage_pk)
        if offer.quantity < lost.quantity:
            # Half of it one thing and half of it another is for a person to decide.
            continue
        try:
            with transaction.atomic():
                given = substitute(
                    line=lost.fulfillment_line, item=offer.item, quantity=offer.quantity, key=f"{key}:{number}"
                )
                if lost.pick_line is not None:
                    _put_on_list(lost.pick_line, given)
        except (NotSubstitutable, ShortStock):
            continue
        Shortage.objects.filter(pk=lost.pk).update(end=Shortage.End.SUBSTITUTE, ended_at=Now())


def _put_on_list(instead_of: PickLine, given: FulfillmentLine) -> None:
    """Raises ShortStock when no bins have all of it: between the offer and the claim others were sent to them."""
    item, wanted = given.item, given.quantity
    places = bins_by_likelihood(
        store=instead_of.part.pick_list.store, item_id=item.pk, quantity=wanted, near=instead_of.bin_id
    )
    found = sum(place.free for place in places)
    if found < wanted:
        raise ShortStock(item=item.name, wanted=wanted, found=found)
    add_sought(instead_of.part, given, wanted, places)


def _end_lists_nobody_began(fulfillment: Fulfillment) -> None:
    """Of a list that has nothing left to take nobody needs to hear."""
    for pick_list in empty_lists().filter(state=PickList.State.OPEN, parts__fulfillment=fulfillment).order_by("pk"):
        if is_anothers_too(pick_list, fulfillment):
            # Their rows are not held here.
            wake("picking.tasks.end_empty_list", pick_list.pk)
            continue
        cancel_list(pick_list)
        settle_parts(pick_list=pick_list, associate=None)
