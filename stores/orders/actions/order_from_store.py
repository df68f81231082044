"""Ordering for a customer who stands here, from a store that has what this one lacks."""

from uuid import UUID

from django.db.models import Model

from stores.catalog.models import Item
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.actions.place_order import ContactData, LineRequest, place_order
from stores.orders.models import Order
from stores.orders.queries.taken_orders import SOURCE, TAKEN
from stores.stock.errors import ShortStock
from stores.stock.queries.promisable import promisable

# Crockford's base 32: nothing in it is mistaken for another sign when it is read aloud or copied by hand.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NUMBER_LENGTH = 7


def order_from_store(
    *,
    item: Item,
    quantity: int,
    pickup_store: Store,
    contact: ContactData,
    is_express: bool,
    allows_substitutes: bool,
    taken_in: Store,
    associate: Model,
    device: Device | None,
    key: UUID,
) -> Order:
    """Places an order of `quantity` units of `item`, to be collected and paid at the counter of `pickup_store`.

    Whoever waits here wants a yes or a no: what is not there now raises ShortStock and nothing is placed. Raises what
    `place_order` raises, OrderExists for a key that was used before.
    """
    order = place_order(
        source=SOURCE,
        external_id=str(key),
        number=order_number(key),
        method=Order.Method.COUNTER,
        lines=[LineRequest(item=item, quantity=quantity, price=item.price)],
        contact=contact,
        currency=item.currency,
        pickup_store=pickup_store,
        is_express=is_express,
        allows_substitutes=allows_substitutes,
    )
    order.refresh_from_db(fields=["state"])
    if order.state != Order.State.ALLOCATED:
        found = promisable([(pickup_store.pk, item.pk)])[pickup_store.pk, item.pk]
        raise ShortStock(item=item.name, wanted=quantity, found=found)
    record(
        kind=TAKEN,
        subject=order,
        store=taken_in,
        actor=associate,
        device=device,
        item=item,
        quantity=quantity,
        data={"number": order.number, "pickup_store": pickup_store.code, "price": str(item.price)},
    )
    return order


def order_number(key: UUID) -> str:
    """What the customer is told, such as S-7K2M9QX: 35 bits of the key."""
    bits = key.int
    return "S-" + "".join(_ALPHABET[bits >> (5 * place) & 31] for place in range(_NUMBER_LENGTH))
