"""The customer may not have what only adults get."""

from pickup.access import lock_fulfillment
from pickup.actions.refuse import refuse_unless_own
from pickup.errors import NothingRestricted
from pickup.models import Handover
from pickup.queries.age import restricted_lines
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.access import lock_orders
from stores.orders.actions.withdraw_units import withdraw_units
from stores.orders.models import Fulfillment
from stores.orders.reasons import Withdrawn
from stores.staff.models import Associate


def refuse_underage(*, store: Store, pk: int, associate: Associate, device: Device | None, key: str) -> int:
    """Takes all age-restricted units out of the order before it leaves and returns how many; they go back to a shelf.

    The rest is handed over; an order of which nothing is left is cancelled. Raises NothingRestricted when the age was
    checked or nothing is restricted, NotHere, and what every step of a handover may raise.
    """
    # The order before its fulfillment, as everywhere.
    lock_orders(Fulfillment.objects.filter(pk=pk, store=store))
    fulfillment = lock_fulfillment(store=store, pk=pk)
    refuse_unless_own(fulfillment, associate)
    lines = restricted_lines(fulfillment)
    if not lines or Handover.objects.filter(fulfillment=fulfillment, age_checked_at__isnull=False).exists():
        raise NothingRestricted
    units = sum(line.wanted for line in lines)
    record(
        kind="pickup.age_refused",
        subject=fulfillment,
        store=store,
        actor=associate,
        device=device,
        quantity=units,
        data={"lines": [line.pk for line in lines]},
        key=key,
    )
    for line in lines:
        withdraw_units(line=line, quantity=line.wanted, reason=Withdrawn.UNDERAGE, key=f"{key}:{line.pk}")
    return units
