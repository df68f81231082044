"""Row 9: lines of a file that become items or wait for a person, against the COPY limit.

The limit is one COPY of the same lines, which lie ready as text, into a bare table of the columns that a kept line has:
no key, no index, nothing read and nothing judged. No import can reach it; it says how far away the database's own
speed is. The import begins with the file's bytes, judges every line against the item master, adds items with their
events, and counts each line. Beside it stands a road of its own length, from the file's bytes by csv and json to the
same COPY.
"""

import csv
import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.db import connection, transaction

from stores.catalog.actions.run_import import run_import
from stores.catalog.actions.start_import import Upload, start_import
from stores.catalog.models import ItemImport, System
from tests.bench.report import Result, say
from tests.bench.rounds import Broken, ratio

HEADING = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
# Shares as in a real retailer's week: each item is sold about seven times, fifteen lines in a thousand are bad.
LINES_PER_ITEM = 7
TABLE = """
CREATE TABLE IF NOT EXISTS bench_bare_line (
    item_import_id bigint, number int, file_position smallint, file_line int, "values" jsonb, folded text,
    outcome text, reason text
)
"""
COLUMNS = 'item_import_id, number, file_position, file_line, "values", folded, outcome, reason'


@dataclass(frozen=True)
class ImportEffort:
    lines: int
    rounds: int


THOROUGH = ImportEffort(lines=100_000, rounds=8)
QUICK = ImportEffort(lines=1_000, rounds=1)


def measure_imports(effort: ImportEffort) -> list[Result]:
    """Rounds take turns: new items, then the same file again, each beside the bare arm. Raises Broken."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
    new: list[float] = []
    again: list[float] = []
    limit: list[float] = []
    road: list[float] = []
    for number in range(effort.rounds + 1):
        content = sales_file(effort.lines, prefix=number)
        text = _ready_text(content)
        new.append(_seconds(partial(_import, content, effort.lines, added=True)))
        limit.append(_seconds(partial(_bare_copy, text, effort.lines)))
        again.append(_seconds(partial(_import, content, effort.lines, added=False)))
        road.append(_seconds(partial(_bare_road, content, effort.lines)))
        ItemImport.objects.all().delete()
    # The first round is not counted: it prepares statements and fills caches.
    new, again, limit, road = new[1:], again[1:], limit[1:], road[1:]
    rate = effort.lines / sorted(new)[len(new) // 2]
    say(f"\nImport of {effort.lines:,} lines: {rate:,.0f} lines a second with new items; sums exact in every round.")
    for name, arm in (("with new items", new), ("the same file again", again)):
        one = ratio(road, arm)
        say(f"  {name}: {one.median:.2f} of the rate of csv, json, COPY ({one.least:.2f}–{one.most:.2f})")
    return [
        Result(9, "import: lines a second with new items / COPY limit", None, False, ratio(limit, new)),
        Result(9, "import: the same file again / COPY limit", None, False, ratio(limit, again)),
    ]


def sales_file(lines: int, *, prefix: int) -> bytes:
    """Sales lines with their share of bad ones, of items that no other prefix has."""
    items = max(lines // LINES_PER_ITEM, 1)
    rows = []
    for number in range(lines):
        item = number % items
        code, name, price = f"{prefix:02}{item:05}", f"ITEM {item} OF {prefix}", f"{1 + item % 90}.{item % 100:02}"
        match number % 1000:
            case 1 | 2 | 3 | 4 | 5:
                code = "POST"
            case 101 | 102 | 103 | 104:
                name = ""
            case 201 | 202 | 203:
                name = f"{name} DAMAGED" if number >= items else name
        rows.append(f"{536365 + number // 20},{code},{name},6,2010-12-01 08:26:00,{price},17850.0,United Kingdom\n")
    return (HEADING + "".join(rows)).encode()


def _import(content: bytes, lines: int, *, added: bool) -> None:
    item_import = start_import(files=[Upload("bench.csv", content)], system=System.POS, associate=None)
    run_import(pk=item_import.pk)
    item_import.refresh_from_db()
    sums = item_import.added + item_import.repeated + item_import.refused + item_import.known_refused
    expected = bool(item_import.added) == added and sums == lines == item_import.lines_total
    if item_import.state != ItemImport.State.DONE or not expected:
        raise Broken(f"An import of {lines} lines ended {item_import.state} with {sums}: {item_import.last_error}")


def _bare_road(content: bytes, lines: int) -> None:
    _bare_copy(_ready_text(content), lines)


def _ready_text(content: bytes) -> str:
    rows = csv.reader(io.StringIO(content.decode()))
    names = next(rows)
    text = []
    for number, cells in enumerate(rows, start=1):
        values = json.dumps(dict(zip(names[:6], cells, strict=False)))
        text.append(f"1\t{number}\t0\t{number + 1}\t{values}\t{cells[1].upper()}\trepeated\t\n")
    return "".join(text)


def _bare_copy(text: str, lines: int) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        with cursor.copy(f"COPY bench_bare_line ({COLUMNS}) FROM STDIN") as copy:
            copy.write(text)
        cursor.execute("SELECT count(*) FROM bench_bare_line")
        if cursor.fetchone()[0] != lines:
            raise Broken("The bare COPY lost lines.")
        cursor.execute("TRUNCATE bench_bare_line")


def _seconds(act: Callable[[], None]) -> float:
    begin = time.perf_counter()
    act()
    return time.perf_counter() - begin
