"""Files for the import's tests, and what becomes of them."""

import gzip
import io
from collections.abc import Sequence
from pathlib import Path

from django.db.models import Count
from openpyxl.workbook.workbook import Workbook

from stores.catalog.actions.run_import import run_import
from stores.catalog.actions.start_import import Upload, start_import
from stores.catalog.models import ItemImport
from stores.staff.models import Associate

RETAIL = Path(__file__).parents[1] / "data/retail"
SALES = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def retail_files() -> list[Upload]:
    return [Upload(path.stem, gzip.decompress(path.read_bytes())) for path in sorted(RETAIL.glob("*.csv.gz"))]


def sales(*lines: tuple[str, str, str]) -> str:
    """A file of sales lines: (code, description, price)."""
    rows = (f"536365,{code},{name},6,2010-12-01 08:26:00,{price},17850.0,France\n" for code, name, price in lines)
    return SALES + "".join(rows)


def workbook(*sheets: Sequence[Sequence[object]]) -> bytes:
    book = Workbook()
    for number, rows in enumerate(sheets):
        sheet = book.active if number == 0 else book.create_sheet()
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def bring_in(
    *files: str | bytes | Upload,
    system: str = "pos",
    associate: Associate | None = None,
    needs_review: bool = False,
    seconds: float = 45,
) -> ItemImport:
    """Imports the files together, as a worker does."""
    uploads = [
        file
        if isinstance(file, Upload)
        else Upload(f"{number}.csv", file if isinstance(file, bytes) else file.encode())
        for number, file in enumerate(files)
    ]
    item_import = start_import(files=uploads, system=system, associate=associate, needs_review=needs_review)
    run_import(pk=item_import.pk, seconds=seconds)
    item_import.refresh_from_db()
    return item_import


def counts(item_import: ItemImport) -> dict[str, int]:
    """The five counts that are not zero."""
    names = ("added", "changed", "repeated", "refused", "known_refused")
    return {name: getattr(item_import, name) for name in names if getattr(item_import, name)}


def reasons(item_import: ItemImport) -> dict[str, int]:
    return dict(item_import.lines.exclude(reason="").values_list("reason").annotate(count=Count("pk")))
