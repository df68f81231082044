"""What orders offer on other pages."""

from django.urls import reverse
from django.utils.translation import gettext as _

from stores.catalog.models import Item
from stores.models import Store
from stores.stock.hooks import ItemOffer


def order_from_there(item: Item, store: Store, units: int) -> ItemOffer | None:
    """Ordering from another store, when it gives orders out at its counter and has one to give."""
    if units < 1 or not store.offers_pickup or not item.is_sellable:
        return None
    return ItemOffer(_("Order from there"), reverse("orders:from_store", args=[item.pk, store.pk]))
