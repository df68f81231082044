"""What a form or a scan brought, within its limits."""

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from picking.models import Shortage
from stores.refusals import Refusal

QUANTITY_MAX = 999
CODE_LENGTH_MAX = 500
LINE_DIGITS_MAX = 18


class QuantityInvalid(Refusal):
    """Facts: most (the largest number accepted)."""

    code = "quantity_invalid"
    title = _("Enter a number from 1 to {most}")
    status = 422


class ReasonInvalid(Refusal):
    code = "reason_invalid"
    title = _("Choose a reason")
    status = 422


def posted_reason(request: HttpRequest) -> Shortage.Reason:
    """Why units are short. Raises ReasonInvalid."""
    reason = request.POST.get("reason", "")
    if reason not in Shortage.Reason.values:
        raise ReasonInvalid
    return Shortage.Reason(reason)


def posted_other(request: HttpRequest) -> str:
    """The code of what lies there instead, if somebody scanned it."""
    return request.POST.get("other", "").strip()[:CODE_LENGTH_MAX]


def posted_line(request: HttpRequest) -> int:
    """The number of the line that stood on the screen when the sheet was opened. Raises Http404."""
    text = request.POST.get("line", "")
    if not (text.isascii() and text.isdigit() and len(text) <= LINE_DIGITS_MAX):
        raise Http404
    return int(text)


def posted_quantity(request: HttpRequest) -> int:
    """The whole number in the field `quantity`. Raises QuantityInvalid."""
    return whole_number(request.POST.get("quantity", ""))


def whole_number(written: str) -> int:
    """Units as somebody typed them. Raises QuantityInvalid."""
    text = written.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(QUANTITY_MAX)) and int(text) >= 1):
        raise QuantityInvalid(most=QUANTITY_MAX)
    return int(text)


def posted_code(request: HttpRequest) -> str:
    """The scanned text, cut where no barcode goes on; reading it is the item master's business."""
    return request.POST.get("code", "")[:CODE_LENGTH_MAX]
