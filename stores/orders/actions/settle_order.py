"""What follows when something of an order is wanted no more."""

from django.db.models import F, Model
from django.db.models.functions import Now

from stores.journal.actions.record import record
from stores.models import Store
from stores.orders.actions.give_up_units import complete_if_settled, reroute_open_units
from stores.orders.hooks import tell_fulfillment_cancelled, tell_settled
from stores.orders.models import Fulfillment, FulfillmentLine, Order, OrderLine
from stores.transitions import advance


def settle_order(*, order: Order, reason: str, actor: Model | None = None, store: Store | None = None) -> None:
    """Ends what has nothing left to give: fulfillments first, then the order itself.

    An order that still misses something looks for a store for it, now that it wants less; one that misses nothing any
    more waits no longer. The caller holds the order's row.
    """
    order.refresh_from_db(fields=["state"])
    _end_empty_fulfillments(order, actor)
    tell_settled(order, _settle(order, reason, actor, store))
    # Whoever was told may have cancelled what nobody has.
    order.refresh_from_db(fields=["state"])


def _settle(order: Order, reason: str, actor: Model | None, store: Store | None) -> Fulfillment | None:
    """Returns the fulfillment that gives what the order still missed."""
    lines = list(order.lines.all())
    if all(line.cancelled == line.quantity for line in lines):
        advance(order, to=Order.State.CANCELLED, waiting_since=None)
        record(
            kind="orders.cancelled",
            subject=order,
            store=store or order.pickup_store,
            actor=actor,
            quantity=sum(line.quantity for line in lines),
            data={"source": order.source, "order": order.external_id, "number": order.number, "reason": reason},
        )
        return None
    if any(line.open_quantity for line in lines):
        if waits_for_a_walk(order):
            return None
        return reroute_open_units(order=order)
    if order.state == Order.State.BACKORDERED:
        advance(order, to=Order.State.ALLOCATED, waiting_since=None)
    complete_if_settled(order=order)
    return None


def waits_for_a_walk(order: Order) -> bool:
    """What is short on a walk goes back to the order when the walk is over."""
    walked = order.fulfillments.filter(state=Fulfillment.State.PICKING, lines__short__gt=0)
    return order.state == Order.State.ALLOCATED and walked.exists()


def _end_empty_fulfillments(order: Order, actor: Model | None) -> None:
    wanted = FulfillmentLine.objects.filter(quantity__gt=F("short") + F("cancelled"))
    still_open = order.fulfillments.filter(state__in=Fulfillment.OPEN).select_related("store", "order")
    for fulfillment in still_open.exclude(
        pk__in=wanted.filter(fulfillment__order=order).values("fulfillment")
    ).order_by("pk"):
        advance(fulfillment, to=Fulfillment.State.CANCELLED, ended_at=Now())
        record(kind="orders.fulfillment_cancelled", subject=fulfillment, store=fulfillment.store, actor=actor)
        tell_fulfillment_cancelled(fulfillment)


def record_cancelled_units(
    *, order: Order, line: OrderLine, quantity: int, reason: str, actor: Model | None = None, store: Store | None = None
) -> None:
    """Tells the journal, and by it the source, of units of one line. `line` is as it was before them."""
    left = line.quantity - line.cancelled
    amount = line.amount_of(left) - line.amount_of(left - quantity)
    record(
        kind="orders.line_cancelled",
        subject=order,
        store=store or order.pickup_store,
        actor=actor,
        item=line.item,
        quantity=quantity,
        data={
            "source": order.source,
            "order": order.external_id,
            "number": order.number,
            "line": line.external_id,
            "sku": line.item.sku,
            "bundle": line.bundle_id,
            "quantity": quantity,
            "amount": str(amount),
            "currency": order.currency,
            "reason": reason,
        },
    )
