"""Claims on stock: made by one guarded statement, ended exactly once."""

from datetime import datetime

from django.db import connection
from django.db.models import F
from django.db.models.functions import Greatest, Least, Now

from stores.catalog.models import Item
from stores.journal.actions.record import record
from stores.stock.errors import ItemNotSellable, ReservationEnded, ShortStock
from stores.stock.hooks import tell_atp_rose
from stores.stock.models import Availability, Reservation

# The guard and the claim are one statement: no moment lies between looking and taking. What a cart hands over is
# claimed already, so it is not judged again: not by ATP, nor by whether the item is still for sale.
_RESERVE_SQL = """
WITH taken AS (
    UPDATE stock_availability SET reserved = reserved + %(quantity)s::int - %(given)s::int
    WHERE store_id = %(store)s::bigint AND item_id = %(item)s::bigint
        AND (%(quantity)s::int = %(given)s::int OR (
            atp >= %(quantity)s::int - %(given)s::int
            AND EXISTS (SELECT FROM catalog_item WHERE id = %(item)s::bigint AND state = 'active')
        ))
    RETURNING store_id, item_id
)
INSERT INTO stock_reservation (key, store_id, item_id, quantity, state, reference, end_reason, expires_at)
SELECT %(key)s::text, store_id, item_id, %(quantity)s::int, 'held', %(reference)s::text, '',
       %(expires_at)s::timestamptz
FROM taken
RETURNING id
"""


def reserve(
    *,
    key: str,
    store_id: int,
    item_id: int,
    quantity: int,
    reference: str,
    expires_at: datetime | None = None,
    given: int = 0,
) -> Reservation:
    """Claims `quantity` units for the document `reference`; `given` of them are taken over from claims that the caller
    ends by `give` in the same transaction, and which ATP is without already.

    Raises ShortStock when ATP is below the rest, and its kind ItemNotSellable when the item is not active.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _RESERVE_SQL,
            {
                "key": key,
                "store": store_id,
                "item": item_id,
                "quantity": quantity,
                "reference": reference,
                "expires_at": expires_at,
                "given": given,
            },
        )
        row = cursor.fetchone()
    if row is None:
        item = Item.objects.get(pk=item_id)
        if not item.is_sellable:
            raise ItemNotSellable(item=item.name, state=item.get_state_display().lower())
        found = Availability.objects.filter(store_id=store_id, item_id=item_id).values_list("atp", flat=True).first()
        raise ShortStock(item=item.name, wanted=quantity, found=(found or 0) + given)
    reservation = Reservation(
        pk=row[0],
        key=key,
        store_id=store_id,
        item_id=item_id,
        quantity=quantity,
        state=Reservation.State.HELD,
        reference=reference,
        expires_at=expires_at,
    )
    reservation._state.adding = False
    reservation._state.db = "default"
    journal_claim("stock.reserved", reservation)
    return reservation


def consume(*, reservation: Reservation) -> None:
    """Ends a reservation because its goods leave the building. Raises ReservationEnded."""
    _end(reservation, Reservation.State.CONSUMED, "")


def release(*, reservation: Reservation, reason: str) -> None:
    """Gives the claimed units back to ATP. Raises ReservationEnded."""
    _end(reservation, Reservation.State.RELEASED, reason)
    tell_atp_rose(reservation.store_id, reservation.item_id)


def expire(*, reservation: Reservation) -> None:
    """Ends a reservation whose time has run out. Raises ReservationEnded."""
    _end(reservation, Reservation.State.EXPIRED, "expired")
    tell_atp_rose(reservation.store_id, reservation.item_id)


def shrink(*, reservation: Reservation, by: int, reason: str, key: str) -> None:
    """Releases `by` units of a larger claim: they become a released reservation of their own, under `key`."""
    if by == reservation.quantity:
        release(reservation=reservation, reason=reason)
        return
    part = _split(reservation, by, reason, key)
    _give_back(reservation, by)
    journal_claim("stock.reservation_released", part)
    tell_atp_rose(reservation.store_id, reservation.item_id)


def give(*, reservation: Reservation, units: int, reason: str, key: str) -> None:
    """Ends `units` of a claim for which `reserve(given=…)` has made another: nothing goes back to ATP in between.

    A part becomes an ended reservation of its own, under `key`. Raises ReservationEnded.
    """
    if units < reservation.quantity:
        journal_claim("stock.reservation_given", _split(reservation, units, reason, key))
        return
    _close(reservation, Reservation.State.RELEASED, reason)
    journal_claim("stock.reservation_given", reservation)


def _split(reservation: Reservation, units: int, reason: str, key: str) -> Reservation:
    left = Reservation.objects.filter(pk=reservation.pk, state=Reservation.State.HELD, quantity__gt=units)
    _lock_pair(reservation)
    if not left.update(quantity=F("quantity") - units):
        raise _ended(reservation)
    reservation.quantity -= units
    return Reservation.objects.create(
        key=key,
        store_id=reservation.store_id,
        item_id=reservation.item_id,
        quantity=units,
        state=Reservation.State.RELEASED,
        reference=reservation.reference,
        cart_id=reservation.cart_id,
        end_reason=reason,
        expires_at=reservation.expires_at,
        ended_at=Now(),
    )


def _end(reservation: Reservation, state: Reservation.State, reason: str) -> None:
    _close(reservation, state, reason)
    _give_back(reservation, reservation.quantity)
    journal_claim(f"stock.reservation_{state}", reservation)


def _close(reservation: Reservation, state: Reservation.State, reason: str) -> None:
    _lock_pair(reservation)
    ended = Reservation.objects.filter(pk=reservation.pk, state=Reservation.State.HELD).update(
        state=state, end_reason=reason, ended_at=Now()
    )
    if not ended:
        raise _ended(reservation)
    reservation.state = state


def _lock_pair(reservation: Reservation) -> None:
    # The availability row first, as everywhere: whoever ends a claim and whoever takes one meet at the same lock.
    list(Availability.objects.for_pairs([(reservation.store_id, reservation.item_id)]).locked().values_list("pk"))


def _give_back(reservation: Reservation, quantity: int) -> None:
    # What is promised less is missed less.
    missing = F("reserved") - quantity - F("on_hand") + F("unsellable")
    Availability.objects.filter(store_id=reservation.store_id, item_id=reservation.item_id).update(
        reserved=F("reserved") - quantity, shortfall=Least(F("shortfall"), Greatest(missing, 0))
    )


def _ended(reservation: Reservation) -> ReservationEnded:
    reservation.refresh_from_db()
    return ReservationEnded(state=reservation.get_state_display().lower())


def journal_claim(kind: str, reservation: Reservation) -> None:
    record(
        kind=kind,
        subject=reservation,
        store=reservation.store_id,
        item=Item(pk=reservation.item_id),
        quantity=reservation.quantity,
        data={"for": reservation.reference},
        key=reservation.key,
    )
