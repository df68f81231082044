"""What may be woken for printing."""

from celery import shared_task

from stores.printing.actions.send_job import send_job
from stores.printing.models import PrintJob

BEAT = {"printing-sweep": {"task": "stores.printing.tasks.sweep", "schedule": 10.0}}
SWEEP_PRINTERS_MAX = 200
# A wake-up older than this has been made up for by the sweeper.
STALE_SECONDS = 30


@shared_task
def print_label(pk: int) -> None:
    """Sends one label; the next of the same printer gets a task of its own, so that printers take turns at a worker."""
    following = send_job(pk=pk)
    if following is not None:
        print_label.apply_async((following,), expires=STALE_SECONDS)


@shared_task
def sweep() -> None:
    """For lost wake-ups, dead workers and printers that were off: one wake-up for each printer with something due."""
    due = PrintJob.queue.due().order_by("printer_id", "pk").distinct("printer_id").values_list("pk", flat=True)
    for pk in due[:SWEEP_PRINTERS_MAX]:
        print_label.apply_async((pk,), expires=STALE_SECONDS)
