"""Getting a notice out of the house."""

import smtplib
import uuid
from email.utils import parseaddr

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from stores.jobs import Job
from stores.journal.actions.record import record
from stores.notices.models import Notice

# Well above EMAIL_TIMEOUT for each of the steps of one delivery.
LEASE_SECONDS = 90
PERMANENT = range(500, 600)  # RFC 5321: 5yz asks not to be tried again.

log = structlog.get_logger(__name__)
Trouble = Notice.Trouble


class _NotNow(Exception):
    """The mail server is away, or asks to be tried again later."""


class _Never(Exception):
    """No later try can end otherwise."""

    def __init__(self, trouble: Notice.Trouble) -> None:
        self.trouble = trouble
        super().__init__(trouble.value)


def deliver_notice(*, pk: int) -> None:
    """Sends one notice if it is due, and stores how that ended.

    No transaction is open while the mail server is spoken to. A worker that dies after the server took the message and
    before the end is stored leaves a notice that is sent once more; its Message-ID is the same, so that mail programs
    can show it once.
    """
    if not Notice.queue.claim(pk, lease_seconds=LEASE_SECONDS):
        return
    notice = Notice.objects.get(pk=pk)
    if notice.channel == Notice.Channel.CONSOLE:
        _show(notice)
        _end(notice, Job.State.DONE, Trouble.NO_ADDRESS)
        return
    try:
        _send(notice)
    except _NotNow:
        _end(notice, Job.State.QUEUED, Trouble.NO_SERVER)
    except _Never as error:
        _end(notice, Job.State.FAILED, error.trouble)
    else:
        _end(notice, Job.State.DONE)


def message_id(notice: Notice) -> str:
    """The same for every try of one notice, different for every notice of every installation (RFC 5322)."""
    _name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    own = uuid.uuid5(uuid.NAMESPACE_URL, f"{settings.SITE_URL}/notices/{notice.key}")
    return f"<{own}@{sender.rpartition('@')[2] or 'localhost'}>"


def _show(notice: Notice) -> None:
    """In the demo the worker's log stands in for the customer's telephone; elsewhere logs hold no personal data."""
    if settings.DEMO:
        log.info("notice_without_address", about=notice.subject_of, title=notice.title, body=notice.body)


def _send(notice: Notice) -> None:
    try:
        EmailMessage(
            subject=notice.title,
            body=notice.body,
            to=[notice.address],
            headers={"Message-ID": message_id(notice), "Auto-Submitted": "auto-generated"},
        ).send()
    except smtplib.SMTPRecipientsRefused as error:
        if all(code in PERMANENT for code, _words in error.recipients.values()):
            raise _Never(Trouble.REFUSED) from error
        raise _NotNow from error
    except OSError as error:  # smtplib's errors are OSErrors, as are refused and timed out connections.
        raise _NotNow from error
    except ValueError as error:  # A header or an address that cannot be written down.
        raise _Never(Trouble.UNSENDABLE) from error


def _end(notice: Notice, state: Job.State, trouble: Notice.Trouble | None = None) -> None:
    with transaction.atomic(durable=True):
        row = Notice.objects.select_for_update().get(pk=notice.pk)
        if (row.state, row.lease_until) != (Job.State.WORKING, notice.lease_until):
            return  # The lease ran out; whoever has the row now will say how it ended.
        if state == Job.State.DONE:
            row.done()
            Notice.objects.filter(pk=row.pk).update(last_error=trouble or "")
        elif state == Job.State.QUEUED:
            row.retry_later(trouble or "")
        else:
            row.failed(trouble or "")
        if row.state != Job.State.QUEUED:
            _record(row, trouble)


def _record(row: Notice, trouble: Notice.Trouble | None) -> None:
    ends = {Job.State.FAILED: "notices.failed", Job.State.DONE: "notices.skipped" if trouble else "notices.sent"}
    data = {"kind": row.kind, "about": row.subject_of, "trouble": str(trouble or "")}
    record(kind=ends[Job.State(row.state)], subject=row, store=row.store_id, data=data, key=row.key)
