"""The item master and the opening stock, from data/items.csv (see the README there)."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from biip.checksums import gs1_standard_check_digit

from config.demo_chain.attributes import (
    AGE_RESTRICTED,
    CATEGORIES,
    FRAGILE,
    HAZARDOUS,
    STYLES,
    VARIANTS,
    abc_class_of,
    category_of,
    measures_of,
    pack_count_of,
)
from config.demo_chain.chain import Place
from config.demo_chain.chance import falls
from config.demo_chain.places import CAGE
from stores.catalog.actions.add_barcode import add_barcode
from stores.catalog.actions.add_category import add_category
from stores.catalog.actions.add_item import add_item
from stores.catalog.actions.add_style import add_style
from stores.catalog.actions.bulk import bulk_activate, bulk_approve
from stores.catalog.models import Category, Item, Style
from stores.models import BinKind, Store
from stores.stock.actions.load_opening_stock import OpeningStock, load_opening_stock
from stores.stock.models import Condition, Move

ITEMS_FILE = Path(__file__).parent / "data" / "items.csv"
# GS1 keeps 952 for examples; the rest of the company prefix is ours to invent.
COMPANY_PREFIX = "9521234"
# The items that carry the codes of the sample barcodes, so that those can be tried in the demo.
HEART_HOLDER, LANTERN = "85123A", "71053"
# What the shop of the sample messages sells in these colours. The black one is on the flagship's shelves alone, so that
# an order of all three goes there, wherever its customer lives.
GREEN, RED, BLACK, PINK = "22726", "22727", "20727", "22728"
FLAGSHIP_ONLY = {BLACK}
ALWAYS_IN_STOCK = {HEART_HOLDER, LANTERN, GREEN, RED, BLACK, PINK}
REFERENCES = {HEART_HOLDER: 54321}
OTHER_GTINS = {HEART_HOLDER: ["952123454324"], LANTERN: ["012345000065"]}
# Next season's goods: SKU, name, price (0 when nobody has set one) and category (empty when nobody has chosen one).
DRAFTS = (
    ("23842", "Ceramic Hedgehog Planter", "6.95", "GARDEN"),
    ("23843", "Ceramic Fox Planter", "6.95", "GARDEN"),
    ("23844", "Linen Tea Towel Harvest", "4.25", "KITCHEN"),
    ("23845", "Set of 4 Harvest Bowls", "0", "KITCHEN"),
    ("23846", "Paper Lantern Harvest Moon", "2.95", ""),
    ("23847", "Wooden Spinning Owl", "3.45", ""),
    ("23848", "Felt Acorn Garland", "0", ""),
)
SMALL_WORDS = {"a", "and", "for", "in", "my", "of", "on", "or", "the", "to", "with"}


@dataclass(frozen=True)
class Goods:
    sku: str
    name: str
    price: Decimal
    invoices: int
    units: int
    # How well it sells: 0 is the best.
    rank: int
    gtin: str
    case_gtin: str
    case_quantity: int

    @property
    def is_staple(self) -> bool:
        return self.sku in ALWAYS_IN_STOCK or self.rank < 40


@cache
def all_goods() -> tuple[Goods, ...]:
    with ITEMS_FILE.open(newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    by_sales = sorted(rows, key=lambda row: (-int(row["Invoices"]), row["StockCode"]))
    ranks = {row["StockCode"]: rank for rank, row in enumerate(by_sales)}
    return tuple(_goods(row, position, ranks[row["StockCode"]]) for position, row in enumerate(rows, start=1))


def _goods(row: dict[str, str], position: int, rank: int) -> Goods:
    sku = row["StockCode"]
    payload = f"{COMPANY_PREFIX}{REFERENCES.get(sku, position):05}"
    comes_in_cases = sku in REFERENCES or falls(4, "case", sku) == 0
    return Goods(
        sku=sku,
        name=readable(row["Description"]),
        price=Decimal(row["UnitPrice"]),
        invoices=int(row["Invoices"]),
        units=int(row["Units"]),
        rank=rank,
        gtin=f"{payload}{gs1_standard_check_digit(payload)}",
        # A case's own number: packaging level 1 before the same payload.
        case_gtin=f"1{payload}{gs1_standard_check_digit('1' + payload)}" if comes_in_cases else "",
        case_quantity=12 if sku in REFERENCES else (6, 12)[falls(2, "pack", sku)],
    )


def readable(description: str) -> str:
    """SET OF 6 T-LIGHTS SANTA → Set of 6 T-Lights Santa."""

    def cased(word: re.Match[str]) -> str:
        lower = word[0].lower()
        return lower if word.start() and lower in SMALL_WORDS else lower.capitalize()

    return re.sub(r"[A-Za-z0-9']+", cased, description.rstrip(" .,"))


def fill_item_master() -> dict[str, Item]:
    """Adds the items that are missing, with their barcodes; returns all of the demo's items by SKU."""
    everything = all_goods()
    skus = [goods.sku for goods in everything]
    known = set(Item.objects.filter(sku__in=skus).values_list("sku", flat=True))
    missing = [goods for goods in everything if goods.sku not in known]
    if missing:
        categories = {code: _category(code, name) for code, (name, _words) in CATEGORIES.items()}
        styles = {code: _style(code, name) for code, name in STYLES.items()}
        for goods in missing:
            _add(goods, len(everything), categories, styles)
        # As a manager would: all that is complete at once.
        new = Item.objects.filter(sku__in=[goods.sku for goods in missing])
        bulk_approve(items=new, reason="Opening range")
        bulk_activate(items=new, reason="Opening range")
        _leave_drafts(categories)
    return {item.sku: item for item in Item.objects.filter(sku__in=skus)}


