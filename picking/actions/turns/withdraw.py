"""Units that customers want no more leave the walk; what is in totes already goes back to a shelf."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from picking.actions.totes import free_empty_totes
from picking.actions.turns.settle_shortages import leave_to_the_order
from picking.hooks import take_from_staging
from picking.models import PickLine, PickList, PutBack
from picking.queries.claims import CANCELLED
from picking.queries.empty_lists import is_anothers_too
from picking.queries.totes import totes_with
from stores.journal.actions.record import record
from stores.journal.wakeups import wake
from stores.models import Bin
from stores.orders.hooks import Withdrawal
from stores.orders.models import Fulfillment, FulfillmentLine
from stores.stock.actions.reservations import give, reserve
from stores.transitions import advance


def lock_for_withdrawal(fulfillments: Sequence[Fulfillment]) -> None:
    """Holds the lists and pick lines of the fulfillments, whose rows the caller holds.

    A scan holds its line alone: the one in flight is either counted when this returns, or will find the line withdrawn.
    """
    lists = PickList.objects.filter(pk__in=PickList.objects.filter(parts__fulfillment__in=fulfillments).values("pk"))
    list(lists.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    lines = PickLine.objects.filter(part__fulfillment__in=fulfillments)
    list(lines.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk"))


def withdraw_from_lists(withdrawal: Withdrawal) -> None:
    """Takes the units out of the lists: of those open the last ones of the walk first, and of those picked each
    becomes part of a put-back, which takes over the claim on it. Lists of which nothing is left end.
    """
    lines = list(withdrawal.line.pick_lines.select_related("bin", "pick_list").order_by("pk"))
    left = withdrawal.unpicked
    for line in reversed(lines):
        units = min(line.open_quantity, left)
        if units:
            PickLine.objects.filter(pk=line.pk).update(withdrawn=F("withdrawn") + units)
            # A unit in the picker's hand of which a serial number is still to be scanned is not wanted either.
            PickList.objects.filter(asks_for=line.pk).update(asks_for=None, asked={})
            left -= units
    if withdrawal.picked:
        _send_back(withdrawal, lines)
    _end_empty_lists(withdrawal)


def end_cancelled_lists(fulfillment: Fulfillment) -> None:
    """Ends the lists of which no other order is left, and what waited to be decided about this one."""
    unfinished = fulfillment.pick_lists.filter(state__in=PickList.UNFINISHED).order_by("pk")
    for pick_list in unfinished:
        others = pick_list.fulfillments.exclude(state=Fulfillment.State.CANCELLED)
        if not others.exists():
            cancel_list(pick_list)
    for part in fulfillment.pick_parts.all():
        free_empty_totes(part=part)
    leave_to_the_order(fulfillment)


def _send_back(withdrawal: Withdrawal, lines: list[PickLine]) -> None:
    taken_from: list[tuple[Bin | None, int]] = []
    left = withdrawal.picked
    for line in reversed(lines):
        units = min(line.picked - line.put_back, left)
        if units:
            PickLine.objects.filter(pk=line.pk).update(put_back=F("put_back") + units)
            taken_from.append((line.bin, units))
            left -= units
    lying = _where_they_lie(withdrawal.line, withdrawal.picked)
    for number, (from_bin, to_bin, units) in enumerate(_pair(lying, taken_from)):
        _open_put_back(withdrawal, from_bin, to_bin, units, f"{withdrawal.key}:{number}")


def _where_they_lie(line: FulfillmentLine, quantity: int) -> list[tuple[Bin, int]]:
    """In totes first: what is in a bag already has been counted by two people."""
    places: list[tuple[Bin, int]] = []
    left = quantity
    for tote, there in totes_with(line):
        units = min(there, left)
        if units:
            places.append((tote, units))
            left -= units
    if left:
        places += take_from_staging(line, left)
    return places


def _pair(lying: list[tuple[Bin, int]], taken_from: list[tuple[Bin | None, int]]) -> list[tuple[Bin, Bin | None, int]]:
    """(where it lies, where it came from, units); both sides add up to the same."""
    origins = [origin for origin, units in taken_from for _unit in range(units)]
    places = [place for place, units in lying for _unit in range(units)]
    counted: dict[tuple[int, int | None], tuple[Bin, Bin | None, int]] = {}
    for place, origin in zip(places, origins, strict=True):
        pair = (place.pk, origin.pk if origin else None)
        units = counted[pair][2] if pair in counted else 0
        counted[pair] = (place, origin, units + 1)
    return list(counted.values())


def _open_put_back(withdrawal: Withdrawal, from_bin: Bin, to_bin: Bin | None, units: int, key: str) -> None:
    line = withdrawal.line
    if line.reservation is None:  # The database allows it; nobody ever picked a unit without a claim.
        raise AssertionError(line)
    open_put_back(
        PutBack(
            pk=next_put_back(),
            store_id=line.fulfillment.store_id,
            item_id=line.item_id,
            fulfillment_line=line,
            from_bin=from_bin,
            to_bin=to_bin,
            quantity=units,
            reason=withdrawal.reason,
        ),
        given=units,
        key=key,
    )
    line.reservation.refresh_from_db()
    give(reservation=line.reservation, units=units, reason=withdrawal.reason, key=f"{key}:given")


def open_put_back(put_back: PutBack, *, given: int, key: str) -> None:
    """Claims its units, of which `given` come from a claim that the caller ends, and asks for them to be put back."""
    put_back.reservation = reserve(
        key=f"{key}:put-back",
        store_id=put_back.store_id,
        item_id=put_back.item_id,
        quantity=put_back.quantity,
        reference=f"putback:{put_back.pk}",
        given=given,
    )
    put_back.save(force_insert=True)
    record(
        kind="picking.put_back_asked",
        subject=put_back,
        store=put_back.store_id,
        item=put_back.item,
        quantity=put_back.quantity,
        data={"from": put_back.from_bin.code, "reason": put_back.reason},
        key=key,
    )


def next_put_back() -> int:
    """An id before the row: the claim names the put-back, and the put-back its claim."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('picking_putback', 'id'))")
        return int(cursor.fetchone()[0])


