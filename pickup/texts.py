"""Words for things that several screens name."""

from django.utils.translation import gettext as _

from pickup.models import Arrival


def place_of(arrival: Arrival) -> str:
    """Where a customer waits, and in what: Counter; Bay 2 · green estate; Curbside."""
    return f"{spot_of(arrival)} · {arrival.car}" if arrival.car else spot_of(arrival)


def spot_of(arrival: Arrival) -> str:
    """Counter; Bay 2; Curbside."""
    if arrival.bay:
        return _("Bay {bay}").format(bay=arrival.bay)
    return str(Arrival.Place(arrival.place).label)
