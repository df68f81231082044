"""Orders for a cart in the demo's store in York, of items nobody else uses: see scenes.py."""

from typing import Any

from django.db import transaction

from picking.models import PickPlan
from stores.catalog.actions.set_substitutes import set_substitutes
from stores.catalog.models import Item
from stores.models import Store
from tests.factories import make_gtin, make_item, order_for, stock_up
from tests.flow.scenes import Facts

SHOP = "shop.storehand.example"
# What lies where: name, then units by bin. Floor and backroom are two zones.
GOODS = {
    "MUG": ("Speckled mug", {"A-01-1": 20}),
    "VASE": ("Ribbed vase", {"BR-01-1": 20}),
    "BOWL": ("Salad bowl", {"B-01-1": 3, "BR-02-1": 5}),
    "LAMP": ("Desk lamp in brass", {"C-01-1": 2}),
    "LAMP2": ("Desk lamp in steel", {"C-02-1": 5}),
    "TRAY": ("Breakfast tray", {"D-01-1": 1}),
    "CLOCK": ("Mantel clock", {"E-01-1": 1}),
}
FIRST_GTIN = 90_000
# This one's customer goes to whichever store has the clock: York is the nearest.
ANYWHERE = "#B6"
ORDERS = {
    "#B1": {"MUG": 1, "BOWL": 2},
    "#B2": {"LAMP": 1, "VASE": 1},
    "#B3": {"MUG": 2, "VASE": 1},
    "#B4": {"TRAY": 1, "VASE": 2},
    "#B5": {"MUG": 2, "VASE": 1},
    "#B6": {"CLOCK": 1},
}
ZONED = {"#Z1": {"MUG": 1, "VASE": 1}, "#Z2": {"MUG": 2, "VASE": 1}}


def six_orders() -> Facts:
    york = Store.objects.get(code="YORK")
    # The demo's own orders wait here, too: six more must not be what makes a wave due.
    PickPlan.objects.filter(store=york).update(at_orders=None)
    items = _goods(york)
    stock_up(Store.objects.get(code="LEEDS"), items["CLOCK"], 5, "A-01-1")
    with transaction.atomic():
        set_substitutes(item=items["LAMP"], substitutes=[items["LAMP2"]], reason="A test wants it so.")
    near = {"latitude": york.latitude, "longitude": york.longitude}
    for number, wanted in ORDERS.items():
        if number == ANYWHERE:
            _order(None, number, wanted, items, **near)
        else:
            _order(york, number, wanted, items, allows_substitutes=number == "#B2")
    return Facts(skus=list(GOODS))


def zoned_orders() -> Facts:
    york = Store.objects.get(code="YORK")
    PickPlan.objects.filter(store=york).update(at_orders=None)
    items = _goods(york)
    for number, wanted in ZONED.items():
        _order(york, number, wanted, items)
    return Facts(skus=list(GOODS))


def _goods(store: Store) -> dict[str, Item]:
    known = {item.sku: item for item in Item.objects.filter(sku__in=GOODS)}
    for number, (sku, (name, bins)) in enumerate(GOODS.items(), start=FIRST_GTIN):
        if sku not in known:
            known[sku] = make_item(name, sku=sku, gtin=make_gtin(number))
            for code, units in bins.items():
                stock_up(store, known[sku], units, code)
    return known


def _order(store: Store | None, number: str, wanted: dict[str, int], items: dict[str, Item], **more: Any) -> None:
    lines = [(items[sku], units) for sku, units in wanted.items()]
    order_for(store, *lines, number=number, external_id=f"cart{number}", source=SHOP, **more)
