"""The item master as a file, whole or as the list is filtered."""

import csv
from collections.abc import Iterator

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET

from stores.catalog.exporting import csv_rows, workbook
from stores.catalog.models import Category, Item
from stores.catalog.queries.item_list import ItemFilter
from stores.catalog.views.answering import desk_page
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

TEMPLATE = "catalog/export.html"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = "\ufeff"


class _Echo:
    """What a csv writer writes into to get its line back."""

    def write(self, line: str) -> str:
        return line


@require_GET
@role_required(Role.LEAD)
def show(request: StoreRequest) -> HttpResponse:
    wanted = ItemFilter.read(request.GET.dict())
    context = {
        "wanted": wanted,
        "count": wanted.matching().count(),
        "states": Item.State.choices,
        "categories": list(Category.objects.all()),
    }
    return desk_page(request, TEMPLATE, context)


@require_GET
@role_required(Role.LEAD)
def as_csv(request: StoreRequest) -> HttpResponseBase:
    """Sent while it is made: however many items there are, the first line leaves at once."""
    items = ItemFilter.read(request.GET.dict()).matching()
    writer = csv.writer(_Echo())

    def pieces() -> Iterator[str]:
        # Without the mark at the beginning, Excel reads accents wrong.
        yield BOM
        for row in csv_rows(items):
            yield writer.writerow(row)

    response = StreamingHttpResponse(pieces(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_name()}.csv"'
    return response


@require_GET
@role_required(Role.LEAD)
def as_xlsx(request: StoreRequest) -> HttpResponseBase:
    items = ItemFilter.read(request.GET.dict()).matching()
    return FileResponse(workbook(items), as_attachment=True, filename=f"{_name()}.xlsx", content_type=XLSX)


def _name() -> str:
    return f"items-{timezone.localdate():%Y-%m-%d}"
