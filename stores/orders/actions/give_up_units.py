"""Units a store promised but cannot give."""

from django.db.models import F

from stores.journal.actions.record import record
from stores.orders.actions.route_order import backorder, route_order
from stores.orders.models import Fulfillment, FulfillmentLine, Order, OrderLine
from stores.stock.actions.reservations import shrink
from stores.stock.models import Move
from stores.transitions import advance


def give_up_units(*, line: FulfillmentLine, quantity: int, reason: str, key: str) -> None:
    """Marks `quantity` promised units of the line as short and gives them back to the order.

    Their claim on stock ends, and the store is not asked for them again before more is brought there. The caller holds
    the units back from ATP first when they may not be there, and calls `reroute_open_units` when the fulfillment's own
    part is settled.
    """
    moves = Move.objects.filter(store_id=line.fulfillment.store_id, item_id=line.item_id)
    last = moves.order_by("-pk").values_list("pk", flat=True).first() or 0
    FulfillmentLine.objects.filter(pk=line.pk).update(short=F("short") + quantity, short_after=last)
    OrderLine.objects.filter(pk=line.order_line_id).update(allocated=F("allocated") - quantity)
    if line.reservation is not None:
        shrink(reservation=line.reservation, by=quantity, reason=reason, key=key)


def reroute_open_units(*, order: Order) -> Fulfillment | None:
    """Looks for a store for units that were given up; without one they wait as a backorder."""
    order.refresh_from_db(fields=["state"])
    if order.state == Order.State.ALLOCATED and any(line.open_quantity for line in order.lines.all()):
        backorder(order=order)
    return route_order(order=order)


def complete_if_settled(*, order: Order) -> bool:
    """Completes the order when no fulfillment is open and nothing is left to allocate."""
    order.refresh_from_db(fields=["state"])
    still_open = order.fulfillments.filter(state__in=Fulfillment.OPEN).exists()
    if order.state != Order.State.ALLOCATED or still_open:
        return False
    advance(order, to=Order.State.COMPLETED)
    record(kind="orders.completed", subject=order, store=order.pickup_store, data={"number": order.number})
    return True
