"""An order comes in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from stores.catalog.models import BundleComponent, Item
from stores.catalog.queries.components import components_of_many
from stores.journal.actions.record import record
from stores.models import Store
from stores.orders.actions.route_order import route_order
from stores.orders.bundle_prices import Part, split_price
from stores.orders.errors import NotForSale, OrderEmpty, OrderExists, StoreDoesNotOffer
from stores.orders.models import Order, OrderBundle, OrderContact, OrderLine
from stores.stock.actions.give_cart import open_cart


@dataclass(frozen=True, kw_only=True)
class LineRequest:
    """`quantity` whole units of `item`, which may be a bundle, at `price` each, in the order's currency."""

    item: Item
    quantity: int
    price: Decimal
    external_id: str = ""


@dataclass(frozen=True, kw_only=True)
class ContactData:
    name: str = ""
    email: str = ""
    phone: str = ""
    language: str = "en"


def place_order(
    *,
    source: str,
    external_id: str,
    number: str,
    method: Order.Method,
    lines: Sequence[LineRequest],
    contact: ContactData,
    currency: str,
    pickup_store: Store | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
    placed_at: datetime | None = None,
    cart: str = "",
    is_express: bool = False,
    allows_substitutes: bool = False,
) -> Order:
    """Writes the order down and routes it at once; what no store can promise waits as a backorder.

    A bundle becomes one line for each of its components as they are now. Latitude and longitude (degrees) say where the
    customer is, for orders that name no pickup store. An express order is picked before all others. Raises OrderExists
    when (source, external_id) is taken, OrderEmpty, StoreDoesNotOffer, and NotForSale when an item, or a component of
    one, is not active.
    """
    if not lines:
        raise OrderEmpty
    if pickup_store:
        _check_offered(pickup_store, method)
    inside = components_of_many(line.item for line in lines if line.item.is_bundle)
    order = Order(
        source=source,
        external_id=external_id,
        number=number,
        method=method,
        pickup_store=pickup_store,
        latitude=latitude,
        longitude=longitude,
        currency=currency,
        is_express=is_express,
        allows_substitutes=allows_substitutes,
        placed_at=placed_at or timezone.now(),
    )
    try:
        with transaction.atomic():
            order.save(force_insert=True)
    except IntegrityError as error:
        taken = Order.objects.filter(source=source, external_id=external_id).first()
        if taken is None:
            raise
        raise OrderExists(order=taken, number=taken.number) from error
    # After the order's own row: one that is here already is told so, whatever has become of its items since.
    _check_for_sale(lines, inside)
    OrderContact.objects.create(
        order=order, name=contact.name, email=contact.email, phone=contact.phone, language=contact.language
    )
    _write_lines(order, lines, inside)
    record(
        kind="orders.placed",
        subject=order,
        store=pickup_store,
        quantity=sum(line.quantity for line in lines),
        occurred_at=order.placed_at,
        data={"source": source, "number": number},
    )
    # The source's id of a cart: what it still holds goes to the order, the rest of it is released.
    ordered = open_cart(source=source, external_id=cart, order_id=order.pk) if cart else None
    route_order(order=order, cart=ordered)
    if ordered:
        ordered.close()
    return order


Inside = dict[int, list[BundleComponent]]


def _check_for_sale(lines: Sequence[LineRequest], inside: Inside) -> None:
    wanted = [line.item for line in lines]
    wanted += [row.component for rows in inside.values() for row in rows]
    # A bundle of nothing cannot be given to anybody.
    empty = {line.item.pk for line in lines if line.item.is_bundle and not inside[line.item.pk]}
    missing = {item.pk: item for item in wanted if not item.is_sellable or item.pk in empty}
    if missing:
        items = sorted(missing.values(), key=lambda item: item.pk)
        raise NotForSale(items=items, skus=", ".join(item.sku for item in items))


def _write_lines(order: Order, lines: Sequence[LineRequest], inside: Inside) -> None:
    # In the order in which they were asked for; those of one bundle together.
    bundles: list[OrderBundle] = []
    made: list[OrderLine] = []
    for line in lines:
        if not line.item.is_bundle:
            made.append(_line(order, line))
            continue
        bundle = OrderBundle(
            order=order, item=line.item, quantity=line.quantity, price=line.price, external_id=line.external_id
        )
        bundles.append(bundle)
        made += _parts(bundle, inside[line.item.pk])
    OrderBundle.objects.bulk_create(bundles)
    OrderLine.objects.bulk_create(made)


def _line(order: Order, line: LineRequest) -> OrderLine:
    return OrderLine(
        order=order, item=line.item, quantity=line.quantity, price=line.price, external_id=line.external_id
    )


def _parts(bundle: OrderBundle, rows: Sequence[BundleComponent]) -> list[OrderLine]:
    """Unsaved; `bundle` is saved before they are."""
    parts = [Part(row.quantity, row.component.price) for row in rows]
    return [
        OrderLine(
            order=bundle.order,
            item=row.component,
            bundle=bundle,
            per_bundle=row.quantity,
            quantity=row.quantity * bundle.quantity,
            price=price.price,
            price_rest=price.rest,
            external_id=bundle.external_id,
        )
        for row, price in zip(rows, split_price(bundle.price, parts, bundle.quantity), strict=True)
    ]


def _check_offered(store: Store, method: Order.Method) -> None:
    offered = store.offers_curbside if method == Order.Method.CURBSIDE else store.offers_pickup
    if not offered:
        raise StoreDoesNotOffer(store=store.name, method=Order.Method(method).label)
