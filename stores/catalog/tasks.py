"""What may be woken for items. The import's row is the queue: every wake-up may be lost."""

from celery import shared_task

from stores.catalog.actions.run_import import run_import
from stores.catalog.models import ItemImport
from stores.journal.wakeups import wake

BEAT = {"catalog-import-sweep": {"task": "stores.catalog.tasks.import_sweep", "schedule": 10.0}}


@shared_task
def import_items(pk: int) -> None:
    run_import(pk=pk)


@shared_task
def import_sweep() -> None:
    """For imports whose wake-up was lost, or whose worker went silent."""
    for pk in ItemImport.queue.due().order_by("pk").values_list("pk", flat=True):
        wake("stores.catalog.tasks.import_items", pk)
