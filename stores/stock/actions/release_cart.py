"""A customer who has gone."""

from stores.journal.actions.record import record
from stores.stock.actions.cart_claims import lock_cart, lock_claims
from stores.stock.actions.reservations import expire, release
from stores.stock.models import Cart
from stores.stock.queries.carts import database_clock, is_live


def release_cart(*, cart: Cart) -> None:
    """Gives back everything the cart holds; a cart that holds nothing any more is left as it is."""
    locked = lock_cart(source=cart.source, external_id=cart.external_id)
    claims = lock_claims(locked) if locked else []
    moment = database_clock()
    for claim in claims:
        if is_live(claim, moment):
            release(reservation=claim, reason="cart_released")
        else:
            expire(reservation=claim)
    if locked and claims:
        stores = {claim.store_id for claim in claims}
        record(
            kind="stock.cart_released",
            subject=locked,
            store=min(stores) if len(stores) == 1 else None,
            quantity=sum(claim.quantity for claim in claims),
        )
