"""What is held for carts, and how their holds ended."""

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stores.stock.models import Cart, CartLine, Reservation

# How the claims of a cart end for an order: those it takes, and those beside it that it has no use for.
ORDER, BESIDE = "order:", "beside order:"


class Hold(StrEnum):
    """What became of a cart's hold. A hold past its time is over, swept or not."""

    HELD = "held"
    EXPIRED = "expired"
    RELEASED = "released"
    ORDERED = "ordered"

    @property
    def label(self) -> str | Promise:
        return _LABELS[self]


_LABELS = {
    Hold.HELD: _("held"),
    Hold.EXPIRED: _("expired"),
    Hold.RELEASED: _("released"),
    Hold.ORDERED: _("ordered"),
}


@dataclass(frozen=True)
class CartStatus:
    """`expires_at` is when the hold ends, or ended; `seconds_left` are whole, and 0 once it is over."""

    cart: Cart
    hold: Hold
    expires_at: datetime
    expires_at_max: datetime
    seconds_left: int
    lines: list[CartLine]


def cart_status(cart: Cart) -> CartStatus:
    last = last_claim(cart)
    hold = hold_of(last)
    left = (last.expires_at - last.moment).total_seconds()  # type: ignore[attr-defined]  # Annotated; never null.
    return CartStatus(
        cart=cart,
        hold=hold,
        expires_at=last.expires_at,  # type: ignore[arg-type]  # A claim of a cart expires, held by CHECK.
        expires_at_max=Cart.objects.values_list("expires_at_max", flat=True).get(pk=cart.pk),
        seconds_left=max(0, math.floor(left)) if hold == Hold.HELD else 0,
        lines=list(cart.lines.select_related("store", "item")),
    )


def last_claim(cart: Cart) -> Reservation:
    """The claim that tells how the cart stands, with the database's `moment`: one that is held, or the last to end."""
    claims = cart.reservations.annotate(moment=Now())
    return claims.order_by(F("ended_at").desc(nulls_first=True), "-pk")[0]


def hold_of(claim: Reservation) -> Hold:
    if claim.state == Reservation.State.HELD:
        return Hold.HELD if claim.expires_at > claim.moment else Hold.EXPIRED  # type: ignore[attr-defined]  # As above.
    if claim.state == Reservation.State.EXPIRED:
        return Hold.EXPIRED
    return Hold.ORDERED if claim.end_reason.startswith((ORDER, BESIDE)) else Hold.RELEASED


def database_clock() -> datetime:
    """This very moment, which is later than the beginning of a transaction that has waited for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    return moment  # type: ignore[no-any-return]  # The cursor's rows are untyped.


def is_live(claim: Reservation, moment: datetime) -> bool:
    """Held and not past its time: a claim gets no grace from a sweeper that is late."""
    return claim.state == Reservation.State.HELD and claim.expires_at is not None and claim.expires_at > moment
