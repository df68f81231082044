"""What a person decides about a label: print it again, say whether it printed, try now."""

from django.db.models.functions import Now

from stores.jobs import Job
from stores.journal.actions.record import record
from stores.journal.wakeups import wake
from stores.printing.models import Printer, PrintJob
from stores.printing.refusals import AnswerFirst, NoPrinter, NotAsked, NotEnded, NothingToTry
from stores.staff.models import Associate

Reason = PrintJob.Reason


def reprint(*, key: str, job: PrintJob, reason: PrintJob.Reason, associate: Associate) -> PrintJob:
    """The same label once more, as a new row that says why, on the printer the store uses now.

    The same `key` again returns the first copy. `job` is locked by the caller (access_print_job).
    Raises NotEnded, AnswerFirst, NoPrinter.
    """
    if job.state in (Job.State.QUEUED, Job.State.WORKING):
        raise NotEnded
    if job.state == Job.State.UNKNOWN:
        raise AnswerFirst
    return _copy(key=key, job=job, reason=reason, associate=associate)


def answer_unknown(*, key: str, job: PrintJob, printed: bool, associate: Associate) -> PrintJob | None:
    """Somebody has looked: it printed, and the label is done; or it did not, and a copy that says so is queued.

    `job` is locked by the caller. Returns the copy. Raises NotAsked when the label does not ask (any more), NoPrinter.
    """
    if job.state != Job.State.UNKNOWN:
        raise NotAsked
    if printed:
        job.done()
        _record("printing.confirmed", job, associate, key)
        return None
    job.failed(PrintJob.Trouble.DID_NOT_PRINT)
    _record("printing.denied", job, associate, key)
    return _copy(key=key, job=job, reason=Reason.DID_NOT_PRINT, associate=associate)


def try_now(*, key: str, job: PrintJob, associate: Associate) -> None:
    """The printer is on again: its whole queue is due at once, or a label that had been given up gets another day.

    Only for labels of which no byte was sent. `job` is locked by the caller. Raises NothingToTry.
    """
    if job.state == Job.State.FAILED and job.last_error != PrintJob.Trouble.DID_NOT_PRINT:
        job.requeue()
    elif job.state != Job.State.QUEUED:
        raise NothingToTry
    PrintJob.objects.filter(printer=job.printer_id, state=Job.State.QUEUED).update(next_try_at=Now())
    _record("printing.tried_again", job, associate, key)
    wake("stores.printing.tasks.print_label", job.pk)


def _copy(*, key: str, job: PrintJob, reason: PrintJob.Reason, associate: Associate) -> PrintJob:
    printer = Printer.objects.filter(store=job.store_id, is_active=True).order_by("name").first()
    if printer is None:
        raise NoPrinter
    copy, is_new = PrintJob.objects.get_or_create(
        key=f"reprint:{job.pk}:{key}",
        defaults={
            "store_id": job.store_id,
            "printer": printer,
            "title": job.title,
            "subject": job.subject,
            "content": job.content,
            "reprint_of": job,
            "reprint_reason": reason,
            "associate": associate,
        },
    )
    if is_new:
        _record("printing.reprinted", copy, associate, key, of=job.pk, reason=str(reason))
        wake("stores.printing.tasks.print_label", copy.pk)
    return copy


def _record(kind: str, job: PrintJob, associate: Associate, key: str, **facts: object) -> None:
    data = {"label_of": job.subject, **facts}
    record(kind=kind, subject=job, store=job.store_id, actor=associate, data=data, key=key)
