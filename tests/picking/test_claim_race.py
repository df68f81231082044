"""Two associates want one list. The twin shows that without the database's word both would have it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.db import connection, transaction
from django.db.models.functions import Now

from picking.actions.claims import claim_list, lock_list
from picking.errors import ListTaken
from picking.models import PickClaim, PickList
from tests.factories import make_associate, make_item, make_store, order_for, stock_up
from tests.racing import HANG_SECONDS, somebody_waits, wait_until
from tests.staff.signing_in import signed_in_client

RACES = 40

pytestmark = pytest.mark.django_db(transaction=True)


def race(work):
    """Runs work(0) and work(1) in two threads that start together; returns their results."""
    start = Barrier(2)

    def run(number):
        try:
            connection.ensure_connection()
            start.wait(HANG_SECONDS)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(run, range(2)))


@pytest.fixture
def store():
    return make_store()


def test_one_wins_and_the_other_is_told_who(store):
    item = make_item()
    stock_up(store, item, RACES)
    people = [make_associate(store, name="Rosa"), make_associate(store, name="Ben")]
    for _race in range(RACES):
        order_for(store, (item, 1))

    for pk in PickList.objects.values_list("pk", flat=True):

        def claim(number, pk=pk):
            try:
                with transaction.atomic(durable=True):
                    claim_list(store=store, pk=pk, associate=people[number])
            except ListTaken as refusal:
                return refusal.facts["by"]
            return "won"

        results = race(claim)
        loser = 1 - results.index("won")
        assert results[loser] == people[1 - loser].name
    assert PickClaim.objects.count() == RACES


def test_twin_looking_before_taking_lets_both_in(store):
    item = make_item()
    stock_up(store, item, 1)
    people = [make_associate(store), make_associate(store)]
    order_for(store, (item, 1))
    pk = PickList.objects.get().pk
    looked = Barrier(2)

    def look_then_take(number):
        free = not PickClaim.objects.filter(pick_list_id=pk, ended_at=None).exists()
        looked.wait(HANG_SECONDS)
        return free and people[number].pk

    assert all(race(look_then_take))


def test_a_sign_of_life_waits_for_whoever_is_about_to_end_the_list(store):
    """A scan that held the claim already would wait for the list, and whoever ends the list for the claim."""
    item = make_item()
    stock_up(store, item, 1)
    rosa = make_associate(store)
    with transaction.atomic():
        order_for(store, (item, 1))
        pick_list = claim_list(store=store, pk=PickList.objects.get().pk, associate=rosa)
        pick_list.claims.update(seen_at=Now() - timedelta(minutes=5))
    client = signed_in_client(rosa, store)
    sent = Event()

    def end():
        with transaction.atomic():
            lock_list(store=store, pk=pick_list.pk)
            assert sent.wait(HANG_SECONDS)
            wait_until(somebody_waits)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
            return PickClaim.objects.filter(pick_list=pick_list).update(on_break_since=None)

    def scan():
        sent.set()
        form = {"key": "tote", "code": "TOTE-0001"}
        return client.post(f"/pick/{pick_list.pk}/scan/", form, headers={"HX-Request": "true"}).status_code

    assert race(lambda number: scan() if number else end()) == [1, 200]
