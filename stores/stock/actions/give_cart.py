"""A cart becomes an order: its claims are given to the order in one transaction, and nobody comes in between."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models.functions import Now

from stores.journal.actions.record import record
from stores.stock.actions.cart_claims import lock_cart, lock_claims
from stores.stock.actions.reservations import expire, give, release, reserve
from stores.stock.models import Cart, Reservation
from stores.stock.queries.carts import BESIDE, ORDER, database_clock, is_live

Pair = tuple[int, int]


@dataclass
class OrderedCart:
    """A locked cart on its way to the order `order_id`. `close` it when the order has what it can use."""

    cart: Cart
    order_id: int
    _pool: list[Reservation] = field(default_factory=list)

    def held(self) -> Counter[Pair]:
        """Units by (store id, item id) that `lock` will make the order's, or free: its time may be over."""
        held = Counter[Pair]()
        for claim in self.cart.reservations.filter(state=Reservation.State.HELD):
            held[claim.store_id, claim.item_id] += claim.quantity
        return held

    def stores(self) -> set[int]:
        """Ids of the stores in which the order has a claim: none once the cart's time is over."""
        claims = self.cart.reservations.filter(state=Reservation.State.HELD, expires_at__gt=Now())
        return set(claims.values_list("store_id", flat=True))

    def lock(self, pairs: Iterable[Pair]) -> None:
        """Takes the locks of the cart's claims and of `pairs` together, in the one order; then `reserve_for` may take.

        A savepoint around both may be rolled back: the next call sees the claims as they are then.
        """
        self._pool = self._live(lock_claims(self.cart, also=pairs))

    def close(self) -> None:
        """The order has no use for the rest: it is released."""
        for claim in self._live(lock_claims(self.cart)):
            release(reservation=claim, reason=f"{BESIDE}{self.order_id}")
        record(kind="stock.cart_ordered", subject=self.cart, data={"order": self.order_id})

    def _live(self, claims: list[Reservation]) -> list[Reservation]:
        """Those that the cart still has a right to. The others end here, whether or not somebody has swept."""
        moment = database_clock()
        for claim in claims:
            if not is_live(claim, moment):
                expire(reservation=claim)
        return [claim for claim in claims if is_live(claim, moment)]

    def claims_on(self, store_id: int, item_id: int) -> list[Reservation]:
        return [claim for claim in self._pool if (claim.store_id, claim.item_id) == (store_id, item_id)]

    def give(self, store_id: int, item_id: int, units: int, key: str) -> None:
        """Ends `units` of the claims on the item, for which the order has a claim of its own now."""
        for claim in self.claims_on(store_id, item_id):
            part = min(units, claim.quantity)
            units -= part
            if part == claim.quantity:
                self._pool.remove(claim)
            if part:
                give(reservation=claim, units=part, reason=f"{ORDER}{self.order_id}", key=f"{key}:from:{claim.pk}")


def open_cart(*, source: str, external_id: str, order_id: int) -> OrderedCart | None:
    """Locks the cart for the order; None when the source has no such cart."""
    cart = lock_cart(source=source, external_id=external_id)
    return OrderedCart(cart, order_id) if cart else None


def reserve_for(
    *, cart: OrderedCart | None, key: str, store_id: int, item_id: int, quantity: int, reference: str
) -> Reservation:
    """Claims stock for an order as `reserve` does, first from what its cart holds there."""
    given = min(quantity, sum(claim.quantity for claim in cart.claims_on(store_id, item_id))) if cart else 0
    claim = reserve(key=key, store_id=store_id, item_id=item_id, quantity=quantity, reference=reference, given=given)
    if cart and given:
        cart.give(store_id, item_id, given, key)
    return claim
