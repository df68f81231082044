"""The customer does not want what was given in the place of what they ordered."""

from pickup.access import lock_fulfillment
from pickup.actions.refuse import refuse_unless_own
from pickup.queries.substitutes import substitute_line
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.access import lock_orders
from stores.orders.actions.withdraw_units import withdraw_units
from stores.orders.errors import NotHere
from stores.orders.models import Fulfillment, FulfillmentLine
from stores.orders.reasons import Withdrawn
from stores.staff.models import Associate


def refuse_substitute(
    *, store: Store, pk: int, line_pk: int, associate: Associate, device: Device | None, key: str
) -> FulfillmentLine:
    """Takes all units of the substitute out of the order before it leaves; they go back to a shelf.

    The rest is handed over; an order of which nothing is left is cancelled. Raises NotHere and what every step of a
    handover may raise.
    """
    # The order before its fulfillment, as everywhere.
    lock_orders(Fulfillment.objects.filter(pk=pk, store=store))
    fulfillment = lock_fulfillment(store=store, pk=pk)
    refuse_unless_own(fulfillment, associate)
    line = substitute_line(fulfillment, line_pk)
    if line is None or not line.wanted:
        raise NotHere
    record(
        kind="pickup.substitute_refused",
        subject=fulfillment,
        store=store,
        actor=associate,
        device=device,
        item=line.item,
        quantity=line.wanted,
        data={"line": line.pk},
        key=key,
    )
    withdraw_units(line=line, quantity=line.wanted, reason=Withdrawn.REFUSED, key=key)
    return line
