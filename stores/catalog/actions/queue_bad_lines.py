"""Each bad line becomes one exception that a person settles. A part of judging an import, in its transaction."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from django.db.models import QuerySet

from stores.catalog.hooks import RefusedWrite, tell_refused
from stores.catalog.models import ImportLine, ItemImport
from stores.journal.actions.record import record

TOPIC = "items/line"
LINES_AT_ONCE = 2_000
Outcome = ImportLine.Outcome


def queue_bad_lines(item_import: ItemImport, lines: QuerySet[ImportLine]) -> None:
    """Hands the refused of `lines` over; those that were handed over before become `known_refused`."""
    writes = _writes(item_import, lines)
    new = 0
    while batch := list(islice(writes, LINES_AT_ONCE)):
        known = tell_refused([write for _number, write in batch])
        numbers = [number for number, write in batch if write.external_id in known]
        item_import.lines.filter(number__in=numbers).update(outcome=Outcome.KNOWN_REFUSED)
        new += len(batch) - len(numbers)
    if new:
        record(kind="catalog.lines_refused", subject=item_import, actor=item_import.uploaded_by, quantity=new)


def line_id(source: str, values: dict[str, object], occurrence: int) -> str:
    """The same for the same line of the same files, whenever they come; lines that are twice the same are two."""
    said = json.dumps([source, values, occurrence], sort_keys=True, ensure_ascii=False)
    return f"line:{hashlib.sha256(said.encode()).hexdigest()}"


def _writes(item_import: ItemImport, lines: QuerySet[ImportLine]) -> Iterator[tuple[int, RefusedWrite]]:
    files = dict(item_import.files.values_list("position", "name"))
    seen: Counter[str] = Counter()
    refused = lines.filter(outcome=Outcome.REFUSED).select_related("item").order_by("number")
    for line in refused.iterator(chunk_size=LINES_AT_ONCE):
        body = json.dumps(line.values, sort_keys=True, ensure_ascii=False)
        seen[body] += 1
        yield (
            line.number,
            RefusedWrite(
                source=item_import.system,
                external_id=line_id(item_import.system, line.values, seen[body]),
                topic=TOPIC,
                body=body,
                reason=line.reason,
                facts=_facts(line, item_import, files),
            ),
        )


def _facts(line: ImportLine, item_import: ItemImport, files: dict[int, str]) -> dict[str, object]:
    """What a person needs to decide: what the line says, where it stands, and what it stands against."""
    said = line.values
    fields = said.get("fields", said)
    facts: dict[str, object] = {
        "import": item_import.pk,
        "file": files.get(line.file_position, ""),
        "line": line.file_line,
        "code": said.get("code", said.get("sku", "")),
        "folded": line.folded,
        "name": fields.get("name") or "",
        "price": fields.get("price") or "",
        "problem": said.get("problem", ""),
        "cells": said.get("cells", []),
        "gtins": list(said.get("gtins", {})),
    }
    if line.item:
        facts |= {"item": line.item.pk, "sku": line.item.sku, "ours": line.item.name}
    return facts
