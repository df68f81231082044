"""Words for things that several screens name."""

from django.utils.translation import gettext as _

from pickup.models import Arrival


def place_of(arrival: Arrival) -> str:
    """Where a customer waits: Counter; Bay 2 · green estate; Curbside."""
    if arrival.place == Arrival.Place.COUNTER:
        return str(Arrival.Place.COUNTER.label)
    where = _("Bay {bay}").format(bay=arrival.bay) if arrival.bay else str(Arrival.Place.CURBSIDE.label)
    return f"{where} · {arrival.car}" if arrival.car else where
