"""How far away another store is, as people in this store say it."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from stores.models import Store

# By the currency of the store that asks: where one pays in these, road signs count miles.
MILES_CURRENCIES = frozenset({"GBP", "USD"})
KM_IN_A_MILE = 1.609344


def distance_in_words(km: float, store: Store) -> str:
    """Such as "7.4 miles" or "12.0 km": what `store` reads of a place so far away."""
    if store.currency in MILES_CURRENCIES:
        return _("{distance} miles").format(distance=number_format(km / KM_IN_A_MILE, 1))
    return _("{distance} km").format(distance=number_format(km, 1))
