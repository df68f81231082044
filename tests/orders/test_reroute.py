"""What one store cannot give is asked for elsewhere, and never of that store again before it has more."""

import pytest
from django.db import transaction

from stores.orders.actions.give_up_units import give_up_units, reroute_open_units
from stores.orders.actions.retry_backorders import retry_backorders
from stores.orders.hooks import tell_fulfillment_cancelled
from stores.orders.models import Fulfillment, FulfillmentLine
from stores.orders.queries.reroutable import stores_instead
from stores.orders.queries.routing import candidate_stores
from stores.stock.models import Condition
from tests.factories import make_item, make_store, order_for, stock_up

pytestmark = pytest.mark.django_db

HERE = {"latitude": 51.5, "longitude": -0.14}


@pytest.fixture
def near():
    return make_store(latitude=51.5)


@pytest.fixture
def far():
    return make_store(latitude=55.0)


@pytest.fixture
def lantern(near):
    item = make_item("Lantern")
    # The record says five; the picker of the first finds none, and only what was wanted is held back.
    stock_up(near, item, 5)
    return item


def fails(order, item):
    """The store has none of it: on the walk all of it falls short, and the walk ends."""
    part = FulfillmentLine.objects.get(fulfillment__order=order, item=item, short=0)
    Fulfillment.objects.filter(pk=part.fulfillment_id).update(state="picking")
    with transaction.atomic():
        give_up_units(line=part, quantity=part.quantity, reason="not_found", key=f"g{part.pk}")
        instead = stores_instead(order, order.lines.all())
        part.fulfillment.refresh_from_db()
        if not FulfillmentLine.objects.get(pk=part.pk).wanted and part.fulfillment.lines.count() == 1:
            Fulfillment.objects.filter(pk=part.fulfillment_id).update(state="cancelled")
            tell_fulfillment_cancelled(part.fulfillment)
        found = reroute_open_units(order=order)
    return instead, found


def test_another_store_gets_it(floor, near, far, lantern):
    stock_up(far, lantern, 2)
    order = order_for(None, (lantern, 2), **HERE)
    assert order.fulfillments.get().store == near
    instead, found = fails(order, lantern)
    assert instead == [far]
    assert found.store == far


def test_the_store_that_failed_is_not_asked_again_although_its_record_says_it_has_some(floor, near, far, lantern):
    order = order_for(None, (lantern, 2), **HERE)
    assert fails(order, lantern) == ([], None)
    assert retry_backorders() == 0
    order.refresh_from_db()
    assert order.state == "backordered"
    # Another order is another matter: nobody has looked for it in vain.
    assert candidate_stores(order_for(near, (lantern, 9)), []) == [near]


def test_it_is_asked_again_once_more_was_brought_there(floor, near, lantern):
    order = order_for(near, (lantern, 2))
    assert fails(order, lantern) == ([], None)
    assert retry_backorders() == 0
    stock_up(near, lantern, 1, condition=Condition.DAMAGED)
    stock_up(near, make_item(), 4)
    assert retry_backorders() == 0
    stock_up(near, lantern, 2, "A-02-1")
    assert retry_backorders() == 1
    assert order.fulfillments.exclude(state="cancelled").get().store == near


def test_a_customer_who_has_something_to_collect_is_not_sent_elsewhere(floor, near, far, lantern):
    hanger = make_item("Hanger")
    for store in (near, far):
        stock_up(store, hanger, 5)
    stock_up(far, lantern, 5)
    order = order_for(None, (lantern, 2), (hanger, 1), **HERE)
    part = order.fulfillments.get()
    assert part.store == near
    instead, found = fails(order, lantern)
    assert (instead, found) == ([], None)
