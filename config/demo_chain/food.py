"""The food hall: a few goods beyond the published ones that ask something of whoever picks them.

What is weighed, kept cold, or known by its lot, its expiry date or its serial number. Their labels are GS1 messages:
the GTIN behind `01`, then `3103` and the weight in grams, `17` and the expiry date, `10` and the lot, `21` and the
serial number.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from biip.checksums import gs1_standard_check_digit

from config.demo_chain.chain import Place
from config.demo_chain.goods import COMPANY_PREFIX
from stores.catalog.actions.add_barcode import add_barcode
from stores.catalog.actions.add_category import add_category
from stores.catalog.actions.add_item import add_item
from stores.catalog.actions.lifecycle import activate_item, approve_item
from stores.catalog.models import Category, Item
from stores.models import BinKind, Store
from stores.stock.actions.load_opening_stock import OpeningStock, load_opening_stock
from stores.stock.models import Condition, Move

CATEGORY, CATEGORY_NAME = "FOOD", "Food hall"


@dataclass(frozen=True, kw_only=True)
class Food:
    """`flags` are what is true of it, besides the price of one piece; `reference` is its number within our GTINs."""

    sku: str
    name: str
    price: str
    reference: int
    weight_g: int
    units: int
    flags: frozenset[str] = field(default_factory=frozenset)

    @property
    def gtin(self) -> str:
        payload = f"{COMPANY_PREFIX}{self.reference:05}"
        # What is weighed has a GTIN of its own kind: 9 in front says that the weight stands beside it.
        digits = f"9{payload}" if "is_weighed" in self.flags else payload
        return f"{digits}{gs1_standard_check_digit(digits)}"


FOODS = (
    Food(
        sku="FOOD-CHEDDAR", name="Farmhouse Cheddar, cut piece", price="4.80", reference=90001, weight_g=250, units=8,
        flags=frozenset({"is_weighed", "is_cold", "is_expiry_tracked"}),
    ),
    Food(
        sku="FOOD-STILTON", name="Blue Stilton, cut piece", price="4.60", reference=90002, weight_g=250, units=6,
        flags=frozenset({"is_weighed", "is_cold", "is_expiry_tracked"}),
    ),
    Food(
        sku="FOOD-SALMON", name="Smoked Salmon 100 g", price="5.95", reference=90003, weight_g=100, units=10,
        flags=frozenset({"is_cold", "is_lot_tracked", "is_expiry_tracked"}),
    ),
    Food(
        sku="FOOD-TRUFFLES", name="Sea Salt Truffles", price="6.50", reference=90004, weight_g=160, units=12,
        flags=frozenset({"is_expiry_tracked"}),
    ),
    Food(
        sku="FOOD-FUDGE", name="Clotted Cream Fudge", price="4.25", reference=90005, weight_g=180, units=12,
        flags=frozenset({"is_expiry_tracked"}),
    ),
    Food(
        sku="FOOD-CHUTNEY", name="Real Ale Chutney", price="3.75", reference=90006, weight_g=320, units=14,
        flags=frozenset({"is_lot_tracked", "is_fragile"}),
    ),
    Food(
        sku="FOOD-GIN", name="Sloe Gin 35 cl", price="18.50", reference=90007, weight_g=780, units=6,
        flags=frozenset({"is_age_restricted", "is_fragile", "is_lot_tracked"}),
    ),
    Food(
        sku="FOOD-KNIFE", name="Cheese Knife, Sheffield Steel", price="14.00", reference=90008, weight_g=140, units=5,
        flags=frozenset({"is_age_restricted"}),
    ),
    Food(
        sku="FOOD-SCALES", name="Digital Kitchen Scales", price="24.00", reference=90009, weight_g=620, units=5,
        flags=frozenset({"is_serialised"}),
    ),
    Food(
        sku="FOOD-RADIO", name="Kitchen Radio", price="39.00", reference=90010, weight_g=900, units=4,
        flags=frozenset({"is_serialised", "is_fragile"}),
    ),
)  # fmt: skip


def add_foods() -> dict[str, Item]:
    """Adds those that are missing, ready to be sold; returns all of them by SKU."""
    foods = {item.sku: item for item in Item.objects.filter(sku__in=[one.sku for one in FOODS])}
    for one in FOODS:
        if one.sku not in foods:
            foods[one.sku] = _add(one)
    return foods


def _add(one: Food) -> Item:
    category = Category.objects.filter(code=CATEGORY).first() or add_category(code=CATEGORY, name=CATEGORY_NAME)
    item = add_item(
        sku=one.sku,
        name=one.name,
        price=Decimal(one.price),
        category=category,
        abc_class="B",
        weight_g=one.weight_g,
        is_age_restricted="is_age_restricted" in one.flags,
        is_fragile="is_fragile" in one.flags,
        is_serialised="is_serialised" in one.flags,
        is_weighed="is_weighed" in one.flags,
        is_lot_tracked="is_lot_tracked" in one.flags,
        is_expiry_tracked="is_expiry_tracked" in one.flags,
        is_cold="is_cold" in one.flags,
    )
    add_barcode(item=item, gtin=one.gtin)
    approve_item(item=item, reason="Opening range")
    activate_item(item=item, reason="Opening range")
    return item


def stock_foods(place: Place, store: Store, items: dict[str, Item]) -> None:
    """Puts them on the last shelves of the stores that customers walk into, once."""
    prefix = f"demo:food:{place.code}:"
    if place.offers_pickup and not Move.objects.filter(key__startswith=prefix).exists():
        load_opening_stock(store=store, rows=list(_opening_stock(store, items, prefix)))


def _opening_stock(store: Store, items: dict[str, Item], prefix: str) -> Iterator[OpeningStock]:
    shelves = list(store.bins.filter(kind=BinKind.SHELF).order_by("-walk_order")[: len(FOODS)])
    for place, one in enumerate(FOODS):
        yield OpeningStock(
            key=f"{prefix}{one.sku}",
            bin=shelves[place % len(shelves)],
            item=items[one.sku],
            quantity=one.units,
            condition=Condition.SELLABLE,
        )
