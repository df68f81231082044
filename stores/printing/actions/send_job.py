"""Sending labels, one at a time for each printer, in the order they were asked for, none of them twice."""

from contextlib import suppress
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models.functions import Greatest, Now

from stores.jobs import Job
from stores.journal.actions.record import record
from stores.journal.wakeups import announce
from stores.printing.models import Printer, PrintJob
from stores.printing.wire import SEND_SECONDS, MaybeSent, NotSent, send_bytes

# Longer than connecting and sending can take, so that a lease only runs out on a worker that is gone.
LEASE_SECONDS = 30
# Seconds between tries while a printer is off: quick at first, then every half minute for an hour, then for a day.
RETRY_SECONDS = (5, 10, 20, *(30,) * 120, *(120,) * 700)
# A printer that swallowed one label without a word is left alone this long, and so are the workers.
QUIET_SECONDS = 15

Trouble = PrintJob.Trouble


class _Overtaken(Exception):
    """The lease ran out and somebody else has decided about this row."""


def send_job(*, pk: int) -> int | None:
    """Sends the label whose turn it is at the printer that job `pk` waits for; returns the next one that is due.

    Three short transactions, none of them open while bytes travel: claim the row; store `sending_at` just before the
    first byte; store the end. A worker that dies before the second leaves a label that is tried again, one that dies
    after it leaves a label of which only a person can say whether it printed.
    """
    printer = Printer.objects.get(jobs=pk)
    job = _claim(printer)
    if job is None:
        return None
    with suppress(_Overtaken):
        if job.sending_at is not None:
            _end_unknown(job, Trouble.LOST)
        elif not printer.is_active:
            _end_failed(job, Trouble.NOT_IN_USE)
        else:
            _send(job, printer)
    due = PrintJob.objects.filter(printer=printer, state=Job.State.QUEUED, next_try_at__lte=Now())
    return due.order_by("pk").values_list("pk", flat=True).first()


def _claim(printer: Printer) -> PrintJob | None:
    """Takes the head of the printer's queue. None while it is being sent, or waits for its next try."""
    with transaction.atomic(durable=True):
        # One claim at a time for each printer; never held while sending. Not FOR UPDATE, which would hold up new jobs.
        Printer.objects.select_for_update(no_key=True).get(pk=printer.pk)
        waiting = PrintJob.objects.filter(printer=printer, state__in=[Job.State.QUEUED, Job.State.WORKING])
        # What is being sent comes first ("working" sorts after "queued"), then the oldest.
        head = waiting.order_by("-state", "pk").first()
        if head is None or not PrintJob.queue.claim(head.pk, lease_seconds=LEASE_SECONDS):
            return None
        head.refresh_from_db()
        return head


def _send(job: PrintJob, printer: Printer) -> None:
    try:
        send_bytes(
            job.content.encode(),
            host=printer.host,
            port=printer.port,
            before_first_byte=partial(_store_sending, job),
        )
    except NotSent as error:
        _wait(job, error.trouble)
    except MaybeSent as error:
        _end_unknown(job, error.trouble)
    else:
        _end_done(job)


def _store_sending(job: PrintJob) -> None:
    mine = PrintJob.objects.filter(pk=job.pk, state=Job.State.WORKING, lease_until=job.lease_until)
    # Nor may the lease run out while bytes travel.
    if not mine.filter(lease_until__gt=Now() + timedelta(seconds=2 * SEND_SECONDS)).update(sending_at=Now()):
        raise _Overtaken


def _wait(job: PrintJob, trouble: PrintJob.Trouble) -> None:
    """No byte left, so the label goes back to the head of its queue; after a day of that it has failed."""
    with transaction.atomic(durable=True):
        row = _lock_mine(job)
        PrintJob.objects.filter(pk=row.pk).update(sending_at=None)
        row.retry_later(trouble, delays=RETRY_SECONDS)
        if row.state == Job.State.FAILED:
            _record(row, "printing.failed")
        elif row.attempts == 1:
            announce(row.store_id, "printing.waiting")


def _end_done(job: PrintJob) -> None:
    with transaction.atomic(durable=True):
        row = _lock_mine(job)
        row.done()
        _record(row, "printing.printed")


def _end_unknown(job: PrintJob, trouble: PrintJob.Trouble) -> None:
    with transaction.atomic(durable=True):
        row = _lock_mine(job)
        row.unknown(trouble)
        _record(row, "printing.unknown")
        if trouble != Trouble.LOST:
            _leave_alone(row.printer_id)


def _end_failed(job: PrintJob, trouble: PrintJob.Trouble) -> None:
    with transaction.atomic(durable=True):
        row = _lock_mine(job)
        row.failed(trouble)
        _record(row, "printing.failed")


def _lock_mine(job: PrintJob) -> PrintJob:
    """The row, locked, if it is still this worker's: the end of its lease tells one claim from the next."""
    row = PrintJob.objects.select_for_update(of=("self",)).select_related("printer").get(pk=job.pk)
    if (row.state, row.lease_until) != (Job.State.WORKING, job.lease_until):
        raise _Overtaken
    return row


def _leave_alone(printer_id: int) -> None:
    PrintJob.objects.filter(printer_id=printer_id, state=Job.State.QUEUED).update(
        next_try_at=Greatest("next_try_at", Now() + timedelta(seconds=QUIET_SECONDS))
    )


def _record(row: PrintJob, kind: str) -> None:
    record(
        kind=kind,
        subject=row,
        store=row.store_id,
        seconds=int((row.ended_at - row.created_at).total_seconds()) if row.ended_at else None,
        data={"label_of": row.subject, "printer": row.printer.name, "trouble": row.last_error},
    )
