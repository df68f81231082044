"""Many orders, few units: nothing is promised twice, nobody is told of a deadlock, the order of locks holds."""

import pytest
from django.db import transaction

from stores.journal.actions.answer_once import retrying
from stores.orders.actions.retry_backorders import retry_backorders
from stores.orders.actions.route_order import route_order
from stores.orders.models import Fulfillment, Order
from tests.factories import atp, make_item, make_store, order_for, stock_up
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def items(store):
    items = [make_item() for _ in range(6)]
    for item in items:
        stock_up(store, item, 4)
    return items


def test_the_last_units_of_several_items_in_opposite_order(store, items):
    """No retry here: if two orders took their locks in different orders, PostgreSQL would say so."""
    wanted = [[(item, 1) for item in items], [(item, 1) for item in reversed(items)]]
    at_once(*(lambda number=number: order_for(store, *wanted[number % 2]) for number in range(8)))
    assert Order.objects.filter(state="allocated").count() == 4
    assert Order.objects.filter(state="backordered").count() == 4
    assert [atp(store, item) for item in items] == [0] * 6


def test_two_workers_look_for_stock_for_the_same_orders(store, items):
    for _ in range(6):
        order_for(store, *[(item, 3) for item in items])
    assert Order.objects.filter(state="backordered").count() == 5

    def deliver():
        for item in items:
            with transaction.atomic():
                stock_up(store, item, 6)
        return 0

    found = at_once(retry_backorders, deliver, retry_backorders, lambda: retry_backorders(item_id=items[0].pk))
    found.append(retry_backorders())
    assert sum(found) == 2
    assert Fulfillment.objects.count() == 3
    assert [atp(store, item) for item in items] == [1] * 6


def test_one_order_routed_by_many_at_once(store, items):
    order = order_for(store, (items[0], 9))
    stock_up(store, items[0], 20)

    def route():
        def attempt():
            with transaction.atomic():
                return route_order(order=Order.objects.get(pk=order.pk)) is not None

        return retrying(attempt)

    assert sorted(at_once(*[route] * 6)) == [False] * 5 + [True]
    assert order.fulfillments.count() == 1
