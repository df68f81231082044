"""One import, from its files to its counts. Any number of workers may try; one at a time does it."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import structlog
from django.db import transaction

from stores.catalog.actions.apply_lines import apply_lines
from stores.catalog.actions.judge_import import judge_import
from stores.catalog.actions.read_import import LEASE_SECONDS, LeaseLost, keep_lease, read_files
from stores.catalog.importing.files import Unreadable
from stores.catalog.models import ItemImport
from stores.journal.actions.answer_once import retrying
from stores.journal.actions.record import record
from stores.journal.wakeups import wake

# Workers end tasks that take longer than two minutes. To read and judge is one go, half a minute for the largest
# workbook; to change items can take longer and is done in several.
SECONDS_AT_ONCE = 45.0
RETRY_SECONDS = (2, 10, 30, 60, 120, 300, 600)

log = structlog.get_logger(__name__)


def run_import(*, pk: int, seconds: float = SECONDS_AT_ONCE) -> None:
    """Goes on with the import where the last worker stopped. What cannot be read at all stops it, with its reason."""
    item_import = _claim(pk)
    if item_import is None:
        return
    end = time.monotonic() + seconds
    try:
        _go_on(item_import, end)
    except LeaseLost:
        log.warning("import_taken_over", item_import=pk)
    except Unreadable as problem:
        _stop(item_import, str(problem))
    except Exception as error:  # Whatever breaks one import must not break the queue.
        log.exception("import_interrupted", item_import=pk, error=type(error).__name__)
        with transaction.atomic(durable=True):
            item_import.retry_later(type(error).__name__, delays=RETRY_SECONDS)


def _claim(pk: int) -> ItemImport | None:
    """Only if nobody holds it: neither by a lease nor, while it is judged, by a lock on its row."""
    with transaction.atomic(durable=True):
        if not ItemImport.queue.due().filter(pk=pk).select_for_update(skip_locked=True).exists():
            return None
        if not ItemImport.queue.claim(pk, lease_seconds=LEASE_SECONDS):
            return None
    item_import = ItemImport.objects.select_related("uploaded_by").get(pk=pk)
    if item_import.attempts > len(RETRY_SECONDS) + 1:
        # Whoever tried before never came back to say why: it may be this file that kills workers.
        _stop(item_import, "WorkerLost")
        return None
    return item_import


def _go_on(item_import: ItemImport, end: float) -> None:
    def has_time() -> bool:
        return time.monotonic() < end

    if item_import.files.exclude(content=b"").exists():
        with _without_collector():
            retrying(partial(judge_import, item_import, read_files(item_import)))
    if not apply_lines(item_import, has_time=has_time):
        _pause(item_import)
        return
    _finish(item_import)


@contextmanager
def _without_collector() -> Iterator[None]:
    """Lines in memory refer to each other in no circle; to look for circles in them takes a third of all the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _pause(item_import: ItemImport) -> None:
    """Time is up, all is well: back into the queue, and on with it at once."""
    with transaction.atomic(durable=True):
        keep_lease(item_import, state=ItemImport.State.QUEUED, attempts=0)
        wake("stores.catalog.tasks.import_items", item_import.pk)


def _finish(item_import: ItemImport) -> None:
    with transaction.atomic(durable=True):
        keep_lease(item_import)
        item_import.done()
        item_import.refresh_from_db()
        counts = ("added", "changed", "repeated", "refused", "known_refused")
        record(
            kind="catalog.import_finished",
            subject=item_import,
            actor=item_import.uploaded_by,
            quantity=item_import.lines_total,
            data={name: getattr(item_import, name) for name in counts},
        )


def _stop(item_import: ItemImport, problem: str) -> None:
    with transaction.atomic(durable=True):
        item_import.failed(problem)
        record(
            kind="catalog.import_stopped",
            subject=item_import,
            actor=item_import.uploaded_by,
            data={"problem": problem},
        )
