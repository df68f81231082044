"""Which carts a key may see, and what an order got from one."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from stores.orders.models import Order
from stores.stock.models import Cart, CartLine
from stores.stock.queries.carts import BESIDE, ORDER, cart_status
from stores.sync.models import ApiKey


def carts_for(key: ApiKey) -> QuerySet[Cart]:
    """Its source's carts; a key of one store sees none that holds, or held, something in another."""
    carts = Cart.objects.filter(source=key.source)
    if key.store_id is None:
        return carts
    elsewhere = CartLine.objects.filter(cart=OuterRef("pk")).exclude(store=key.store_id)
    return carts.exclude(Exists(elsewhere))


def cart_of_order(key: ApiKey, external_id: str, order: Order) -> dict[str, Any]:
    """What became of the cart's hold right after the order was placed, in the shape of the API's OrderCart."""
    cart = carts_for(key).filter(external_id=external_id).first()
    if cart is None:
        return {"id": external_id, "hold": "unknown"}
    given, beside = f"{ORDER}{order.pk}", f"{BESIDE}{order.pk}"
    ended = set(cart.reservations.filter(end_reason__in=[given, beside]).values_list("end_reason", flat=True))
    if given in ended:
        return {"id": external_id, "hold": "given"}
    return {"id": external_id, "hold": "unused" if ended else cart_status(cart).hold.value}
