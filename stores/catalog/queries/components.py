"""What is really in it."""

from collections.abc import Iterable

from stores.catalog.models import BundleComponent, Item


def components_of(item: Item) -> list[tuple[Item, int]]:
    """(item, units) that one unit of `item` consists of, in the order of item ids: itself, unless it is a bundle."""
    if not item.is_bundle:
        return [(item, 1)]
    rows = BundleComponent.objects.filter(bundle=item).select_related("component").order_by("component_id")
    return [(row.component, row.quantity) for row in rows]


def components_of_many(bundles: Iterable[Item]) -> dict[int, list[BundleComponent]]:
    """What is in each bundle (by its id), with the component items, in the order of item ids. One query, or none."""
    inside: dict[int, list[BundleComponent]] = {bundle.pk: [] for bundle in bundles}
    if inside:
        rows = BundleComponent.objects.filter(bundle__in=inside).select_related("component")
        for row in rows.order_by("bundle_id", "component_id"):
            inside[row.bundle_id].append(row)
    return inside
