"""Explicit makers of the few things every test needs. Each call says what matters; the rest is plain."""

from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet

from stores.catalog.actions.explain import explained
from stores.catalog.actions.lifecycle import activate_item, approve_item
from stores.catalog.actions.set_components import set_components
from stores.catalog.models import Barcode, Category, Item
from stores.models import Bin, BinKind, Device, Store, Zone
from stores.orders.actions.place_order import ContactData, LineRequest, place_order
from stores.orders.models import Fulfillment, Order
from stores.staff.models import Associate, Membership, Role
from stores.stock.actions.receive import receive
from stores.stock.models import Availability, Balance, Condition

PIN = "274913"
_numbers = count(1)


def make_store(code: str = "", *, bin_scan_required: bool = True, latitude: float = 51.54, **fields: object) -> Store:
    """A shop with its virtual bins, a floor, a receiving bin, two staging bins and three totes."""
    code = code or f"S{next(_numbers)}"
    defaults: dict[str, object] = {
        "name": f"Store {code}",
        "format": Store.Format.HIGH_STREET,
        "address": "1 High Street",
        "latitude": latitude,
        "longitude": -0.14,
        "offers_curbside": True,
        "bays": 3,
    }
    store = Store.objects.create(code=code, bin_scan_required=bin_scan_required, **(defaults | fields))
    for kind in (BinKind.SUPPLIER, BinKind.CUSTOMER, BinKind.TRANSIT, BinKind.VARIANCE):
        Bin.objects.create(store=store, code=kind.upper(), kind=kind)
    floor = Zone.objects.create(store=store, code="FLOOR", name="Floor", walk_order=1)
    for place, name in enumerate(("A-01-1", "A-02-1", "A-03-2", "B-01-1"), start=1):
        Bin.objects.create(store=store, zone=floor, code=name, kind=BinKind.SHELF, walk_order=place * 10)
    for number in (1, 2):
        Bin.objects.create(store=store, code=f"S-0{number}", kind=BinKind.STAGING, walk_order=number)
    for number in (1, 2, 3):
        Bin.objects.create(store=store, code=f"TOTE-000{number}", kind=BinKind.TOTE)
    return store


def make_item(name: str = "", *, sku: str = "", gtin: str = "", case_gtin: str = "", case_quantity: int = 12) -> Item:
    """An item with one barcode for the unit and, if asked, one for the case."""
    number = next(_numbers)
    item = Item.objects.create(
        sku=sku or f"SKU{number}",
        name=name or f"Item {number}",
        price=Decimal("2.55"),
        state=Item.State.ACTIVE,
        category=Category.objects.get_or_create(code="HOME", defaults={"name": "Home"})[0],
    )
    Barcode.objects.create(item=item, gtin=gtin or make_gtin(number))
    if case_gtin:
        Barcode.objects.create(item=item, gtin=case_gtin, pack_quantity=case_quantity)
    return item


def make_bundle(*parts: tuple[Item, int], sku: str = "", name: str = "", price: str = "10.00") -> Item:
    """An active bundle of (item, quantity) parts."""
    number = next(_numbers)
    bundle = Item.objects.create(
        sku=sku or f"SKU{number}",
        name=name or f"Bundle {number}",
        price=Decimal(price),
        category=Category.objects.get_or_create(code="HOME", defaults={"name": "Home"})[0],
    )
    with transaction.atomic():
        set_components(bundle=bundle, components=list(parts))
        approve_item(item=bundle)
        activate_item(item=bundle)
    return bundle


def change_items(items: QuerySet[Item], **fields: object) -> None:
    """Changes items as they stand, with the reason the history asks for."""
    with transaction.atomic(), explained(reason="A test wants it so."):
        items.update(**fields)


def make_gtin(number: int) -> str:
    """A GTIN-14 of the range kept for examples, with its check digit."""
    body = f"0952{number:09d}"
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(body))
    return f"{body}{-weighted % 10}"


def bin_of(store: Store, code: str) -> Bin:
    return Bin.objects.get(store=store, code=code)


def stock_up(
    store: Store, item: Item, quantity: int, bin_code: str = "A-01-1", condition: Condition = Condition.SELLABLE
) -> None:
    receive(key=f"test:{uuid4()}", bin=bin_of(store, bin_code), item=item, quantity=quantity, condition=condition)


def make_associate(store: Store, *, role: Role = Role.ASSOCIATE, badge: str = "", name: str = "Rosa") -> Associate:
    associate = Associate.objects.enrol(badge=badge or f"{4710 + next(_numbers)}", name=name, pin=PIN)
    Membership.objects.create(associate=associate, store=store, role=role)
    return associate


def make_device(store: Store, name: str = "Handheld 1") -> Device:
    return Device.objects.create(store=store, name=name)


def order_for(
    store: Store | None, *wanted: tuple[Item, int], method: Order.Method = Order.Method.COUNTER, **fields: object
) -> Order:
    """Places an order of (item, quantity) pairs, to be collected from `store`."""
    number = next(_numbers)
    request: dict[str, Any] = {
        "source": "test",
        "external_id": f"{number}",
        "number": f"#{1000 + number}",
        "method": method,
        "lines": [LineRequest(item=item, quantity=quantity, price=item.price) for item, quantity in wanted],
        "contact": ContactData(name="Bob Norman", email="bob@shop.example"),
        "currency": "GBP",
        "pickup_store": store,
    }
    with transaction.atomic():
        return place_order(**(request | fields))


def fulfillment_of(order: Order) -> Fulfillment:
    return order.fulfillments.exclude(state=Fulfillment.State.CANCELLED).get()


def atp(store: Store, item: Item) -> int:
    return int(Availability.objects.get(store=store, item=item).atp)


def in_bin(store: Store, code: str, item: Item, condition: Condition = Condition.SELLABLE) -> int:
    """Units the ledger puts in the bin."""
    return (
        Balance.objects.filter(bin__store=store, bin__code=code, item=item, condition=condition)
        .values_list("quantity", flat=True)
        .first()
        or 0
    )
