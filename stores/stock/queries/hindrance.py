"""Whether an item could be given up, as far as stock is concerned."""

from django.db.models import Sum
from django.utils.translation import gettext as _

from stores.catalog.models import Item
from stores.stock.models import Availability


def stock_hinders(item: Item) -> str:
    """Why not, and what to do about it; nothing where no store has any of it."""
    summed = Availability.objects.filter(item=item).aggregate(on_hand=Sum("on_hand"), reserved=Sum("reserved"))
    if summed["on_hand"]:
        return _(
            "Stores have {units} units of it: write them off as {sku} and add them as the other, or sell them."
        ).format(units=summed["on_hand"], sku=item.sku)
    if summed["reserved"]:
        return _("{units} units of it are reserved: wait until they have left, or release them.").format(
            units=summed["reserved"]
        )
    return ""
