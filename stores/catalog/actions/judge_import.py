"""The second half of an import: every line gets its outcome, new items are added, bad lines wait for a person.

One transaction: a worker that is killed in it leaves nothing behind, and the next begins anew. Lines that only repeat
what is known are counted; the others are kept, so that people see where an item came from and what is wrong.
"""

from django.db import connection, transaction
from django.db.models import Count

from stores.catalog.actions.judge_listed import judge_listed
from stores.catalog.actions.judge_sales import judge_sales
from stores.catalog.actions.queue_bad_lines import queue_bad_lines
from stores.catalog.actions.read_import import ReadFiles, keep_lease
from stores.catalog.models import ImportLine, ItemImport
from stores.journal.actions.record import record

LEASE_SECONDS = 90
# Settings give every statement ten seconds, which is right for a page and short for 200,000 lines.
PATIENCE_SQL = "SET LOCAL statement_timeout = '80s'"
Outcome = ImportLine.Outcome


def judge_import(item_import: ItemImport, read: ReadFiles) -> None:
    """Gives every line its outcome but those that say something else of an item that exists: `apply_lines` does them.

    Raises LeaseLost. An IntegrityError means that somebody added the same at the same time: judged again, it is known.
    """
    keep_lease(item_import, seconds=LEASE_SECONDS)
    with transaction.atomic(durable=True):
        # Held to the end, so that nobody takes the import over even if this takes longer than the lease.
        keep_lease(item_import, seconds=LEASE_SECONDS)
        with connection.cursor() as cursor:
            cursor.execute(PATIENCE_SQL)
        repeated = judge_sales(item_import, read.said) + judge_listed(item_import, read.listed)
        queue_bad_lines(item_import, item_import.lines.all())
        kept = item_import.lines.exclude(outcome="").values_list("outcome").annotate(count=Count("pk"))
        counts = dict.fromkeys(Outcome.values, 0) | dict(kept) | {Outcome.REPEATED.value: repeated}
        # What is worth keeping of them is here now: the files are no longer needed.
        item_import.files.update(content=b"")
        keep_lease(item_import, seconds=LEASE_SECONDS, **counts)
        record(
            kind="catalog.import_judged",
            subject=item_import,
            actor=item_import.uploaded_by,
            quantity=item_import.lines_total,
            data={name: counts[name] for name in ("added", "repeated", "refused")},
        )
