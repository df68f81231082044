"""The first half of an import: its files become lines, a chunk at a time, so that nobody who is killed begins anew."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice

from django.db import connection, transaction
from django.db.models.functions import Now

from stores.catalog.fields import Groups
from stores.catalog.importing.files import Unreadable, is_workbook, sheets_of
from stores.catalog.importing.headings import recognise
from stores.catalog.importing.lines import Reader, ReadLine
from stores.catalog.models import ImportLine, ItemImport
from stores.journal.actions.record import record

CHUNK_LINES = 5_000
LINES_MAX = 200_000
LEASE_SECONDS = 30
COPY_SQL = """
COPY catalog_importline (item_import_id, number, file_position, file_line, "values", folded, outcome, reason)
FROM STDIN
"""

# A line with its file's position and its number there.
Placed = tuple[int, int, ReadLine]


class LeaseLost(Exception):
    """Another worker has the import by now; whoever raises this has left nothing behind."""


def keep_lease(item_import: ItemImport, *, seconds: int = LEASE_SECONDS, **fields: object) -> None:
    """Goes on holding the import, and sets `fields` if, and only if, it is still ours. Raises LeaseLost."""
    held = ItemImport.objects.filter(
        pk=item_import.pk, state=ItemImport.State.WORKING, attempts=item_import.attempts
    ).update(lease_until=Now() + timedelta(seconds=seconds), **fields)
    if not held:
        raise LeaseLost
    for name, value in fields.items():
        setattr(item_import, name, value)


def read_lines(item_import: ItemImport, *, has_time: Callable[[], bool]) -> bool:
    """Copies what is not yet copied; False when time ran out before the end. Raises Unreadable and LeaseLost."""
    if item_import.lines_total is None:
        keep_lease(item_import, lines_total=_guess_total(item_import))
    lines = _placed_lines(item_import)
    number = 0
    while chunk := list(islice(lines, CHUNK_LINES)):
        fresh = chunk[max(item_import.lines_read - number, 0) :]
        number += len(chunk)
        if number > LINES_MAX:
            raise Unreadable("too_many")
        # Also while it only finds its place again: that takes time too.
        with transaction.atomic(durable=True):
            keep_lease(item_import, lines_read=max(number, item_import.lines_read))
            _copy(item_import, fresh, first=number - len(fresh) + 1)
        if fresh and not has_time():
            return False
    if number == 0:
        raise Unreadable("empty")
    with transaction.atomic(durable=True):
        keep_lease(item_import, lines_total=number)
        record(kind="catalog.import_read", subject=item_import, quantity=number)
    return True


def _guess_total(item_import: ItemImport) -> int | None:
    """For the progress bar only: one line, one line break. Nobody knows how many rows a workbook has before the end."""
    contents = [bytes(file.content) for file in item_import.files.all()]
    if any(is_workbook(content) for content in contents):
        return None
    return sum(content.count(b"\n") for content in contents) or None


def _placed_lines(item_import: ItemImport) -> Iterator[Placed]:
    groups = Groups.loaded()
    for file in item_import.files.order_by("position").iterator(chunk_size=1):
        for rows in sheets_of(bytes(file.content)):
            first = next(rows, None)
            if first is None:
                continue
            layout = recognise(first.cells)
            reader = Reader(layout, groups)
            if layout is None and (line := reader.read(first)):
                yield file.position, first.line, line
            for row in rows:
                if line := reader.read(row):
                    yield file.position, row.line, line


def _copy(item_import: ItemImport, lines: list[Placed], *, first: int) -> None:
    rows = []
    for number, (position, file_line, line) in enumerate(lines, start=first):
        values = json.dumps(line.values, ensure_ascii=False, separators=(",", ":"))
        outcome = ImportLine.Outcome.REFUSED.value if line.reason else ""
        rows.append(
            f"{item_import.pk}\t{number}\t{position}\t{file_line}\t{_escaped(values)}\t{_escaped(line.folded)}"
            f"\t{outcome}\t{line.reason!s}\n"
        )
    with connection.cursor() as cursor, cursor.copy(COPY_SQL) as copy:
        copy.write("".join(rows))


def _escaped(text: str) -> str:
    """For COPY: everything else that means something to it is escaped in JSON already, and no code has it."""
    return text.replace("\\", "\\\\")
