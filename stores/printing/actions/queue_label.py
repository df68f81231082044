"""Asking for a label."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from stores.journal.actions.record import record
from stores.journal.wakeups import wake
from stores.models import Store
from stores.printing.labels import render_label
from stores.printing.models import Printer, PrintJob
from stores.printing.refusals import NoPrinter
from stores.staff.models import Associate

TITLE_LENGTH_MAX = 80


def queue_label(
    *,
    key: str,
    store: Store,
    title: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    associate: Associate | None = None,
) -> PrintJob | None:
    """Renders a label as it is now and queues it at the store's first printer in use.

    `subject` says what it labels (fulfillment:12); `context` is for the template, with times as aware datetimes. The
    same `key` again returns the first job. A store without a printer gets no label and an event that says so: goods
    are not to lie about for want of paper. Raises NotAHouseCode when a barcode's content cannot be one.
    """
    printer = Printer.objects.filter(store=store, is_active=True).order_by("name").first()
    if printer is None:
        record(kind="printing.skipped", subject=subject, store=store, actor=associate, key=key)
        return None
    return _queue(
        key=key,
        printer=printer,
        title=title,
        subject=subject,
        content=render_label(template=template, context=context, store=store, dots_per_mm=printer.dots_per_mm),
        associate=associate,
    )


def queue_test_labels(*, key: str, store: Store, associate: Associate) -> list[PrintJob]:
    """A test label on every printer in use. Raises NoPrinter."""
    printers = Printer.objects.filter(store=store, is_active=True)
    jobs = [
        _queue(
            key=f"{key}:{printer.pk}",
            printer=printer,
            title=f"{printer.name}: test",
            subject=f"printer:{printer.pk}",
            content=render_label(
                template="printing/test_label.zpl",
                context={"printer_name": printer.name, "store_name": store.name, "printed_at": timezone.now()},
                store=store,
                dots_per_mm=printer.dots_per_mm,
            ),
            associate=associate,
        )
        for printer in printers
    ]
    if not jobs:
        raise NoPrinter
    return jobs


def _queue(
    *, key: str, printer: Printer, title: str, subject: str, content: str, associate: Associate | None
) -> PrintJob:
    job, is_new = PrintJob.objects.get_or_create(
        key=key,
        defaults={
            "store_id": printer.store_id,
            "printer": printer,
            "title": title[:TITLE_LENGTH_MAX],
            "subject": subject,
            "content": content,
            "associate": associate,
        },
    )
    if is_new:
        record(
            kind="printing.queued",
            subject=job,
            store=printer.store_id,
            actor=associate,
            data={"label_of": subject, "printer": printer.name},
            key=key,
        )
        wake("stores.printing.tasks.print_label", job.pk)
    return job
