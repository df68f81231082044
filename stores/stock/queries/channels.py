"""The channels, and what is held for the carts of each."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.db.models.functions import Now

from stores.models import Store
from stores.stock.models import Channel, Reservation


@dataclass(frozen=True)
class ChannelHolds:
    """Carts that are held now, and their `units` in all stores and in the one that asks."""

    channel: Channel
    carts: int = 0
    units: int = 0
    units_here: int = 0


def channels_with_holds(store: Store) -> list[ChannelHolds]:
    """By name. Two queries; what ended long ago is not looked at."""
    held = Reservation.objects.filter(state=Reservation.State.HELD, cart__isnull=False, expires_at__gt=Now())
    rows = held.values("cart__channel").annotate(
        carts=Count("cart", distinct=True),
        units=Sum("quantity"),
        units_here=Sum("quantity", filter=Q(store=store), default=0),
    )
    found = {row["cart__channel"]: row for row in rows}
    return [
        ChannelHolds(channel, row["carts"], row["units"], row["units_here"])
        if (row := found.get(channel.pk))
        else ChannelHolds(channel)
        for channel in Channel.objects.all()
    ]
