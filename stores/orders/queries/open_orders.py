"""The orders a store has to do with, for whoever has the customer on the phone."""

from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from stores.models import Store
from stores.orders.access import orders_of
from stores.orders.models import Order

SHOWN_MAX = 50


def orders_in(store: Store, sought: str) -> QuerySet[Order]:
    """Those under way, the newest first; or those whose number holds what is `sought`, ended ones too.

    Each with its `units` wanted and its contact.
    """
    orders = orders_of(store)
    orders = orders.filter(number__icontains=sought) if sought else orders.filter(state__in=Order.OPEN)
    units = Coalesce(Sum("lines__quantity"), 0) - Coalesce(Sum("lines__cancelled"), 0)
    return orders.annotate(units=units).order_by("-pk")
