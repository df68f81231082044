"""What the demo sells together: bundles of its goods, and what the demo's shop calls them."""

from dataclasses import dataclass
from decimal import Decimal

from config.demo_chain.shop import SHOP
from stores.catalog.actions.add_alias import add_alias
from stores.catalog.actions.add_category import add_category
from stores.catalog.actions.add_item import add_item
from stores.catalog.actions.lifecycle import activate_item, approve_item
from stores.catalog.actions.set_components import set_components
from stores.catalog.models import Category, Item

CATEGORY, CATEGORY_NAME = "SETS", "Sets"


@dataclass(frozen=True, kw_only=True)
class Set:
    sku: str
    name: str
    price: Decimal
    # Units of each SKU in one set.
    parts: dict[str, int]


SETS = (
    Set(
        sku="TEA-RED",
        name="Red Retrospot Tea Set",
        price=Decimal("9.95"),
        parts={"21527": 1, "21238": 4},
    ),
    Set(
        sku="TEA-REGENCY",
        name="Regency Afternoon Tea",
        price=Decimal("21.95"),
        parts={"22423": 1, "22697": 2, "22699": 2},
    ),
    Set(
        sku="PARTY-RED",
        name="Red Spotty Party for Twelve",
        price=Decimal("3.49"),
        parts={"21086": 2, "21094": 2, "21080": 1},
    ),
)


def add_sets(items: dict[str, Item]) -> dict[str, Item]:
    """Adds the sets that are missing, ready to be sold; returns all of them by SKU."""
    sets = {item.sku: item for item in Item.objects.filter(sku__in=[one.sku for one in SETS])}
    for one in SETS:
        if one.sku not in sets:
            sets[one.sku] = _add(one, items)
    return sets


def _add(one: Set, items: dict[str, Item]) -> Item:
    category = Category.objects.filter(code=CATEGORY).first() or add_category(code=CATEGORY, name=CATEGORY_NAME)
    bundle = add_item(sku=one.sku, name=one.name, price=one.price, category=category)
    parts = [(items[sku], units) for sku, units in one.parts.items()]
    set_components(bundle=bundle, components=parts, reason="Sold together")
    approve_item(item=bundle, reason="Opening range")
    activate_item(item=bundle, reason="Opening range")
    add_alias(source=SHOP, code=f"SH-{one.sku}", item=bundle)
    return bundle
