"""The claims of one cart. Everybody locks alike: the cart, then its availability rows in (store, item) order."""

from collections.abc import Iterable

from stores.stock.models import Availability, Cart, Reservation


def lock_cart(*, source: str, external_id: str) -> Cart | None:
    """The cart, with its channel; whoever else wants to change its hold waits."""
    carts = Cart.objects.select_for_update(of=("self",)).select_related("channel")
    return carts.filter(source=source, external_id=external_id).first()


def lock_claims(cart: Cart, also: Iterable[tuple[int, int]] = ()) -> list[Reservation]:
    """What the cart holds, newest first within an item, with the availability of it and of the pairs `also` locked.

    Some of it may be past its time and only wait for the sweeper. The caller has locked the cart.
    """
    held = cart.reservations.filter(state=Reservation.State.HELD)
    pairs = {*held.values_list("store_id", "item_id"), *also}
    list(Availability.objects.for_pairs(pairs).locked().values_list("pk"))
    # Read again: the sweeper ends claims under the lock of their availability alone.
    return list(held.order_by("store_id", "item_id", "-pk"))
