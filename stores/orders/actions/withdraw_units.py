"""Units that nobody wants any more, whoever was about to give them."""

from collections.abc import Collection

from django.db.models import F

from stores.journal.actions.record import record
from stores.orders.access import lock_order
from stores.orders.actions.settle_order import record_cancelled_units, settle_order
from stores.orders.errors import CannotCancel, TooManyToCancel
from stores.orders.hooks import Withdrawal, tell_withdrawing, tell_withdrawn
from stores.orders.models import Fulfillment, FulfillmentLine, Order, OrderLine
from stores.orders.reasons import CancelReason
from stores.stock.actions.reservations import shrink


def withdraw_units(*, line: FulfillmentLine, quantity: int, reason: str, key: str) -> None:
    """Takes `quantity` promised units of the line out of the order, those that are still to be picked first.

    `reason` is one of `Withdrawn`. The caller holds the order's row, or nothing of it yet. A fulfillment of which
    nothing is left ends, and so does the order. Raises TooManyToCancel, and CannotCancel when the fulfillment has ended
    already.
    """
    order = lock_order(line.fulfillment.order_id)
    part = {one.pk: one for one in lock_parts(order=order, only=[line.fulfillment_id])}.get(line.pk)
    if part is None:
        line.fulfillment.refresh_from_db(fields=["state"])
        raise CannotCancel(number=order.number, state=line.fulfillment.get_state_display().lower())
    if quantity > part.wanted:
        raise TooManyToCancel(item=part.item.name, wanted=quantity, most=part.wanted)
    was = part.order_line
    withdraw_locked(part=part, quantity=quantity, reason=reason, key=key)
    record_cancelled_units(
        order=order, line=was, quantity=quantity, reason=CancelReason.CUSTOMER, store=part.fulfillment.store
    )
    settle_order(order=order, reason=CancelReason.CUSTOMER)


def lock_parts(*, order: Order, only: Collection[int] | None = None) -> list[FulfillmentLine]:
    """The lines of the order's open fulfillments (or of those among `only`, by id) as they are now, all held.

    The caller holds the order's row. Locks are taken as everywhere: fulfillments, the lists and lines of whoever picks
    them, then their own lines. The answer is sorted by store and item, the order in which availability is locked.
    """
    still_open = order.fulfillments.filter(state__in=Fulfillment.OPEN)
    if only is not None:
        still_open = still_open.filter(pk__in=only)
    fulfillments = list(still_open.select_for_update(no_key=True).order_by("pk"))
    if not fulfillments:
        return []
    tell_withdrawing(fulfillments)
    lines = FulfillmentLine.objects.filter(fulfillment__in=fulfillments)
    list(lines.select_for_update(no_key=True, of=("self",)).order_by("pk").values_list("pk"))
    # Read after the lock: rows joined in the locking statement could be older than it.
    held = lines.select_related("fulfillment__store", "order_line__item", "item", "reservation")
    return list(held.order_by("fulfillment__store_id", "item_id", "pk"))


def withdraw_locked(*, part: FulfillmentLine, quantity: int, reason: str, key: str) -> None:
    """The same for a line that `lock_parts` gave; the caller sees to the events and the ends that follow."""
    unpicked = min(part.wanted - part.picked, quantity)
    picked = quantity - unpicked
    withdrawal = Withdrawal(line=part, unpicked=unpicked, picked=picked, reason=reason, key=f"{key}:{part.pk}")
    tell_withdrawn(withdrawal)
    FulfillmentLine.objects.filter(pk=part.pk).update(cancelled=F("cancelled") + quantity, picked=F("picked") - picked)
    OrderLine.objects.filter(pk=part.order_line_id).update(
        allocated=F("allocated") - quantity, cancelled=F("cancelled") + quantity
    )
    if unpicked and part.reservation is not None:
        # Whoever took the picked units over has made the claim smaller.
        part.reservation.refresh_from_db()
        shrink(reservation=part.reservation, by=unpicked, reason=reason, key=withdrawal.key)
    record(
        kind="orders.units_withdrawn",
        subject=part.fulfillment,
        store=part.fulfillment.store,
        item=part.item,
        quantity=quantity,
        data={"line": part.pk, "unpicked": unpicked, "picked": picked, "reason": reason},
        key=withdrawal.key,
    )
