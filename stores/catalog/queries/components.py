"""What is really in it."""

from stores.catalog.models import BundleComponent, Item


def components_of(item: Item) -> list[tuple[Item, int]]:
    """(item, units) that one unit of `item` consists of, in the order of item ids: itself, unless it is a bundle."""
    if not item.is_bundle:
        return [(item, 1)]
    rows = BundleComponent.objects.filter(bundle=item).select_related("component").order_by("component_id")
    return [(row.component, row.quantity) for row in rows]
