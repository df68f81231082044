"""A cart's content is held, all of it or nothing."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from stores.catalog.models import Item
from stores.journal.actions.record import record
from stores.stock.actions.cart_claims import lock_cart, lock_claims
from stores.stock.actions.reservations import expire, journal_claim, shrink
from stores.stock.errors import CartEmpty, CartShort
from stores.stock.models import Cart, CartLine, Channel, Reservation
from stores.stock.queries.carts import database_clock, is_live
from stores.stock.queries.holdable import Content, Pair, Wanted, short_lines

Line = tuple[int, Item, int]

# Locks the cart, whether or not it was there.
_CART_SQL = """
INSERT INTO stock_cart (source, external_id, channel_id) VALUES (%(source)s, %(external_id)s, %(channel)s)
ON CONFLICT (source, external_id) DO UPDATE SET channel_id = EXCLUDED.channel_id
"""
# The guard and the claim are one statement, and it takes all or nothing. Its rows are locked already, in (store, item)
# order, so what `able` sees is what is there.
_TAKE_SQL = """
WITH wanted AS (
    SELECT * FROM unnest(%(stores)s::bigint[], %(items)s::bigint[], %(units)s::int[]) AS given (store, item, units)
), able AS (
    SELECT held.id, wanted.units FROM wanted
    JOIN stock_availability held ON held.store_id = wanted.store AND held.item_id = wanted.item
    JOIN catalog_item item ON item.id = wanted.item AND item.state = 'active'
    WHERE held.atp - %(kept_back)s::int >= wanted.units
)
UPDATE stock_availability held SET reserved = held.reserved + able.units
FROM able
WHERE held.id = able.id AND held.atp - %(kept_back)s::int >= able.units
    AND (SELECT count(*) FROM able) = (SELECT count(*) FROM wanted)
"""


def hold_cart(*, source: str, external_id: str, channel: Channel, lines: Sequence[Line], key: str) -> Cart:
    """Holds `lines`, (store id, item, units), for the channel's time: the cart's new content, which replaces the old.

    What the cart holds already counts for itself, the same content again changes nothing, and a bundle holds its
    components. New content is held for `hold_minutes` from now, within `hold_minutes_max` of the first hold. `key` is
    unique to this request and names its claims. Raises CartEmpty, and CartShort, after which nothing has changed.
    """
    wanted = Wanted.of(lines)
    if not wanted.content:
        raise CartEmpty
    cart = _cart(source, external_id, channel)
    claims = lock_claims(cart, also=wanted.units)
    moment = database_clock()
    live = [claim for claim in claims if is_live(claim, moment)]
    before = content_of(cart) if live else Content()
    if before == wanted.content:
        return cart
    for claim in claims:
        if not is_live(claim, moment):
            expire(reservation=claim)
    _claim(cart, wanted, live, before, moment, key)
    cart.lines.all().delete()
    CartLine.objects.bulk_create(
        CartLine(cart=cart, store_id=store_id, item_id=item_id, quantity=quantity)
        for (store_id, item_id), quantity in wanted.content.items()
    )
    return cart


def content_of(cart: Cart) -> Content:
    return Content({(line.store_id, line.item_id): line.quantity for line in cart.lines.all()})


def _cart(source: str, external_id: str, channel: Channel) -> Cart:
    with connection.cursor() as cursor:
        cursor.execute(_CART_SQL, {"source": source, "external_id": external_id, "channel": channel.pk})
    cart = lock_cart(source=source, external_id=external_id)
    if cart is None:
        raise Cart.DoesNotExist
    return cart


def _claim(cart: Cart, wanted: Wanted, live: list[Reservation], before: Content, moment: datetime, key: str) -> None:
    own = Counter[Pair]()
    for claim in live:
        own[claim.store_id, claim.item_id] += claim.quantity
    more = {pair: units - own[pair] for pair, units in sorted(wanted.units.items()) if units > own[pair]}
    if wanted.unsellable_bundles(before) or not _take(more, cart.channel.kept_back):
        raise CartShort(lines=short_lines(wanted, own=own, before=before, kept_back=cart.channel.kept_back))
    until = _until(cart, live, moment)
    for claim in live:
        # Newest first within an item: the oldest claims stay.
        spare = own[claim.store_id, claim.item_id] - wanted.units[claim.store_id, claim.item_id]
        if spare > 0:
            by = min(spare, claim.quantity)
            own[claim.store_id, claim.item_id] -= by
            shrink(reservation=claim, by=by, reason="cart_changed", key=f"{key}:less:{claim.pk}")
    cart.reservations.filter(state=Reservation.State.HELD).update(expires_at=until)
    for (store_id, item_id), units in more.items():
        claim = Reservation.objects.create(
            key=f"{key}:{store_id}:{item_id}",
            store_id=store_id,
            item_id=item_id,
            quantity=units,
            reference=f"cart:{cart.pk}",
            cart=cart,
            expires_at=until,
        )
        journal_claim("stock.reserved", claim)
    stores = {store_id for store_id, _item_id in wanted.content}
    record(
        kind="stock.cart_held",
        subject=cart,
        store=min(stores) if len(stores) == 1 else None,
        quantity=sum(wanted.content.values()),
        data={"channel": cart.channel.code, "lines": len(wanted.content), "expires_at": until.isoformat()},
        key=key,
    )


def _take(more: dict[Pair, int], kept_back: int) -> bool:
    """Whether all of it was there, and is claimed now."""
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE_SQL,
            {
                "stores": [store_id for store_id, _item_id in more],
                "items": [item_id for _store_id, item_id in more],
                "units": list(more.values()),
                "kept_back": kept_back,
            },
        )
        return int(cursor.rowcount) == len(more)


def _until(cart: Cart, live: list[Reservation], moment: datetime) -> datetime:
    """When the new content runs out: never earlier than the old would have."""
    if not live:
        cart.expires_at_max = moment + timedelta(minutes=cart.channel.hold_minutes_max)
        cart.save(update_fields=["expires_at_max"])
    until = min(moment + timedelta(minutes=cart.channel.hold_minutes), cart.expires_at_max)
    return max([until, *(claim.expires_at for claim in live if claim.expires_at)])
