"""Backorders get another chance when stock arrives, and now and then without being asked."""

from django.db import transaction
from django.db.models import F

from stores.journal.actions.answer_once import retrying
from stores.orders.actions.route_order import route_order
from stores.orders.models import Order

ORDERS_AT_ONCE_MAX = 200


def retry_backorders(*, item_id: int | None = None) -> int:
    """Routes waiting orders again, the longest waiting first; returns how many found a store.

    Each order is its own transaction, so one that fails does not hold up the rest.
    """
    waiting = Order.objects.filter(state=Order.State.BACKORDERED)
    if item_id is not None:
        waiting = waiting.filter(
            lines__item_id=item_id, lines__quantity__gt=F("lines__allocated") + F("lines__cancelled")
        )
    allocated = 0
    for order in waiting.order_by("waiting_since", "pk").distinct()[:ORDERS_AT_ONCE_MAX]:
        allocated += retrying(lambda order=order: _route(order))  # type: ignore[misc]  # The default binds the loop's order.
    return allocated


def _route(order: Order) -> bool:
    with transaction.atomic(durable=True):
        return route_order(order=order) is not None
