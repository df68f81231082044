"""Items as an item list: the file that the import takes back without a change."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter
from django.db.models import QuerySet

from stores.catalog.fields import EDITABLE_FIELDS, texts_of
from stores.catalog.importing.cells import quoted
from stores.catalog.models import Item

# The last two are for people; the import leaves them alone, as an item's state has roads of its own.
COLUMNS = ("sku", *EDITABLE_FIELDS, "gtin", "pack_gtins", "state", "is_bundle")
NUMBERS = {"price", "pack_count", "length_mm", "width_mm", "height_mm", "weight_g"}
ITEMS_AT_ONCE = 2_000

Line = Mapping[str, str]


def lines_of(items: QuerySet[Item]) -> Iterator[Line]:
    """A line for each item, as they were added. Page by page: no cursor stays open for a slow reader."""
    items = items.select_related("category", "style").prefetch_related("barcodes").order_by("pk")
    last = 0
    while page := list(items.filter(pk__gt=last)[:ITEMS_AT_ONCE]):
        for item in page:
            yield _line(item)
        last = page[-1].pk


def csv_rows(items: QuerySet[Item]) -> Iterator[Sequence[str]]:
    """The heading and the lines as cells that no spreadsheet runs."""
    yield COLUMNS
    for line in lines_of(items):
        yield [quoted(line[name]) for name in COLUMNS]


def workbook(items: QuerySet[Item]) -> BytesIO:
    """A packed workbook, at its beginning. Made row by row: unpacked it never lies in memory as a whole."""
    file = BytesIO()
    # No text may become a formula, a number or a link by itself.
    options: dict[str, Any] = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet("items")
        sheet.freeze_panes(1, 1)
        sheet.set_column(1, 1, 40)
        for place, name in enumerate(COLUMNS):
            sheet.write_string(0, place, name)
        for number, line in enumerate(lines_of(items), start=1):
            for place, name in enumerate(COLUMNS):
                text = line[name]
                if text and name in NUMBERS:
                    sheet.write_number(number, place, float(text))
                elif text:
                    sheet.write_string(number, place, quoted(text))
    file.seek(0)
    return file


def _line(item: Item) -> Line:
    barcodes = sorted(item.barcodes.all(), key=lambda one: one.pk)
    said = {name: text or "" for name, text in texts_of(item).items()}
    return said | {
        "sku": item.sku,
        "gtin": " ".join(one.gtin for one in barcodes if one.pack_quantity == 1),
        "pack_gtins": " ".join(f"{one.gtin}={one.pack_quantity}" for one in barcodes if one.pack_quantity > 1),
        "state": item.state,
        "is_bundle": "true" if item.is_bundle else "false",
    }