def _category(code: str, name: str) -> Category:
    return Category.objects.filter(code=code).first() or add_category(code=code, name=name)


def _style(code: str, name: str) -> Style:
    return Style.objects.filter(code=code).first() or add_style(code=code, name=name)


def _add(goods: Goods, total: int, categories: dict[str, Category], styles: dict[str, Style]) -> None:
    category = category_of(goods.name)
    variant, measures = VARIANTS.get(goods.sku), measures_of(goods.sku, category)
    item = add_item(
        sku=goods.sku,
        name=goods.name,
        price=goods.price,
        category=categories[category],
        style=styles[variant.style] if variant else None,
        size=variant.size if variant else "",
        color=variant.color if variant else "",
        pack_count=pack_count_of(goods.name),
        abc_class=abc_class_of(goods.rank, total),
        is_fragile=bool(FRAGILE.search(goods.name)),
        is_hazardous=bool(HAZARDOUS.search(goods.name)),
        is_age_restricted=bool(AGE_RESTRICTED.search(goods.name)),
        length_mm=measures.length_mm,
        width_mm=measures.width_mm,
        height_mm=measures.height_mm,
        weight_g=measures.weight_g,
    )
    for gtin in [goods.gtin, *OTHER_GTINS.get(goods.sku, [])]:
        add_barcode(item=item, gtin=gtin)
    if goods.case_gtin:
        add_barcode(item=item, gtin=goods.case_gtin, pack_quantity=goods.case_quantity)


def _leave_drafts(categories: dict[str, Category]) -> None:
    """What the buyer has announced: some of it waits for somebody to fill in what is missing."""
    for sku, name, price, category in DRAFTS:
        if not Item.objects.filter(sku=sku).exists():
            add_item(sku=sku, name=name, price=Decimal(price), category=categories.get(category))


def stock_store(place: Place, store: Store, items: dict[str, Item]) -> None:
    """Puts the opening stock on the shelves, once."""
    prefix = f"demo:opening:{place.code}:"
    if not Move.objects.filter(key__startswith=prefix).exists():
        load_opening_stock(store=store, rows=list(_opening_stock(place, store, items, prefix)))


def _opening_stock(place: Place, store: Store, items: dict[str, Item], prefix: str) -> Iterator[OpeningStock]:
    bins = {bin.code: bin for bin in store.bins.all()}
    shelves = [bin for bin in bins.values() if bin.kind == BinKind.SHELF]
    reserves = [bin for bin in bins.values() if bin.kind == BinKind.BACKROOM and bin.code != CAGE]
    window, receiving, cage = bins.get("WINDOW-01"), bins["RECEIVING-01"], bins.get(CAGE)
    carried = [goods for goods in all_goods() if _carries(place, goods)]
    for position, goods in enumerate(carried):
        # Neighbours in the item master are neighbours on the shelf, and as easily mistaken for each other.
        shelf = shelves[position * len(shelves) // len(carried)]
        on_shelf, in_reserve = _units(place, goods), 0
        if reserves and falls(5, "reserve", place.code, goods.sku) == 0:
            # Where the shelf is empty somebody has yet to notice.
            in_reserve = 2 * on_shelf or goods.case_quantity
        arrived = goods.case_quantity if falls(41, "arrived", place.code, goods.sku) == 0 else 0
        wanted = [
            (shelf, on_shelf, Condition.SELLABLE),
            (reserves[position % len(reserves)] if reserves else shelf, in_reserve, Condition.SELLABLE),
            (shelf, 1 if falls(23, "damaged", place.code, goods.sku) == 0 else 0, Condition.DAMAGED),
            (window, 1 if window and falls(31, "window", place.code, goods.sku) == 0 else 0, Condition.DISPLAY),
            # This morning's delivery waits, and what came back from a customer.
            (receiving, arrived, Condition.SELLABLE),
            (cage, 1 if falls(43, "held", place.code, goods.sku) == 0 else 0, Condition.QUARANTINED),
        ]
        for bin, quantity, condition in wanted:
            if bin and quantity:
                key = f"{prefix}{goods.sku}:{bin.code}:{condition}"
                yield OpeningStock(
                    key=key, bin=bin, item=items[goods.sku], quantity=quantity, condition=Condition(condition)
                )


def _carries(place: Place, goods: Goods) -> bool:
    if goods.sku in FLAGSHIP_ONLY:
        return place.format == Store.Format.FLAGSHIP
    return goods.is_staple or falls(12, place.code, goods.sku) < place.assortment


def _units(place: Place, goods: Goods) -> int:
    """Sold out here and there, one or two left in places, and the rest by how well it sells."""
    if not goods.is_staple:
        if falls(17, "sold out", place.code, goods.sku) == 0:
            return 0
        if falls(11, "nearly", place.code, goods.sku) == 0:
            return 1 + falls(2, "left", place.code, goods.sku)
    return place.depth * (2 + min(goods.units // 60, 8) + falls(3, "units", place.code, goods.sku))
