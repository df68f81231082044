"""Two associates want one list. The twin shows that without the database's word both would have it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from picking.actions.claims import claim_list
from picking.errors import ListTaken
from picking.models import PickClaim, PickList
from tests.factories import make_associate, make_item, make_store, order_for, stock_up

RACES = 40

pytestmark = pytest.mark.django_db(transaction=True)


def race(work):
    """Runs work(0) and work(1) in two threads that start together; returns their results."""
    start = Barrier(2)

    def run(number):
        try:
            connection.ensure_connection()
            start.wait(30)
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
        looked.wait(30)
        return free and people[number].pk

    assert all(race(look_then_take))
