"""An order as a shop's webhook tells it, for things that the demo's stores have."""

import http.client
import json
import random
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from stores.catalog.models import Alias, Item
from stores.models import Store, StoreAlias
from stores.orders.models import Order
from stores.stock.models import Availability
from stores.sync.connectors.shopify.signature import sign

PEOPLE = ("Bob Norman", "Asha Patel", "Grace Okafor", "Tomás Iglesias", "Mei Chen", "Ewa Nowak")


class NothingToOrder(Exception):
    """No store has anything to promise."""


@dataclass(frozen=True)
class Sent:
    status: int
    text: str
    webhook_id: str


def order_body(
    *,
    shop: str,
    store: Store | None,
    line_count: int,
    method: str,
    currency: str = "GBP",
    is_express: bool = False,
    allows_substitutes: bool = False,
) -> dict[str, Any]:
    """An `orders/create` body for things one store can promise. Without `store` it names none, only an address near
    the one that has them. Raises NothingToOrder."""
    rows = Availability.objects.filter(atp__gte=2, item__state=Item.State.ACTIVE).select_related("item", "store")
    if store:
        rows = rows.filter(store=store)
    elif method == Order.Method.CURBSIDE:
        rows = rows.filter(store__offers_curbside=True)
    else:
        rows = rows.filter(store__offers_pickup=True)
    first = rows.order_by("?").first()
    if first is None:
        raise NothingToOrder
    near = first.store
    picked = list(rows.filter(store=near).order_by("?")[:line_count])
    codes = dict(
        Alias.objects.filter(source=shop, item__in=[row.item_id for row in picked]).values_list("item", "code")
    )
    number = random.SystemRandom().randrange(10**11, 10**12)
    name = random.SystemRandom().choice(PEOPLE)
    given, _space, last = name.partition(" ")
    delivery = "Curbside pickup" if method == Order.Method.CURBSIDE else "Pickup in store"
    return {
        "id": number,
        "name": f"#{number % 100_000:05d}",
        "order_number": number % 100_000,
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "currency": currency,
        "email": f"{given.lower()}@customer.example",
        "location_id": _location(shop, store) if store else None,
        "cancelled_at": None,
        "customer": {"first_name": given, "last_name": last, "phone": "020 7946 0018"},
        "shipping_address": {
            "name": name,
            "phone": "020 7946 0018",
            "latitude": f"{near.latitude + 0.004:.5f}",
            "longitude": f"{near.longitude + 0.004:.5f}",
        },
        "shipping_lines": [{"code": delivery, "title": delivery, "price": "0.00"}],
        "tags": "express" if is_express else "",
        "note_attributes": [{"name": "Allow substitutes", "value": "yes"}] if allows_substitutes else [],
        "line_items": [
            {
                "id": number * 10 + position,
                "sku": codes.get(row.item_id, row.item.sku),
                "name": row.item.name,
                "quantity": random.SystemRandom().randint(1, 2),
                "price": str(row.item.price),
                "requires_shipping": True,
                "fulfillment_status": None,
            }
            for position, row in enumerate(picked, start=1)
        ],
    }


def send_order(body: bytes, *, shop: str, secret: str, site_url: str) -> Sent:
    """Posts it as the shop would, correctly signed."""
    webhook_id = str(uuid.uuid4())
    parts = urlsplit(site_url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=10)
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Shop-Domain": shop,
        "X-Shopify-Webhook-Id": webhook_id,
        "X-Shopify-Hmac-Sha256": sign(body, secret).decode(),
    }
    try:
        connection.request("POST", "/hooks/shopify/", body, headers)
        answer = connection.getresponse()
        return Sent(answer.status, answer.read(200).decode(errors="replace"), webhook_id)
    finally:
        connection.close()


def as_webhook(text: str) -> bytes:
    """A sample file's order: what stands alone under "order" is what a webhook sends. What is no JSON goes as it is."""
    try:
        order = json.loads(text)
    except json.JSONDecodeError:
        return text.encode()
    return json.dumps(order["order"] if isinstance(order, dict) and set(order) == {"order"} else order).encode()


def _location(shop: str, store: Store) -> str:
    return StoreAlias.objects.filter(source=shop, store=store).values_list("code", flat=True).first() or store.code
