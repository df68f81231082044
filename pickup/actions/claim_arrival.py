"""Who serves a waiting customer."""

from django.db.models import Q
from django.db.models.functions import Now

from pickup.access import lock_fulfillment
from pickup.actions.arrive import arrive
from pickup.actions.refuse import refuse_unless_ready
from pickup.errors import ArrivalTaken
from pickup.models import Arrival
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.staff.models import Associate


def claim_arrival(*, store: Store, pk: int, associate: Associate, device: Device | None) -> Arrival:
    """The associate serves the customer of fulfillment `pk`, who is here if nobody said so before.

    Claiming again what one has changes nothing. Raises NotHere, NotReady, AlreadyHandedOver, ArrivalTaken.
    """
    fulfillment = lock_fulfillment(store=store, pk=pk)
    refuse_unless_ready(fulfillment)
    arrival = Arrival.objects.filter(fulfillment=fulfillment).first()
    if arrival is None or arrival.state == Arrival.State.ON_THE_WAY:
        arrival = arrive(store=store, pk=pk, associate=associate, device=device)
    free = Arrival.objects.filter(pk=arrival.pk, claimed_by=None, ended_at=None)
    if not free.update(claimed_by=associate, claimed_at=Now()):
        arrival = Arrival.objects.select_related("claimed_by").get(pk=arrival.pk)
        if arrival.claimed_by != associate:
            raise ArrivalTaken(by=arrival.claimed_by.name if arrival.claimed_by else "")
        return arrival
    record(kind="pickup.claimed", subject=fulfillment, store=store, actor=associate, device=device)
    arrival.refresh_from_db()
    return arrival


def take_over_arrival(*, store: Store, pk: int, associate: Associate, device: Device | None) -> Arrival:
    """The associate goes on where a colleague, who knows of it, has left off.

    Raises NotHere, NotReady, AlreadyHandedOver.
    """
    fulfillment = lock_fulfillment(store=store, pk=pk)
    refuse_unless_ready(fulfillment)
    others = Arrival.objects.filter(~Q(claimed_by=associate), fulfillment=fulfillment, ended_at=None)
    before = others.values_list("claimed_by", flat=True).first()
    if others.update(claimed_by=associate, claimed_at=Now()):
        record(
            kind="pickup.taken_over",
            subject=fulfillment,
            store=store,
            actor=associate,
            device=device,
            data={"from": before},
        )
    return Arrival.objects.get(fulfillment=fulfillment)
