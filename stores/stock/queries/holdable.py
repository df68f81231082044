"""What a cart asks for, unit by unit, and which of its lines cannot be held."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from stores.catalog.models import Item
from stores.catalog.queries.components import components_of_many
from stores.models import Store
from stores.stock.models import Availability

Pair = tuple[int, int]  # (store id, item id)
Content = Counter[Pair]


@dataclass(frozen=True)
class Wanted:
    """`content` is units by (store, item) in the order asked for; `parts` what one unit of each item consists of."""

    content: Content
    items: dict[int, Item]
    parts: dict[int, list[tuple[int, int]]]
    units: Counter[Pair]

    @classmethod
    def of(cls, lines: Iterable[tuple[int, Item, int]]) -> "Wanted":
        """Of (store id, item, units); the same item of a store twice is one line. At most one query."""
        content, items = Content(), {}
        for store_id, item, quantity in lines:
            content[store_id, item.pk] += quantity
            items[item.pk] = item
        inside = components_of_many(item for item in items.values() if item.is_bundle)
        parts = {
            pk: [(row.component_id, row.quantity) for row in inside[pk]] if item.is_bundle else [(pk, 1)]
            for pk, item in items.items()
        }
        units = Counter[Pair]()
        for (store_id, item_id), quantity in content.items():
            for part_id, each in parts[item_id]:
                units[store_id, part_id] += each * quantity
        return cls(content, items, parts, units)

    def unsellable_bundles(self, before: Content) -> bool:
        """Whether more is wanted than `before` of a bundle that is not for sale, or that has nothing in it."""
        return any(
            self._most(pair, before) < quantity
            for pair, quantity in self.content.items()
            if self.items[pair[1]].is_bundle
        )

    def holdable(self, pool: Counter[Pair], before: Content) -> dict[Pair, int]:
        """What can be had of each line when the lines before it have taken theirs from `pool`."""
        left, found = Counter(pool), {}
        for (store_id, item_id), quantity in self.content.items():
            enough = [left[store_id, part_id] // each for part_id, each in self.parts[item_id]]
            found[store_id, item_id] = units = min([quantity, self._most((store_id, item_id), before), *enough])
            for part_id, each in self.parts[item_id]:
                left[store_id, part_id] -= units * each
        return found

    def _most(self, pair: Pair, before: Content) -> int:
        item = self.items[pair[1]]
        if not self.parts[item.pk]:
            return 0
        return self.content[pair] if item.is_sellable or not item.is_bundle else before[pair]


def short_lines(wanted: Wanted, *, own: Counter[Pair], before: Content, kept_back: int) -> list[dict[str, Any]]:
    """Each line that cannot be held in full: sku, store, wanted, available.

    `own` units are in the cart already. Lowered to `available`, all lines together can be held.
    """
    pool = Counter(own)
    rows = Availability.objects.for_pairs(wanted.units).filter(item__state=Item.State.ACTIVE)
    for store_id, item_id, atp in rows.values_list("store_id", "item_id", "atp"):
        pool[store_id, item_id] += max(atp - kept_back, 0)
    stores = Store.objects.filter(pk__in={store_id for store_id, _item_id in wanted.content})
    codes = dict(stores.values_list("pk", "code"))
    return [
        {
            "sku": wanted.items[item_id].sku,
            "store": codes[store_id],
            "wanted": wanted.content[store_id, item_id],
            "available": available,
        }
        for (store_id, item_id), available in wanted.holdable(pool, before).items()
        if available < wanted.content[store_id, item_id]
    ]
