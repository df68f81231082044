"""What may be given in an item's place, the best first."""

from collections.abc import Iterable

from django.db.models import Q

from stores.catalog.models import Item, Substitute


def substitutes_of(item_id: int) -> list[Item]:
    """Those on sale now, the best first. One query."""
    return substitutes_of_many([item_id])[item_id]


def substitutes_of_many(item_ids: Iterable[int]) -> dict[int, list[Item]]:
    """The same by item id; an item without any has an empty list. One query, or none."""
    found: dict[int, list[Item]] = {item_id: [] for item_id in item_ids}
    if found:
        rows = Substitute.objects.filter(item__in=found, substitute__state=Item.State.ACTIVE)
        for row in rows.select_related("substitute").order_by("item_id", "rank", "pk"):
            found[row.item_id].append(row.substitute)
    return found


def named_substitutes(item: Item) -> list[Item]:
    """All that are named, on sale or not, the best first. One query."""
    rows = Substitute.objects.filter(item=item).select_related("substitute").order_by("rank", "pk")
    return [row.substitute for row in rows]


def stands_in_for(item: Item, limit: int) -> list[Item]:
    """Up to `limit` items in whose place it may be given, by name; none that is retired. One query."""
    named = Substitute.objects.filter(substitute=item).values("item")
    return list(Item.objects.filter(pk__in=named).exclude(state=Item.State.RETIRED).order_by("name", "pk")[:limit])


def others_beside(item: Item) -> list[str]:
    """SKUs of the items that are its substitutes, or whose substitute it is."""
    rows = Substitute.objects.filter(Q(item=item) | Q(substitute=item)).values_list("item__sku", "substitute__sku")
    return sorted({sku for row in rows for sku in row if sku != item.sku})