def _end_empty_lists(withdrawal: Withdrawal) -> None:
    """A list nobody would find anything on ends here; its order goes on when it was the last one it waited for.

    One that others wait for, too, ends in a moment: their rows are not held here.
    """
    fulfillment = withdrawal.line.fulfillment
    for pick_list in fulfillment.pick_lists.filter(state__in=PickList.UNFINISHED).order_by("pk"):
        lines = list(pick_list.lines.all())
        if any(line.open_quantity or line.short or line.picked > line.put_back for line in lines):
            continue
        if is_anothers_too(pick_list, fulfillment):
            wake("picking.tasks.end_empty_list", pick_list.pk)
            continue
        cancel_list(pick_list)
        for part in pick_list.parts.order_by("fulfillment_id"):
            free_empty_totes(part=part)
        _go_on_without(fulfillment)


def _go_on_without(fulfillment: Fulfillment) -> None:
    waits = fulfillment.pick_lists.filter(state__in=PickList.UNFINISHED).exists()
    has_goods = PickLine.objects.filter(part__fulfillment=fulfillment, picked__gt=F("put_back")).exists()
    if fulfillment.state == Fulfillment.State.PICKING and has_goods and not waits:
        advance(fulfillment, to=Fulfillment.State.PICKED, picked_at=Now())
        leave_to_the_order(fulfillment)


def cancel_list(pick_list: PickList) -> None:
    """Nobody is to pick it any more; who holds it reads why at the next scan."""
    advance(pick_list, to=PickList.State.CANCELLED, ended_at=Now(), asks_for=None, asked={})
    pick_list.claims.filter(ended_at=None).update(ended_at=Now(), end_reason=CANCELLED)
    record(kind="picking.list_cancelled", subject=pick_list, store=pick_list.store_id)
