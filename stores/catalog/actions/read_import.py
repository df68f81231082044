"""The first half of an import: its files are read into memory, and its page is told how far that is.

No line is stored before it is judged: to read 100,000 lines again takes half a second, to store them takes several.
A worker that is killed leaves nothing behind, and the next one begins at the first line.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from stores.catalog.fields import Groups
from stores.catalog.importing.files import Unreadable, is_workbook, sheets_of
from stores.catalog.importing.headings import Kind, recognise
from stores.catalog.importing.lines import Beside, Faces, Reader, ReadLine
from stores.catalog.models import ItemImport
from stores.journal.actions.record import record

CHUNK_LINES = 5_000
LINES_MAX = 200_000
LEASE_SECONDS = 30
_as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


# A line's number over all files, from 1, the position of its file, its number there, and what is beside what it says.
# A bare tuple: the garbage collector leaves those alone, and 100,000 objects of a class are most of its work.
Place = tuple[int, int, int, Beside]


@dataclass(frozen=True)
class ReadFiles:
    """`said`: sales, and lines that nobody can read, each with all places where it stands, in their order.

    `listed`: lines of item lists, as `copied` writes them. Each says something of its own, and a text is smaller.
    """

    said: dict[ReadLine, list[Place]] = field(default_factory=lambda: defaultdict(list))
    listed: list[str] = field(default_factory=list)


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


def read_files(item_import: ItemImport) -> ReadFiles:
    """Every line of the import's files. Raises Unreadable and LeaseLost."""
    keep_lease(item_import, lines_read=0, lines_total=_guess_total(item_import))
    read, number = ReadFiles(), 0
    for number, (kind, position, file_line, line, beside) in enumerate(_lines(item_import), start=1):
        if number > LINES_MAX:
            raise Unreadable("too_many")
        if kind == Kind.ITEMS:
            read.listed.append(copied(number, position, file_line, line.values, line.folded, line.reason))
        else:
            read.said[line].append((number, position, file_line, beside))
        if number % CHUNK_LINES == 0:
            keep_lease(item_import, lines_read=number)
    if number == 0:
        raise Unreadable("empty")
    with transaction.atomic(durable=True):
        keep_lease(item_import, lines_read=number, lines_total=number)
        record(kind="catalog.import_read", subject=item_import, quantity=number)
    return read


def copied(number: int, position: int, file_line: int, values: dict[str, Any], folded: str, *more: object) -> str:
    """A line as COPY wants it: what else would mean something to it is escaped in JSON already, and no code has it."""
    said = f"{_as_json(values)}\t{folded}".replace("\\", "\\\\")
    return "\t".join((f"{number}\t{position}\t{file_line}\t{said}", *map(str, more))) + "\n"


def _guess_total(item_import: ItemImport) -> int | None:
    """For the progress bar only: one line, one line break. Nobody knows how many rows a workbook has before the end."""
    contents = [bytes(file.content) for file in item_import.files.all()]
    if any(is_workbook(content) for content in contents):
        return None
    return sum(content.count(b"\n") for content in contents) or None


def _lines(item_import: ItemImport) -> Iterator[tuple[Kind | None, int, int, ReadLine, Beside]]:
    """With what kind of sheet it is, the position of the file, and the number of the line there."""
    groups, faces = Groups.loaded(), Faces()
    for file in item_import.files.order_by("position").iterator(chunk_size=1):
        for rows in sheets_of(bytes(file.content)):
            first = next(rows, None)
            if first is None:
                continue
            layout = recognise(first.cells)
            kind = layout.kind if layout else None
            reader = Reader(layout, groups, faces)
            # A heading that nobody knows is a line that nobody can read.
            for row in chain([first], rows) if layout is None else rows:
                if found := reader.read(row):
                    yield kind, file.position, row.line, *found
