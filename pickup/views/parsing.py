"""What a scan or a form brought, within its limits."""

from django.http import HttpRequest, HttpResponse

from stores.catalog.barcodes import read_code
from stores.staff.http import StoreRequest

# Longer than any code, so that the reader itself can say how long it was.
CODE_LENGTH_MAX = 500


def posted_code(request: HttpRequest) -> str:
    """The scanned text as house codes are written: trimmed, in capitals. Raises UnreadableCode."""
    return read_code(request.POST.get("code", "")[:CODE_LENGTH_MAX]).text


def go_to(request: StoreRequest, address: str) -> HttpResponse:
    """Leads to another page, for htmx and for a plain form."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponse(status=303, headers={"Location": address})
