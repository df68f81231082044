from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from stores.models import OpeningHours
from stores.orders.queries.promise import promised_ready_at
from tests.factories import make_store

LONDON = ZoneInfo("Europe/London")


def at(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=LONDON)


pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    """Open on weekdays from 9 to 18, ready in two hours."""
    shop = make_store(ready_minutes=120)
    for weekday in range(5):
        OpeningHours.objects.create(store=shop, weekday=weekday, opens=time(9), closes=time(18))
    return shop


@pytest.mark.parametrize(
    ("placed", "ready"),
    [
        (at(2026, 11, 23, 10), at(2026, 11, 23, 12)),  # A Monday, in the middle of the day.
        (at(2026, 11, 23, 17), at(2026, 11, 24, 10)),  # An hour today, the other tomorrow.
        (at(2026, 11, 23, 3), at(2026, 11, 23, 11)),  # Before opening.
        (at(2026, 11, 27, 20), at(2026, 11, 30, 11)),  # Friday night: Monday.
        (at(2026, 11, 23, 16), at(2026, 11, 23, 18)),  # Just before closing.
    ],
)
def test_only_open_minutes_count(store, placed, ready):
    assert promised_ready_at(store, placed) == ready


def test_a_store_that_gives_no_hours_is_taken_as_always_open():
    placed = datetime(2026, 11, 22, 23, tzinfo=LONDON)
    assert promised_ready_at(make_store(ready_minutes=120), placed) == datetime(2026, 11, 23, 1, tzinfo=LONDON)


def test_a_store_in_another_zone_uses_its_own_clock(store):
    store.time_zone = "America/New_York"
    placed = datetime(2026, 11, 23, 10, tzinfo=LONDON)  # 5 in the morning there.
    assert promised_ready_at(store, placed) == datetime(2026, 11, 23, 11, tzinfo=ZoneInfo("America/New_York"))
