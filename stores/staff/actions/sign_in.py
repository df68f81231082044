"""A badge and a PIN open a session on an enrolled device."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from stores.journal.actions.record import record
from stores.models import Device
from stores.staff.actions.check_pin import check_pin
from stores.staff.errors import NoRoleHere
from stores.staff.models import Associate, Role, Session
from stores.staff.queries.colleagues import best_role
from stores.staff.sessions import end_of_shift, new_session_key
from stores.staff.tokens import hashed


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`key` is what the browser keeps; the database has only its hash."""

    key: str
    associate: Associate
    role: Role


def sign_in(*, badge: str, pin: str, device: Device, before: Session | None = None) -> SignedIn:
    """Opens a session under a new key and ends `before`, the session this browser had until now.

    Raises what check_pin raises, and NoRoleHere. A session that the same associate only locked goes on: its end
    does not move, so entering a PIN now and then never stretches a shift beyond the absolute time-out.
    """
    associate = check_pin(badge=badge, pin=pin, store=device.store, device=device)
    role = best_role(associate, device.store)
    if role is None:
        raise NoRoleHere(store=device.store.name)
    return open_session(associate=associate, role=role, device=device, before=before)


def open_session(*, associate: Associate, role: Role, device: Device, before: Session | None = None) -> SignedIn:
    """The session alone, for whoever has been recognised already."""
    key = new_session_key()
    now = timezone.now()
    goes_on = before is not None and before.associate_id == associate.pk
    with transaction.atomic(durable=True):
        if before is not None:
            Session.objects.filter(pk=before.pk).delete()
        Session.objects.create(
            session_key=hashed(key),
            session_data=before.session_data if before is not None and goes_on else "",
            expire_date=before.expire_date if before is not None and goes_on else end_of_shift(),
            started_at=before.started_at if before is not None and goes_on else now,
            last_seen_at=now,
            associate=associate,
            device=device,
            store=device.store,
            role=role,
        )
        record(
            kind="staff.unlocked" if goes_on else "staff.signed_in",
            subject=associate,
            store=device.store,
            actor=associate,
            device=device,
            data={"role": role.value},
        )
    return SignedIn(key, associate, role)
