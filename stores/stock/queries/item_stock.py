"""One item in one store: where it lies and what can be promised of it."""

from dataclasses import dataclass

from django.db.models import QuerySet

from stores.catalog.models import Item
from stores.models import Store
from stores.stock.models import Availability, Balance


@dataclass(frozen=True)
class ItemStock:
    """`availability` is unsaved zeros for an item the store never had; `balances` are physical bins in path order."""

    item: Item
    availability: Availability
    balances: list[Balance]

    @property
    def atp(self) -> int:
        """What the database generates; nothing for a row it never saw, which cannot be asked."""
        return self.availability.atp if self.availability.pk else 0


def item_stock(*, store: Store, item: Item) -> ItemStock:
    availability = Availability.objects.filter(store=store, item=item).first()
    balances: QuerySet[Balance] = (
        Balance.objects.filter(store=store, item=item, physical=True, quantity__gt=0)
        .select_related("bin__zone")
        .order_by("bin__zone__walk_order", "bin__walk_order", "bin__code", "condition")
    )
    nothing = Availability(store=store, item=item, on_hand=0, unsellable=0, reserved=0, shortfall=0, safety_stock=0)
    return ItemStock(item, availability or nothing, list(balances))


def atp_of_items(*, store: Store, items: list[Item]) -> dict[int, int]:
    """ATP in units by item id; items the store never had are 0."""
    found = dict(Availability.objects.filter(store=store, item__in=items).values_list("item_id", "atp"))
    return {item.pk: found.get(item.pk, 0) for item in items}
