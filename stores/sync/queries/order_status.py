"""What the API tells about an order, and to whom."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from stores.orders.models import Fulfillment, Order
from stores.sync.models import ApiKey


def orders_for(key: ApiKey) -> QuerySet[Order]:
    """The orders this key may see: all of the chain's, or those its store has to do with."""
    return orders_of(key.store_id)


def orders_of(store_id: int | None) -> QuerySet[Order]:
    """The orders a store has to do with; no store means the whole chain."""
    orders = Order.objects.all()
    if store_id is None:
        return orders
    here = Fulfillment.objects.filter(order=OuterRef("pk"), store_id=store_id)
    return orders.filter(Q(pickup_store_id=store_id) | Exists(here))


def order_status(order: Order) -> dict[str, Any]:
    """Plain values, in the shape of the API's OrderStatus."""
    return {
        "id": order.pk,
        "source": order.source,
        "external_id": order.external_id,
        "number": order.number,
        "state": order.state,
        "method": order.method,
        "express": order.is_express,
        "allow_substitutes": order.allows_substitutes,
        "pickup_store": order.pickup_store.code if order.pickup_store else None,
        "currency": order.currency,
        "placed_at": order.placed_at.isoformat(),
        "lines": [
            {
                "line": line.external_id,
                "sku": line.item.sku,
                "quantity": line.quantity,
                "allocated": line.allocated,
                "cancelled": line.cancelled,
                "price": str(line.price),
                "amount": str(line.amount),
                "cancelled_amount": str(line.cancelled_amount),
                "bundle": line.bundle_id,
                "substitute_for": line.substitute_for.item.sku if line.substitute_for else None,
            }
            for line in order.lines.select_related("item", "substitute_for__item").order_by("pk")
        ],
        "bundles": [
            {
                "id": bundle.pk,
                "line": bundle.external_id,
                "sku": bundle.item.sku,
                "quantity": bundle.quantity,
                "allocated": bundle.allocated,
                "cancelled": bundle.cancelled,
                "price": str(bundle.price),
            }
            for bundle in order.bundles.select_related("item").prefetch_related("lines").order_by("pk")
        ],
        "fulfillments": [
            {
                "id": fulfillment.pk,
                "store": fulfillment.store.code,
                "state": fulfillment.state,
                "promised_at": fulfillment.promised_at.isoformat(),
                "staged_at": fulfillment.staged_at.isoformat() if fulfillment.staged_at else None,
                "ended_at": fulfillment.ended_at.isoformat() if fulfillment.ended_at else None,
            }
            for fulfillment in order.fulfillments.select_related("store").order_by("pk")
        ],
    }
