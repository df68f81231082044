"""What a manager may change about an associate."""

from django.db.models import Q
from django.db.models.functions import Now

from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.staff.actions.end_session import end_sessions_in_transaction
from stores.staff.errors import NotYours
from stores.staff.hooks import tell_disabled
from stores.staff.models import Associate, BadgeTries
from stores.staff.pins import check_new_pin
from stores.staff.queries.colleagues import manages


def set_pin(*, associate: Associate, pin: str, by: Associate, store: Store, device: Device | None = None) -> None:
    """A new PIN; unlocks the badge, enables the associate again, and ends the sessions the old PIN opened.

    Raises WeakPin, and NotYours when the manager's stores do not cover the associate's.
    """
    check_new_pin(pin)
    _check_manages(by, associate)
    associate.set_password(pin)
    associate.is_active = True
    associate.save(update_fields=["password", "is_active"])
    BadgeTries.objects.filter(badge=associate.badge).update(misses=0, next_try_at=Now())
    if associate.pk != by.pk:
        end_sessions_in_transaction(Q(associate=associate))
    record(kind="staff.pin_set", subject=associate, store=store, actor=by, device=device)


def disable_associate(*, associate: Associate, by: Associate, store: Store, device: Device | None = None) -> None:
    """Signs the associate out everywhere, now, and lets them in nowhere until they get a new PIN. Raises NotYours."""
    _check_manages(by, associate)
    if associate.pk == by.pk:
        raise NotYours(name=associate.name)
    associate.is_active = False
    associate.save(update_fields=["is_active"])
    end_sessions_in_transaction(Q(associate=associate))
    record(kind="staff.disabled", subject=associate, store=store, actor=by, device=device)
    tell_disabled(associate)


def _check_manages(manager: Associate, associate: Associate) -> None:
    if not manages(manager, associate):
        raise NotYours(name=associate.name)
