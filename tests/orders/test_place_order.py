import pytest
from celery import current_app

from stores.journal.models import Event
from stores.orders.actions.retry_backorders import retry_backorders
from stores.orders.errors import OrderEmpty, OrderExists, StoreDoesNotOffer
from stores.orders.models import Fulfillment, Order
from stores.stock.models import Reservation
from tests.factories import atp, fulfillment_of, make_item, make_store, order_for, stock_up

pytestmark = pytest.mark.django_db


def test_an_order_reserves_at_the_store_it_names():
    near, named, item = make_store(), make_store(), make_item()
    stock_up(near, item, 5)
    stock_up(named, item, 5)
    order = order_for(named, (item, 2))
    assert order.state == Order.State.ALLOCATED
    assert fulfillment_of(order).store == named
    assert (atp(named, item), atp(near, item)) == (3, 5)
    assert list(Event.objects.filter(kind__startswith="orders.").order_by("pk").values_list("kind", flat=True)) == [
        "orders.placed",
        "orders.allocated",
    ]


def test_without_a_named_store_the_nearest_that_has_everything_gets_it():
    nearest, next_nearest, far = make_store(latitude=51.0), make_store(latitude=52.0), make_store(latitude=55.0)
    first, second = make_item(), make_item()
    stock_up(nearest, first, 5)
    for store in (next_nearest, far):
        stock_up(store, first, 5)
        stock_up(store, second, 5)
    order = order_for(None, (first, 1), (second, 1), latitude=51.0, longitude=-0.14)
    assert fulfillment_of(order).store == next_nearest


def test_curbside_goes_only_where_curbside_is_offered():
    nearest, other = make_store(latitude=51.0, offers_curbside=False), make_store(latitude=55.0)
    item = make_item()
    stock_up(nearest, item, 1)
    stock_up(other, item, 1)
    order = order_for(None, (item, 1), method=Order.Method.CURBSIDE, latitude=51.0, longitude=0.0)
    assert fulfillment_of(order).store == other
    with pytest.raises(StoreDoesNotOffer):
        order_for(nearest, (item, 1), method=Order.Method.CURBSIDE)


def test_too_little_anywhere_waits_as_a_backorder_and_reserves_nothing():
    store, item, other = make_store(), make_item(), make_item()
    stock_up(store, item, 5)
    stock_up(store, other, 1)
    order = order_for(store, (item, 2), (other, 2))
    assert order.state == Order.State.BACKORDERED
    assert (atp(store, item), atp(store, other)) == (5, 1)
    assert not Fulfillment.objects.exists()
    assert not Reservation.objects.exists()
    assert Event.objects.filter(kind="orders.backordered", subject=f"order:{order.pk}").count() == 1


def test_two_lines_of_one_item_count_together():
    store, item = make_store(), make_item()
    stock_up(store, item, 3)
    assert order_for(store, (item, 2), (item, 2)).state == Order.State.BACKORDERED
    assert order_for(store, (item, 2), (item, 1)).state == Order.State.ALLOCATED


def test_an_order_that_is_already_here_is_refused_with_the_one_we_have():
    store, item = make_store(), make_item()
    stock_up(store, item, 3)
    first = order_for(store, (item, 1), source="shop", external_id="7")
    with pytest.raises(OrderExists) as refused:
        order_for(store, (item, 1), source="shop", external_id="7")
    assert refused.value.facts["order"] == first
    assert atp(store, item) == 2


def test_an_order_without_lines_is_refused():
    with pytest.raises(OrderEmpty):
        order_for(make_store())


@pytest.mark.django_db(transaction=True)
def test_a_backorder_is_allocated_when_stock_arrives():
    store, item = make_store(), make_item()
    waiting = order_for(store, (item, 2))
    assert retry_backorders(item_id=item.pk) == 0
    stock_up(store, item, 2)
    assert retry_backorders(item_id=item.pk) == 1
    waiting.refresh_from_db()
    assert (waiting.state, waiting.waiting_since, atp(store, item)) == (Order.State.ALLOCATED, None, 0)


@pytest.mark.django_db(transaction=True)
def test_the_longest_waiting_backorder_comes_first():
    store, item = make_store(), make_item()
    first, second = order_for(store, (item, 1)), order_for(store, (item, 1))
    stock_up(store, item, 1)
    assert retry_backorders() == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (Order.State.ALLOCATED, Order.State.BACKORDERED)


def test_arriving_stock_wakes_the_retry(monkeypatch, django_capture_on_commit_callbacks):
    woken = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args, **_how: woken.append((name, args)))
    store, item = make_store(), make_item()
    with django_capture_on_commit_callbacks(execute=True):
        stock_up(store, item, 1)
    assert woken == [("stores.orders.tasks.retry_backorders_of", (item.pk,))]
