"""What every step of a handover checks first. The caller holds the fulfillment's row."""

from pickup.errors import AlreadyHandedOver, ArrivalTaken, ClaimFirst, NotReady
from pickup.models import Arrival, Handover
from stores.orders.models import Fulfillment
from stores.staff.models import Associate


def refuse_unless_ready(fulfillment: Fulfillment) -> None:
    """Raises AlreadyHandedOver or NotReady."""
    number = fulfillment.order.number
    if fulfillment.state == Fulfillment.State.HANDED_OVER:
        gone = Handover.objects.select_related("associate").get(fulfillment=fulfillment)
        at = fulfillment.store.local(gone.handed_over_at).strftime("%H:%M") if gone.handed_over_at else ""
        raise AlreadyHandedOver(number=number, by=gone.associate.name, at=at)
    if fulfillment.state != Fulfillment.State.STAGED:
        raise NotReady(number=number, state=fulfillment.get_state_display().lower())


def refuse_unless_own(fulfillment: Fulfillment, associate: Associate) -> Arrival:
    """The open arrival that the associate serves. Raises AlreadyHandedOver, NotReady, ClaimFirst, ArrivalTaken."""
    refuse_unless_ready(fulfillment)
    arrival = Arrival.objects.select_related("claimed_by").filter(fulfillment=fulfillment).first()
    if arrival is None or arrival.claimed_by is None:
        raise ClaimFirst
    if arrival.claimed_by != associate:
        raise ArrivalTaken(by=arrival.claimed_by.name)
    return arrival
