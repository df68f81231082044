"""What is paid at the counter."""

from decimal import Decimal

from stores.orders.models import Fulfillment
from stores.orders.queries.taken_orders import SOURCE


def to_pay(fulfillment: Fulfillment) -> Decimal | None:
    """What this part of the order costs, in the order's currency; None where a shop has settled it already.

    Orders taken at a counter are paid at one, when they are collected.
    """
    if fulfillment.order.source != SOURCE:
        return None
    lines = fulfillment.lines.select_related("order_line")
    return sum((line.order_line.amount_of(line.wanted) for line in lines if line.wanted), Decimal(0))
