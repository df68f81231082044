"""Claims whose time has run out give their units back."""

from django.db import transaction
from django.db.models.functions import Now

from stores.journal.actions.answer_once import retrying
from stores.stock.actions.reservations import expire
from stores.stock.errors import ReservationEnded
from stores.stock.models import Availability, Reservation

AT_ONCE_MAX = 1000


def expire_reservations() -> int:
    """Ends every claim that is past its time, the longest past first; returns how many.

    Each ends in a transaction of its own. An item that somebody else is selling or sweeping right now is left to the
    next round: nobody waits here, and nobody waits for this.
    """
    due = Reservation.objects.filter(state=Reservation.State.HELD, expires_at__lte=Now()).order_by("expires_at", "pk")
    return sum(retrying(lambda one=one: _expire(one)) for one in due[:AT_ONCE_MAX])  # type: ignore[misc]  # The default binds the loop's row.


def _expire(reservation: Reservation) -> bool:
    with transaction.atomic(durable=True):
        pair = Availability.objects.for_pairs([(reservation.store_id, reservation.item_id)])
        # The availability row first, as everywhere; taken here, so that `expire` does not wait for it.
        if not pair.select_for_update(skip_locked=True).values_list("pk"):
            return False
        # Looked at again under the lock: since it was found, it may have been extended.
        due = Reservation.objects.filter(pk=reservation.pk, state=Reservation.State.HELD, expires_at__lte=Now())
        if not due.select_for_update(skip_locked=True).values_list("pk"):
            return False
        try:
            expire(reservation=reservation)
        except ReservationEnded:
            return False
        return True
