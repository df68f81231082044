"""Sessions end: locked for a moment, signed out, or taken away."""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from stores.journal.actions.record import record
from stores.staff.models import Session


def lock_session(*, row: Session) -> None:
    """The PIN alone opens it again, on the same device. Locking twice is locking once."""
    with transaction.atomic(durable=True):
        if Session.objects.filter(pk=row.pk, locked_at=None).update(locked_at=timezone.now()):
            _record("staff.locked", row)


def sign_out(*, row: Session) -> None:
    with transaction.atomic(durable=True):
        if Session.objects.filter(pk=row.pk).delete()[0]:
            _record("staff.signed_out", row)


def end_sessions_in_transaction(which: Q) -> int:
    """Ends the sessions that match, for a caller whose transaction takes away the right to have them."""
    return Session.objects.filter(which).delete()[0]


def _record(kind: str, row: Session) -> None:
    who = f"associate:{row.associate_id}"
    record(kind=kind, subject=who, store=row.store_id, actor=row.associate, device=row.device)
