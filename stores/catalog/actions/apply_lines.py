"""Lines that say something else of an item that exists: written as their system's word, a few at a time."""

import json
from collections import Counter
from collections.abc import Callable

from django.db import transaction
from django.db.models import F

from stores.catalog.actions.add_barcode import add_barcode
from stores.catalog.actions.queue_bad_lines import queue_bad_lines
from stores.catalog.actions.read_import import keep_lease
from stores.catalog.actions.write_fields import WriteResult, write_fields
from stores.catalog.errors import GtinTaken
from stores.catalog.models import ImportLine, Item, ItemImport, System
from stores.journal.actions.record import record

LINES_AT_ONCE = 100
Outcome = ImportLine.Outcome
Reason = ImportLine.Reason


def apply_lines(item_import: ItemImport, *, has_time: Callable[[], bool]) -> bool:
    """Writes what waits to be written; False when time ran out before the end. Raises LeaseLost."""
    while True:
        with transaction.atomic(durable=True):
            keep_lease(item_import)
            # One order for everybody who locks items: by their ids.
            waiting = item_import.lines.filter(outcome="").select_related("item")
            lines = list(waiting.order_by("item_id", "number")[:LINES_AT_ONCE])
            for line in lines:
                # Lines without an item were judged before, and items are never deleted.
                if line.item:
                    line.outcome, line.reason = _apply(item_import, line, line.item)
            if lines:
                ImportLine.objects.bulk_update(lines, ["outcome", "reason"])
                here = item_import.lines.filter(number__in=[line.number for line in lines])
                queue_bad_lines(item_import, here.filter(reason=Reason.DUPLICATE_GTIN))
                found = Counter(here.values_list("outcome", flat=True))
                ItemImport.objects.filter(pk=item_import.pk).update(
                    **{name: F(name) + count for name, count in found.items()}
                )
                record(kind="catalog.lines_applied", subject=item_import, quantity=len(lines))
        if len(lines) < LINES_AT_ONCE:
            return True
        if not has_time():
            return False


def _apply(item_import: ItemImport, line: ImportLine, item: Item) -> tuple[str, str]:
    result = write_fields(
        item=item,
        values=line.values["fields"],
        system=System(item_import.system),
        source=item_import.system,
        external_id=f"items:{item.sku}",
        reason=f"Import {item_import.pk}: {item_import.name}"[:200],
        associate=item_import.uploaded_by,
        needs_review=item_import.needs_review,
        body=json.dumps(line.values, sort_keys=True, ensure_ascii=False),
    )
    added, taken = 0, False
    known = set(item.barcodes.values_list("gtin", flat=True))
    for gtin, quantity in line.values["gtins"].items():
        if gtin not in known:
            try:
                add_barcode(item=item, gtin=gtin, pack_quantity=quantity, associate=item_import.uploaded_by)
                added += 1
            except GtinTaken:
                # By another item, since the line was judged: a person says whose it is, and the others go on.
                taken = True
    if taken:
        return Outcome.REFUSED, Reason.DUPLICATE_GTIN
    return _outcome(result, barcodes_added=added)


def _outcome(result: WriteResult, *, barcodes_added: int) -> tuple[str, str]:
    """A line that a person must look at counts as refused, even if a part of it was taken."""
    news = [one for one in result.refused if not one.known]
    if news:
        return Outcome.REFUSED, news[0].reason
    if result.changed or result.requested or barcodes_added:
        return Outcome.CHANGED, ""
    if result.refused:
        return Outcome.KNOWN_REFUSED, result.refused[0].reason
    return Outcome.REPEATED, ""
