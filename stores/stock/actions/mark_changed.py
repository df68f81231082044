"""For those who follow availability: something they should look at again."""

from collections.abc import Sequence

from django.db.models import F

from stores.catalog.models import Item
from stores.stock.models import Availability


def mark_changed(items: Sequence[Item]) -> None:
    """What can be promised of the items is another now, in every store, though no unit has moved."""
    # A trigger marks every updated row; in the order in which every writer takes its locks.
    rows = Availability.objects.filter(item__in=items).order_by("store_id", "item_id").select_for_update()
    Availability.objects.filter(pk__in=[row.pk for row in rows]).update(changed_in=F("changed_in"))
