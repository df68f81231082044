"""A customer who is still there."""

from datetime import timedelta

from stores.journal.actions.record import record
from stores.stock.actions.cart_claims import lock_cart, lock_claims
from stores.stock.errors import CartNotHeld
from stores.stock.models import Cart
from stores.stock.queries.carts import cart_status, database_clock, is_live


def extend_cart(*, cart: Cart) -> None:
    """Holds everything in the cart for the channel's `hold_minutes` from now, within the limit of its first hold.

    It never ends earlier than it would have. Raises CartNotHeld, also when its time is over and nobody has swept it.
    """
    locked = lock_cart(source=cart.source, external_id=cart.external_id)
    claims = lock_claims(locked) if locked else []
    moment = database_clock()
    live = [claim for claim in claims if is_live(claim, moment)]
    if locked is None or not live:
        raise CartNotHeld(state=str(cart_status(cart).hold.label))
    until = min(moment + timedelta(minutes=locked.channel.hold_minutes), locked.expires_at_max)
    until = max([until, *(claim.expires_at for claim in live if claim.expires_at)])
    locked.reservations.filter(pk__in=[claim.pk for claim in live]).update(expires_at=until)
    stores = {claim.store_id for claim in live}
    record(
        kind="stock.cart_extended",
        subject=locked,
        store=min(stores) if len(stores) == 1 else None,
        data={"expires_at": until.isoformat()},
    )
