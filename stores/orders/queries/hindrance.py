"""Whether an item could be given up, as far as orders are concerned."""

from django.db.models import Q
from django.utils.translation import ngettext

from stores.catalog.models import Item
from stores.orders.models import Order


def orders_hinder(item: Item) -> str:
    """Why not, and what to do about it; nothing where no open order wants it, by itself or as a bundle."""
    wanted = Q(lines__item=item) | Q(bundles__item=item)
    count = Order.objects.filter(wanted, state__in=Order.OPEN).distinct().count()
    if not count:
        return ""
    return ngettext(
        "{count} open order wants it: it has to be collected or cancelled first.",
        "{count} open orders want it: they have to be collected or cancelled first.",
        count,
    ).format(count=count)
