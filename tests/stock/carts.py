"""What tests of carts share: a channel, and a cart filled by (store, item, units)."""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from stores.stock.actions.hold_cart import hold_cart
from stores.stock.models import Cart, Channel, Reservation


def make_channel(code="web", **terms) -> Channel:
    return Channel.objects.create(code=code, name=code.title(), **terms)


def fill_cart(channel, *lines, cart="c-1", source="shop") -> Cart:
    with transaction.atomic():
        return hold_cart(
            source=source,
            external_id=cart,
            channel=channel,
            lines=[(store.pk, item, quantity) for store, item, quantity in lines],
            key=str(uuid4()),
        )


def age(cart, *, minutes) -> None:
    """As if everything about the cart's hold had happened `minutes` earlier."""
    earlier = timedelta(minutes=minutes)
    Cart.objects.filter(pk=cart.pk).update(expires_at_max=Cart.objects.get(pk=cart.pk).expires_at_max - earlier)
    for claim in cart.reservations.filter(state="held"):
        Reservation.objects.filter(pk=claim.pk).update(expires_at=claim.expires_at - earlier)


def held(store, item) -> int:
    rows = Reservation.objects.filter(store=store, item=item, state="held")
    return sum(rows.values_list("quantity", flat=True))


def minutes_left(cart) -> float:
    """Of the claims that are held, which all end together."""
    (until,) = set(cart.reservations.filter(state="held").values_list("expires_at", flat=True))
    seconds: float = (until - timezone.now()).total_seconds()
    return seconds / 60
