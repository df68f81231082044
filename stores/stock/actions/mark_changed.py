"""For those who follow availability: something they should look at again."""

from django.db.models import F

from stores.catalog.models import Item
from stores.stock.models import Availability


def mark_changed(item: Item) -> None:
    """What can be promised of the item is another now, in every store, though no unit has moved."""
    # A trigger marks every updated row; in the order in which every writer takes its locks.
    rows = Availability.objects.filter(item=item).order_by("store_id").select_for_update()
    Availability.objects.filter(pk__in=[row.pk for row in rows]).update(changed_in=F("changed_in"))
