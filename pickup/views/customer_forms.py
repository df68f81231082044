"""What the customer may say, within its limits."""

from typing import NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _

from pickup.actions.arrive import Spot
from pickup.errors import PlaceNotOffered, TimeNotOffered
from pickup.models import Arrival
from stores.models import Store
from stores.orders.models import Order

MINUTES = (5, 10, 15, 20, 30, 45, 60)
CAR_LENGTH_MAX = 60
_COUNTER = "counter"
_CAR = "car"
_BAY = "bay-"


class SpotChoice(NamedTuple):
    value: str
    label: str


def spots_of(store: Store) -> list[SpotChoice]:
    """Where a customer of this store may wait, as choices of one field."""
    spots = [SpotChoice(_COUNTER, _("At the counter"))] if store.offers_pickup else []
    if store.offers_curbside:
        bays = range(1, store.bays + 1)
        spots += [SpotChoice(f"{_BAY}{bay}", _("Bay {bay}").format(bay=bay)) for bay in bays]
        if not store.bays:
            spots.append(SpotChoice(_CAR, _("In the car, outside")))
    return spots


def chosen_spot(arrival: Arrival | None, order: Order) -> str:
    """The choice to begin with: where they said they are, else what they ordered."""
    if arrival is not None and arrival.state == Arrival.State.HERE:
        outside = f"{_BAY}{arrival.bay}" if arrival.bay else _CAR
        return outside if arrival.place == Arrival.Place.CURBSIDE else _COUNTER
    return f"{_BAY}1" if order.method == Order.Method.CURBSIDE else _COUNTER


def posted_minutes(request: HttpRequest) -> int:
    """Raises TimeNotOffered."""
    text = request.POST.get("minutes", "")
    if text not in {str(minutes) for minutes in MINUTES}:
        raise TimeNotOffered
    return int(text)


def posted_spot(request: HttpRequest, store: Store) -> Spot:
    """Raises PlaceNotOffered."""
    chosen = request.POST.get("spot", "")
    if chosen not in {spot.value for spot in spots_of(store)}:
        raise PlaceNotOffered(bays=store.bays)
    if chosen == _COUNTER:
        return Spot()
    printable = "".join(sign if sign.isprintable() else " " for sign in request.POST.get("car", ""))
    return Spot(
        place=Arrival.Place.CURBSIDE,
        bay=chosen.removeprefix(_BAY) if chosen.startswith(_BAY) else "",
        car=" ".join(printable.split())[:CAR_LENGTH_MAX],
    )
