"""A claim whose time has run out is given back within the minute, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from stores.journal.models import Event
from stores.stock import tasks
from stores.stock.actions.expire_reservations import expire_reservations
from stores.stock.actions.reservations import consume, reserve
from stores.stock.errors import ReservationEnded
from stores.stock.models import Availability, Reservation
from tests.factories import atp, make_item, make_store, stock_up
from tests.racing import HANG_SECONDS


def claim(store, item, number=1, *, seconds=-1) -> Reservation:
    with transaction.atomic():
        return reserve(
            key=f"claim:{number}",
            store_id=store.pk,
            item_id=item.pk,
            quantity=1,
            reference="basket:1",
            expires_at=timezone.now() + timedelta(seconds=seconds),
        )


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def item(store):
    item = make_item()
    stock_up(store, item, 10)
    return item


@pytest.mark.django_db
def test_what_is_past_its_time_ends_and_the_rest_stays(store, item):
    past, future = claim(store, item, 1), claim(store, item, 2, seconds=600)
    with transaction.atomic():
        endless = reserve(key="endless", store_id=store.pk, item_id=item.pk, quantity=1, reference="fulfillment:1")
    assert expire_reservations() == 1
    states = dict(Reservation.objects.values_list("pk", "state"))
    assert states == {past.pk: "expired", future.pk: "held", endless.pk: "held"}
    assert atp(store, item) == 8
    assert Event.objects.filter(kind="stock.reservation_expired", subject=f"reservation:{past.pk}").count() == 1
    assert expire_reservations() == 0


@pytest.mark.django_db
def test_whoever_waits_for_the_item_hears_of_it(store, item, monkeypatch):
    heard = []
    monkeypatch.setattr("stores.stock.actions.reservations.tell_atp_rose", lambda *pair: heard.append(pair))
    claim(store, item)
    tasks.expire()
    assert heard == [(store.pk, item.pk)]


@pytest.mark.django_db(transaction=True)
def test_an_item_in_somebodys_hands_is_left_to_the_next_round(store, item):
    claim(store, item)
    other = make_item()
    stock_up(store, other, 1)
    claim(store, other, 2)
    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        assert list(Availability.objects.for_pairs([(store.pk, item.pk)]).locked())
        assert pool.submit(let_go, expire_reservations).result(HANG_SECONDS) == 1
    assert expire_reservations() == 1


@pytest.mark.django_db(transaction=True)
def test_sweepers_and_a_sale_at_once_end_each_claim_once(store, item):
    claims = [claim(store, item, number) for number in range(8)]
    start = Barrier(6)

    def sweep() -> int:
        start.wait(HANG_SECONDS)
        return expire_reservations()

    def sell() -> int:
        start.wait(HANG_SECONDS)
        sold = 0
        for one in claims:
            try:
                with transaction.atomic():
                    consume(reservation=one)
                    sold += 1
            except ReservationEnded:
                continue
        return sold

    with ThreadPoolExecutor(6) as pool:
        ended = [one.result(HANG_SECONDS) for one in [pool.submit(let_go, work) for work in (*[sweep] * 4, sell, sell)]]
    left = expire_reservations()
    assert sum(ended) + left == 8
    assert not Reservation.objects.filter(state="held").exists()
    assert atp(store, item) == 10


def let_go(work: Any) -> Any:
    try:
        return work()
    finally:
        connection.close()
