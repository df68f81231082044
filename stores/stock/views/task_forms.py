"""What a form or a scan of a stock task brought, within its limits."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal

QUANTITY_MAX = 999
CODE_LENGTH_MAX = 500
ID_DIGITS_MAX = 18


class QuantityInvalid(Refusal):
    """Facts: most (the largest number accepted)."""

    code = "quantity_invalid"
    title = _("Enter a number from 1 to {most}")
    status = 422


def posted_quantity(request: HttpRequest) -> int:
    """The whole number in the field `quantity`. Raises QuantityInvalid."""
    text = request.POST.get("quantity", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(QUANTITY_MAX)) and int(text) >= 1):
        raise QuantityInvalid(most=QUANTITY_MAX)
    return int(text)


def posted_item(request: HttpRequest) -> int:
    """The item's id, 0 for anything that is none."""
    text = request.POST.get("item", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= ID_DIGITS_MAX else 0


def sought_item(request: HttpRequest) -> int:
    """The item somebody came for, carried along in the task's address; 0 for none."""
    text = request.GET.get("item", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= ID_DIGITS_MAX else 0


def sought_query(request: HttpRequest) -> str:
    """What carries it on in an address; empty for none."""
    pk = sought_item(request)
    return f"?item={pk}" if pk else ""


def posted_code(request: HttpRequest) -> str:
    """The scanned text, cut where no barcode goes on; reading it is the item master's business."""
    return request.POST.get("code", "")[:CODE_LENGTH_MAX]
