"""What nobody has is not waited for."""

from django.db.models import F

from stores.orders.access import lock_order
from stores.orders.actions.settle_order import record_cancelled_units, settle_order
from stores.orders.actions.tell_customer import CancelledUnits, tell_cancelled, tell_units_cancelled
from stores.orders.models import Order
from stores.orders.reasons import CancelReason


def cancel_open_units(*, order: Order, reason: CancelReason, key: str) -> int:
    """Cancels what no store has promised of the order, tells the customer, and returns how many units that were.

    Of a bundle the missing part alone goes: the rest is given at its share of the price.
    """
    order = lock_order(order.pk)
    if order.state not in Order.OPEN:
        return 0
    rows = order.lines.filter(quantity__gt=F("allocated") + F("cancelled")).select_related("item", "bundle")
    lines = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    if not lines:
        return 0
    for line in lines:
        record_cancelled_units(order=order, line=line, quantity=line.open_quantity, reason=reason)
    order.lines.filter(pk__in=[line.pk for line in lines]).update(cancelled=F("quantity") - F("allocated"))
    settle_order(order=order, reason=reason)
    if order.state == Order.State.CANCELLED:
        tell_cancelled(order=order, reason=reason)
    else:
        told = [CancelledUnits(line.item, line.open_quantity) for line in lines]
        tell_units_cancelled(order=order, units=told, reason=reason, key=key)
    return sum(line.open_quantity for line in lines)
