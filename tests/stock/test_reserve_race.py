"""64 threads want the last 10 units. The twin shows what happens without the guard."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.models import F

from stores.stock.actions.reservations import reserve
from stores.stock.errors import ShortStock
from stores.stock.models import Availability, Reservation
from tests.factories import atp, make_item, make_store, stock_up
from tests.racing import HANG_SECONDS

THREADS = 64
UNITS = 10

pytestmark = pytest.mark.django_db(transaction=True)


def race(take):
    """Runs take(number) in THREADS threads that start together; returns how many were granted."""
    start = Barrier(THREADS)

    def run(number):
        try:
            with transaction.atomic():
                connection.ensure_connection()
                start.wait(HANG_SECONDS)
                take(number)
        except ShortStock:
            return 0
        finally:
            connection.close()
        return 1

    with ThreadPoolExecutor(THREADS) as pool:
        return sum(pool.map(run, range(THREADS)))


def test_ten_are_granted():
    store, item = make_store(), make_item()
    stock_up(store, item, UNITS)

    def take(number):
        reserve(key=f"race:{number}", store_id=store.pk, item_id=item.pk, quantity=1, reference="race")

    assert race(take) == UNITS
    assert (atp(store, item), Reservation.objects.filter(state="held").count()) == (0, UNITS)


def test_twin_without_the_guard_promises_more_than_there_is():
    store, item = make_store(), make_item()
    stock_up(store, item, UNITS)
    seen = Barrier(THREADS)

    def look_then_take(number):
        # Everybody looks before anybody takes: the moment the guarded statement does not have.
        found = Availability.objects.get(store=store, item=item).atp
        seen.wait(HANG_SECONDS)
        if found < 1:
            raise ShortStock(item=item.name, wanted=1, found=found)
        Reservation.objects.create(
            key=f"race:{number}", store=store, item=item, quantity=1, reference="race", state="held"
        )

    assert race(look_then_take) == THREADS
    # The record is put right, so that the audit after this test sees a true one.
    Reservation.objects.filter(pk__in=list(Reservation.objects.values_list("pk", flat=True)[UNITS:])).delete()
    Availability.objects.update(reserved=F("reserved") + UNITS)
