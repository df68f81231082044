"""An order comes in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone

from stores.catalog.models import Item
from stores.journal.actions.record import record
from stores.models import Store
from stores.orders.actions.route_order import route_order
from stores.orders.errors import OrderEmpty, OrderExists, StoreDoesNotOffer
from stores.orders.models import Order, OrderContact, OrderLine


@dataclass(frozen=True, kw_only=True)
class LineRequest:
    """`quantity` whole units of `item` at `price` each, in the order's currency."""

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
) -> Order:
    """Writes the order down and routes it at once; what no store can promise waits as a backorder.

    Latitude and longitude (degrees) say where the customer is, for orders that name no pickup store. Raises OrderExists
    when (source, external_id) is taken, OrderEmpty, and StoreDoesNotOffer.
    """
    if not lines:
        raise OrderEmpty
    if pickup_store:
        _check_offered(pickup_store, method)
    order = Order(
        source=source,
        external_id=external_id,
        number=number,
        method=method,
        pickup_store=pickup_store,
        latitude=latitude,
        longitude=longitude,
        currency=currency,
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
    OrderContact.objects.create(
        order=order, name=contact.name, email=contact.email, phone=contact.phone, language=contact.language
    )
    OrderLine.objects.bulk_create(
        OrderLine(order=order, item=line.item, quantity=line.quantity, price=line.price, external_id=line.external_id)
        for line in lines
    )
    record(
        kind="orders.placed",
        subject=order,
        store=pickup_store,
        quantity=sum(line.quantity for line in lines),
        occurred_at=order.placed_at,
        data={"source": source, "number": number},
    )
    route_order(order=order)
    return order


def _check_offered(store: Store, method: Order.Method) -> None:
    offered = store.offers_curbside if method == Order.Method.CURBSIDE else store.offers_pickup
    if not offered:
        raise StoreDoesNotOffer(store=store.name, method=Order.Method(method).label)
