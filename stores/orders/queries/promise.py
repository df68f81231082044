"""When a customer is told the order will be ready."""

from datetime import datetime, timedelta

from stores.models import Store

DAYS_AHEAD_MAX = 14


def promised_ready_at(store: Store, moment: datetime) -> datetime:
    """`moment` plus the store's ready minutes, counted only while the store is open.

    A store without opening hours counts every minute. The answer is in the store's own time zone.
    """
    spans = list(store.opening_hours.all())
    left = timedelta(minutes=store.ready_minutes)
    local = store.local(moment)
    if not spans:
        return local + left
    for days in range(DAYS_AHEAD_MAX):
        day = local.date() + timedelta(days=days)
        for span in spans:
            if span.weekday != day.weekday():
                continue
            opens = datetime.combine(day, span.opens, tzinfo=local.tzinfo)
            closes = datetime.combine(day, span.closes, tzinfo=local.tzinfo)
            begins = max(opens, local)
            if begins >= closes:
                continue
            if begins + left <= closes:
                return begins + left
            left -= closes - begins
    return local + timedelta(days=DAYS_AHEAD_MAX)
