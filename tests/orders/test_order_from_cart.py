"""An order from a cart gets what the cart holds; the rest of the cart is for others again."""

import pytest

from stores.journal.models import Event
from stores.stock.models import Reservation
from stores.stock.queries.carts import cart_status
from tests.factories import atp, make_bundle, make_item, make_store, order_for, stock_up
from tests.stock.carts import age, fill_cart, held, make_channel

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return make_store("CAMDEN")


@pytest.fixture
def web():
    return make_channel("web", hold_minutes=15, hold_minutes_max=60)


@pytest.fixture
def lantern(store):
    item = make_item("Lantern", sku="LANTERN")
    stock_up(store, item, 5)
    return item


@pytest.fixture
def mug(store):
    item = make_item("Mug", sku="MUG")
    stock_up(store, item, 10)
    return item


def order_from(cart, store, *wanted):
    return order_for(store, *wanted, source=cart.source, cart=cart.external_id)


def test_an_order_gets_what_its_cart_holds_though_nobody_else_could(store, lantern, web):
    cart = fill_cart(web, (store, lantern, 5))
    assert order_for(store, (lantern, 1)).state == "backordered"
    order = order_from(cart, store, (lantern, 5))
    assert (order.state, atp(store, lantern), held(store, lantern)) == ("allocated", 0, 5)
    given = cart.reservations.get()
    assert (given.state, given.end_reason) == ("released", f"order:{order.pk}")
    assert cart_status(cart).hold == "ordered"
    claim = Reservation.objects.get(state="held")
    assert (claim.cart, claim.expires_at, claim.quantity) == (None, None, 5)
    assert Event.objects.filter(kind="stock.reservation_given", subject=f"reservation:{given.pk}").count() == 1


def test_the_carts_claim_is_not_judged_again(store, lantern, web):
    cart = fill_cart(web, (store, lantern, 4))
    store.availability.update(safety_stock=5)
    assert order_from(cart, store, (lantern, 4)).state == "allocated"


def test_the_order_counts_and_the_rest_is_released(store, lantern, mug, web):
    cart = fill_cart(web, (store, lantern, 3), (store, mug, 3))
    order = order_from(cart, store, (lantern, 2), (mug, 5))
    assert order.state == "allocated"
    assert (held(store, lantern), held(store, mug)) == (2, 5)
    assert (atp(store, lantern), atp(store, mug)) == (3, 5)
    assert cart_status(cart).hold == "ordered"
    assert sorted(cart.reservations.values_list("quantity", "end_reason")) == [
        (1, f"beside order:{order.pk}"),
        (2, f"order:{order.pk}"),
        (3, f"order:{order.pk}"),
    ]


def test_a_cart_that_is_not_enough_is_left_to_others(store, lantern, mug, web):
    cart = fill_cart(web, (store, lantern, 3))
    order = order_from(cart, store, (lantern, 6))
    assert (order.state, held(store, lantern), atp(store, lantern)) == ("backordered", 0, 5)
    assert cart.reservations.get().end_reason == f"beside order:{order.pk}"


def test_the_carts_store_comes_before_a_nearer_one(store, lantern, web):
    near = make_store(latitude=52.0)
    stock_up(near, lantern, 5)
    place = {"latitude": 52.0, "longitude": -0.14}
    assert order_for(None, (lantern, 1), **place).fulfillments.get().store == near
    cart = fill_cart(web, (store, lantern, 1))
    order = order_for(None, (lantern, 1), source="shop", cart=cart.external_id, **place)
    assert order.fulfillments.get().store == store
    late = fill_cart(web, (store, lantern, 1), cart="c-2")
    age(late, minutes=16)
    order = order_for(None, (lantern, 1), source="shop", cart="c-2", **place)
    assert order.fulfillments.get().store == near
    assert cart_status(late).hold == "expired"


def test_an_order_to_another_store_leaves_the_cart_to_others(store, lantern, web):
    other = make_store()
    stock_up(other, lantern, 2)
    cart = fill_cart(web, (store, lantern, 2))
    order = order_from(cart, other, (lantern, 2))
    assert order.fulfillments.get().store == other
    assert (atp(store, lantern), atp(other, lantern)) == (5, 0)


def test_an_order_from_a_cart_past_its_time_takes_part_like_any_other(store, lantern, web):
    cart = fill_cart(web, (store, lantern, 5))
    age(cart, minutes=16)
    order = order_from(cart, store, (lantern, 5))
    # Nobody had swept: what the cart held is free, for this order too.
    assert (order.state, held(store, lantern)) == ("allocated", 5)
    assert (cart.reservations.get().state, cart_status(cart).hold) == ("expired", "expired")
    late = fill_cart(web, (store, make_stocked(store, 1), 1), cart="c-2")
    assert late.reservations.get().quantity == 1


def make_stocked(store, quantity):
    item = make_item()
    stock_up(store, item, quantity)
    return item


def test_a_second_order_from_the_cart_gets_nothing_of_it(store, lantern, web):
    cart = fill_cart(web, (store, lantern, 5))
    first, second = order_from(cart, store, (lantern, 5)), order_from(cart, store, (lantern, 5))
    assert (first.state, second.state) == ("allocated", "backordered")


def test_a_bundle_in_the_cart_becomes_the_orders_components(store, lantern, mug, web):
    picnic = make_bundle((lantern, 1), (mug, 4), sku="PICNIC")
    cart = fill_cart(web, (store, picnic, 2), (store, mug, 2))
    assert atp(store, mug) == 0
    order = order_from(cart, store, (picnic, 2), (mug, 2))
    assert (order.state, held(store, lantern), held(store, mug)) == ("allocated", 2, 10)
    assert not cart.reservations.filter(state="held").exists()


def test_a_cart_of_another_source_is_no_cart_of_the_orders(store, lantern, web):
    cart = fill_cart(web, (store, lantern, 5))
    order = order_for(store, (lantern, 1), source="other", cart=cart.external_id)
    assert (order.state, held(store, lantern)) == ("backordered", 5)
