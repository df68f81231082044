"""Overrides: somebody's own badge and PIN, for one deed."""

from django.db import transaction

from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.staff.actions.check_pin import check_pin
from stores.staff.errors import NotALead
from stores.staff.models import Associate, Role
from stores.staff.queries.colleagues import best_role


def verify_pin(*, associate: Associate, pin: str, store: Store | None = None, device: Device | None = None) -> None:
    """Raises a Refusal unless this is the associate's PIN; counts the miss like signing in does."""
    check_pin(badge=associate.badge, pin=pin, store=store, device=device)


def approve_as_lead(*, store: Store, badge: str, pin: str, device: Device | None = None) -> Associate:
    """The lead or manager of this store whose badge and PIN these are; for one deed, and no session is opened.

    Raises what check_pin raises, and NotALead. Like check_pin it must run before the deed's own transaction, so call
    it in the view, outside `act`: a miss that the deed's rollback undid would not count.
    """
    lead = check_pin(badge=badge, pin=pin, store=store, device=device)
    role = best_role(lead, store)
    if role is None or role < Role.LEAD:
        raise NotALead(name=lead.name)
    with transaction.atomic(durable=True):
        record(kind="staff.approved", subject=lead, store=store, actor=lead, device=device)
    return lead
