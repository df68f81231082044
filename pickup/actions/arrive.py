"""The customer comes: on the way, then here."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Model
from django.db.models.functions import Now
from django.utils import timezone

from pickup.access import lock_fulfillment
from pickup.errors import NotReady, PlaceNotOffered
from pickup.models import Arrival
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.models import Fulfillment
from stores.transitions import advance

MINUTES_MAX = 240


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where the customer waits. `bay` is a bay's number as text; `car` is what to look for."""

    place: Arrival.Place = Arrival.Place.COUNTER
    bay: str = ""
    car: str = ""


AT_THE_COUNTER = Spot()


def set_off(*, store: Store, pk: int, minutes: int) -> Arrival:
    """The customer of a ready order says when they will be there; saying it again changes the time.

    Raises NotHere, and NotReady when the order is not, or no longer, waiting for them.
    """
    fulfillment = lock_fulfillment(store=store, pk=pk)
    _refuse_unless_waiting(fulfillment)
    eta_at = timezone.now() + timedelta(minutes=min(max(minutes, 0), MINUTES_MAX))
    arrival = Arrival.objects.filter(fulfillment=fulfillment).first()
    if arrival is None:
        arrival = Arrival.objects.create(
            fulfillment=fulfillment, store=store, state=Arrival.State.ON_THE_WAY, eta_at=eta_at, on_the_way_at=Now()
        )
    elif arrival.state == Arrival.State.ON_THE_WAY:
        Arrival.objects.filter(pk=arrival.pk).update(eta_at=eta_at)
    else:
        # Being here is more than being on the way.
        return arrival
    record(kind="pickup.customer_on_the_way", subject=fulfillment, store=store, data={"minutes": minutes})
    return arrival


def arrive(
    *, store: Store, pk: int, spot: Spot = AT_THE_COUNTER, associate: Model | None = None, device: Device | None = None
) -> Arrival:
    """The customer of a ready order is here; saying it again only changes where they wait.

    `associate` marks somebody here who came without a phone. Raises NotHere, NotReady, PlaceNotOffered.
    """
    _refuse_strange_spot(store, spot)
    fulfillment = lock_fulfillment(store=store, pk=pk)
    _refuse_unless_waiting(fulfillment)
    arrival = Arrival.objects.filter(fulfillment=fulfillment).first()
    place = {"place": spot.place, "bay": spot.bay, "car": spot.car}
    if arrival is None:
        arrival = Arrival.objects.create(
            fulfillment=fulfillment, store=store, state=Arrival.State.HERE, here_at=Now(), **place
        )
    elif arrival.state == Arrival.State.ON_THE_WAY:
        advance(arrival, to=Arrival.State.HERE, here_at=Now(), **place)
    else:
        Arrival.objects.filter(pk=arrival.pk).update(**place)
    record(
        kind="pickup.customer_here",
        subject=fulfillment,
        store=store,
        actor=associate,
        device=device,
        data={"place": spot.place, "bay": spot.bay},
    )
    return arrival


def _refuse_unless_waiting(fulfillment: Fulfillment) -> None:
    # Picked: a staging was undone a moment ago; the customer was told to come and is not sent away.
    if fulfillment.state not in {Fulfillment.State.PICKED, Fulfillment.State.STAGED}:
        raise NotReady(number=fulfillment.order.number, state=fulfillment.get_state_display().lower())


def _refuse_strange_spot(store: Store, spot: Spot) -> None:
    if spot.place == Arrival.Place.CURBSIDE and not store.offers_curbside:
        raise PlaceNotOffered(bays=store.bays)
    if spot.bay and not (spot.bay.isdecimal() and 1 <= int(spot.bay) <= store.bays):
        raise PlaceNotOffered(bays=store.bays)
