"""When the device says something happened: a scan may have waited on it for hours."""

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

MOMENT_LENGTH_MAX = 40
# A scan waits on the device for as long as the Wi-Fi is gone; a clock that says otherwise is not believed.
WAITED_MAX = timedelta(days=7)


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
