"""What a form or a scan of a stock task brought, within its limits."""

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal

QUANTITY_MAX = 999
CODE_LENGTH_MAX = 500
MOMENT_LENGTH_MAX = 40
ID_DIGITS_MAX = 18
# A scan waits on the device for as long as the Wi-Fi is gone; a clock that says otherwise is not believed.
WAITED_MAX = timedelta(days=7)


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


def posted_moment(request: HttpRequest) -> datetime | None:
    """When the device says it was scanned; None where it says nothing that can be."""
    try:
        moment = parse_datetime(request.POST.get("scanned_at", "")[:MOMENT_LENGTH_MAX])
    except ValueError:
        return None
    if moment is None:
        return None
    if timezone.is_naive(moment):
        moment = moment.replace(tzinfo=UTC)
    now = timezone.now()
    # No scan is made after it arrives: the device's clock is a little ahead.
    return min(moment, now) if now - WAITED_MAX < moment < now + WAITED_MAX else None
