"""What a scan or a form brought, within its limits."""

from django.http import HttpRequest

from stores.catalog.barcodes import read_code

# Longer than any code, so that the reader itself can say how long it was.
CODE_LENGTH_MAX = 500


def posted_code(request: HttpRequest) -> str:
    """The scanned text as house codes are written: trimmed, in capitals. Raises UnreadableCode."""
    return read_code(request.POST.get("code", "")[:CODE_LENGTH_MAX]).text
