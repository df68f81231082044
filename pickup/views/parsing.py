"""What a scan or a form brought, within its limits."""

from django.http import HttpRequest

from stores.catalog.barcodes import read_code
from stores.orders.errors import NotHere

# Longer than any code, so that the reader itself can say how long it was.
CODE_LENGTH_MAX = 500
PK_DIGITS_MAX = 18


def posted_code(request: HttpRequest) -> str:
    """The scanned text as house codes are written: trimmed, in capitals. Raises UnreadableCode."""
    return read_code(request.POST.get("code", "")[:CODE_LENGTH_MAX]).text


def posted_tote(request: HttpRequest) -> str:
    """The tote that a device's post names, without what no screen shows: PostgreSQL cannot hold a NUL at all."""
    text = request.POST.get("tote", "")[:CODE_LENGTH_MAX]
    return "".join(filter(str.isprintable, text)).strip().upper()


def posted_pk(request: HttpRequest, name: str) -> int:
    """The number of a row that stood on the screen. Raises NotHere for what is none."""
    text = request.POST.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= PK_DIGITS_MAX):
        raise NotHere
    return int(text)
