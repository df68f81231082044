"""Choosing the store that fulfills an order, and claiming its stock."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from stores.journal.actions.record import record
from stores.models import Store
from stores.orders.hooks import tell_allocated
from stores.orders.models import Fulfillment, FulfillmentLine, Order, OrderLine
from stores.orders.queries.promise import promised_ready_at
from stores.orders.queries.routing import candidate_stores
from stores.stock.actions.give_cart import OrderedCart, reserve_for
from stores.stock.errors import ShortStock
from stores.transitions import advance


def route_order(*, order: Order, cart: OrderedCart | None = None) -> Fulfillment | None:
    """Gives everything still open of the order to the first candidate store that can promise all of it.

    What `cart` holds is the order's, and the stores that hold it come first. Returns the new fulfillment, or None when
    the order waits as a backorder, or when nothing of it is open. The order row is locked, so an order is routed by one
    worker at a time.
    """
    locked = Order.objects.select_for_update().get(pk=order.pk)
    order.state = locked.state
    open_lines = [line for line in order.lines.select_related("item").order_by("item_id", "pk") if line.open_quantity]
    if not open_lines or order.state not in {Order.State.PLACED, Order.State.BACKORDERED}:
        return None
    held, first = (cart.held(), cart.stores()) if cart else ({}, set())
    for store in candidate_stores(order, open_lines, held=held, first=first):
        try:
            # A savepoint: a claim that fails half-way gives back what it took, and the next store is tried.
            with transaction.atomic():
                if cart:
                    cart.lock((store.pk, line.item_id) for line in open_lines)
                fulfillment = _allocate(order, store, open_lines, cart)
        except ShortStock:
            continue
        advance(order, to=Order.State.ALLOCATED, waiting_since=None, last_routed_at=Now())
        record(
            kind="orders.allocated",
            subject=fulfillment,
            store=store,
            quantity=sum(line.open_quantity for line in open_lines),
            data={"order": order.pk, "number": order.number},
        )
        tell_allocated(fulfillment)
        return fulfillment
    backorder(order=order)
    return None


def backorder(*, order: Order) -> None:
    """Leaves the order waiting, visibly, for stock to arrive."""
    if order.state == Order.State.BACKORDERED:
        Order.objects.filter(pk=order.pk).update(last_routed_at=Now())
        return
    advance(order, to=Order.State.BACKORDERED, waiting_since=Now(), last_routed_at=Now())
    record(kind="orders.backordered", subject=order, store=order.pickup_store, data={"number": order.number})


def _allocate(order: Order, store: Store, lines: list[OrderLine], cart: OrderedCart | None) -> Fulfillment:
    fulfillment = Fulfillment.objects.create(
        order=order, store=store, promised_at=promised_ready_at(store, timezone.now())
    )
    for line in lines:
        reservation = reserve_for(
            cart=cart,
            key=f"fulfillment:{fulfillment.pk}:line:{line.pk}",
            store_id=store.pk,
            item_id=line.item_id,
            quantity=line.open_quantity,
            reference=f"fulfillment:{fulfillment.pk}",
        )
        FulfillmentLine.objects.create(
            fulfillment=fulfillment,
            order_line=line,
            item_id=line.item_id,
            quantity=line.open_quantity,
            reservation=reservation,
        )
        OrderLine.objects.filter(pk=line.pk).update(allocated=F("allocated") + line.open_quantity)
    return fulfillment
