"""When a store is open, for people."""

from datetime import date, time
from typing import NamedTuple

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise

from stores.models import Store


class Span(NamedTuple):
    opens: time
    closes: time


class Day(NamedTuple):
    name: str | Promise
    spans: list[Span]


def spans_on(store: Store, day: date) -> list[Span]:
    """The spans the store is open on that date; none when it is closed."""
    return [Span(span.opens, span.closes) for span in store.opening_hours.all() if span.weekday == day.weekday()]


def week(store: Store) -> list[Day]:
    """Monday to Sunday, in the reader's language; empty for a store that keeps no hours."""
    hours = list(store.opening_hours.all())
    if not hours:
        return []
    return [
        Day(name, [Span(span.opens, span.closes) for span in hours if span.weekday == weekday])
        for weekday, name in WEEKDAYS.items()
    ]
