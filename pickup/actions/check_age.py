"""Somebody has looked at the customer's ID."""

from django.db.models.functions import Now

from pickup.access import lock_fulfillment
from pickup.actions.refuse import refuse_unless_own
from pickup.errors import AgeUnchecked, IdentityUnchecked
from pickup.models import Handover
from pickup.queries.age import age_restricted
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.models import Fulfillment
from stores.staff.models import Associate


def check_age(*, store: Store, pk: int, associate: Associate, device: Device | None) -> None:
    """Writes down that the customer is old enough; nothing of the ID is kept.

    Raises IdentityUnchecked, and what every step of a handover may raise.
    """
    fulfillment = lock_fulfillment(store=store, pk=pk)
    refuse_unless_own(fulfillment, associate)
    if not Handover.objects.filter(fulfillment=fulfillment).update(age_checked_at=Now()):
        raise IdentityUnchecked
    record(kind="pickup.age_checked", subject=fulfillment, store=store, actor=associate, device=device)


def refuse_unless_of_age(fulfillment: Fulfillment, handover: Handover) -> None:
    """Raises AgeUnchecked."""
    if handover.age_checked_at is None:
        restricted = age_restricted(fulfillment)
        if restricted:
            raise AgeUnchecked(items=", ".join(restricted))
