"""What can be promised of bundles, with the arithmetic: the fewest whole bundles any one component is enough for."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from stores.catalog.models import Item

_PARTS_SQL = """
SELECT asked.store_id, bundle.id, bundle.state, part.id, part.sku, part.name, part.state, inside.quantity,
       COALESCE(availability.atp, 0)
FROM unnest(%(stores)s::bigint[], %(items)s::bigint[]) AS asked (store_id, item_id)
JOIN catalog_item bundle ON bundle.id = asked.item_id
JOIN catalog_bundlecomponent inside ON inside.bundle_id = bundle.id
JOIN catalog_item part ON part.id = inside.component_id
LEFT JOIN stock_availability availability
    ON availability.store_id = asked.store_id AND availability.item_id = part.id
ORDER BY asked.store_id, bundle.id, part.id
"""


@dataclass(frozen=True)
class PartStock:
    """One component in one store: `per_bundle` units go into each bundle, `atp` units can be promised."""

    item_id: int
    sku: str
    name: str
    state: str
    per_bundle: int
    atp: int

    @property
    def is_sellable(self) -> bool:
        return self.state == Item.State.ACTIVE

    @property
    def enough_for(self) -> int:
        """Whole bundles; none while the component itself is not for sale."""
        return self.atp // self.per_bundle if self.is_sellable else 0


@dataclass(frozen=True)
class BundleStock:
    """`parts` in the order of item ids; none for an item that is no bundle."""

    state: str
    parts: tuple[PartStock, ...]

    @property
    def is_sellable(self) -> bool:
        return self.state == Item.State.ACTIVE

    @property
    def atp(self) -> int:
        """Bundles that can be promised: 0 while the bundle is not active."""
        return self.enough if self.is_sellable else 0

    @property
    def enough(self) -> int:
        """Bundles the components are enough for, whatever state the bundle is in."""
        return min((part.enough_for for part in self.parts), default=0)

    @property
    def limiting(self) -> tuple[PartStock, ...]:
        """The components that run out first."""
        return tuple(part for part in self.parts if part.enough_for == self.enough)


def bundle_atp(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], BundleStock]:
    """The arithmetic for each (store id, bundle id). One query, however many pairs."""
    wanted = list(dict.fromkeys(pairs))
    states: dict[tuple[int, int], str] = {}
    parts: dict[tuple[int, int], list[PartStock]] = {pair: [] for pair in wanted}
    with connection.cursor() as cursor:
        stores, items = [store for store, _item in wanted], [item for _store, item in wanted]
        cursor.execute(_PARTS_SQL, {"stores": stores, "items": items})
        for store_id, bundle_id, state, *part in cursor.fetchall():
            states[store_id, bundle_id] = state
            parts[store_id, bundle_id].append(PartStock(*part))
    return {pair: BundleStock(states.get(pair, ""), tuple(parts[pair])) for pair in wanted}
