"""An order that is wanted no more."""

from django.db.models import F, Model

from stores.models import Store
from stores.orders.access import lock_order
from stores.orders.actions.settle_order import settle_order
from stores.orders.actions.tell_customer import tell_cancelled
from stores.orders.actions.withdraw_units import lock_parts, withdraw_locked
from stores.orders.errors import AlreadyCancelled, CannotCancel, PartHandedOver
from stores.orders.models import Fulfillment, Order
from stores.orders.reasons import CancelReason, Withdrawn


def cancel_order(
    *, order: Order, reason: CancelReason, actor: Model | None = None, store: Store | None = None, key: str
) -> Order:
    """Cancels all of it, however far it is, and returns it as it is then. What is picked goes back to the shelf.

    With an `actor`, who works in `store`, it is we who cancel: the customer is told. Otherwise its source tells them.
    Raises AlreadyCancelled, CannotCancel when it has ended, and its kind PartHandedOver. Records `orders.cancelled`.
    """
    order = lock_order(order.pk)
    number, state = order.number, order.get_state_display().lower()
    if order.state == Order.State.CANCELLED:
        raise AlreadyCancelled(number=number)
    if order.state not in Order.OPEN:
        raise CannotCancel(number=number, state=state)
    parts = lock_parts(order=order)
    if order.fulfillments.filter(state=Fulfillment.State.HANDED_OVER).exists():
        raise PartHandedOver(number=number, state=state)
    for part in parts:
        if part.wanted:
            withdraw_locked(part=part, quantity=part.wanted, reason=Withdrawn.CANCELLED, key=key)
    order.lines.update(cancelled=F("quantity") - F("allocated"))
    settle_order(order=order, reason=reason, actor=actor, store=store)
    if actor is not None:
        tell_cancelled(order=order, store=store, reason=reason)
    return order
