"""A cart becomes an order while others want its stock. The twins show what happens without the guard."""

from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models.functions import Now

from stores.journal.actions.answer_once import retrying
from stores.orders.models import Order
from stores.stock.actions import give_cart as giving
from stores.stock.actions.expire_reservations import expire_reservations
from stores.stock.actions.release_cart import release_cart
from stores.stock.actions.reservations import reserve
from stores.stock.errors import ShortStock
from stores.stock.models import Reservation
from stores.stock.queries.carts import cart_status
from tests.factories import atp, make_item, make_store, order_for, stock_up
from tests.racing import HANG_SECONDS, at_once
from tests.stock.carts import fill_cart, held, make_channel

UNITS = 10

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def item(store):
    item = make_item("Lantern")
    stock_up(store, item, UNITS)
    return item


@pytest.fixture
def web():
    return make_channel("web", hold_minutes=15, hold_minutes_max=60)


def buy(cart, store, item, units):
    """1 when the order got its stock at once, 0 when it waits."""
    order = retrying(lambda: order_for(store, (item, units), source=cart.source, cart=cart.external_id))
    return int(order.state == "allocated")


def grab(store, item, units=1):
    def claim():
        with transaction.atomic():
            reserve(key=str(uuid4()), store_id=store.pk, item_id=item.pk, quantity=units, reference="rival")

    try:
        claim()
    except ShortStock:
        return 0
    return 1


def test_nobody_comes_between_a_cart_and_its_order(web, store, item):
    cart = fill_cart(web, (store, item, UNITS))

    def rival():
        return sum(grab(store, item) for _ in range(40))

    assert at_once(lambda: buy(cart, store, item, UNITS), *[rival] * 6) == [1, 0, 0, 0, 0, 0, 0]
    assert (atp(store, item), held(store, item)) == (0, UNITS)


def test_twin_a_cart_released_before_its_order_is_placed_loses(web, store, item):
    cart = fill_cart(web, (store, item, UNITS))
    with transaction.atomic():
        release_cart(cart=cart)
    assert grab(store, item) == 1
    assert buy(cart, store, item, UNITS) == 0


def test_an_order_and_a_rival_in_the_last_second_of_the_hold(web, store):
    """Whoever comes first has all of it; nobody has a part, and it is never lost."""
    for turn in range(12):
        item = make_item()
        stock_up(store, item, UNITS)
        cart = fill_cart(web, (store, item, UNITS), cart=f"c-{turn}")
        cart.reservations.update(expires_at=Now() + timedelta(milliseconds=2 * turn))
        bought, grabbed, _swept = at_once(
            lambda cart=cart, item=item: buy(cart, store, item, UNITS),
            lambda item=item: grab(store, item, UNITS),
            expire_reservations,
        )
        assert bought + grabbed == 1
        assert held(store, item) == UNITS
        assert cart_status(cart).hold == ("ordered" if given(cart) else "expired")


def given(cart):
    return cart.reservations.filter(end_reason__startswith="order:").exists()


def test_two_orders_from_one_cart(web, store, item):
    for turn in range(5):
        cart = fill_cart(web, (store, item, 1), cart=f"c-{turn}")
        at_once(*[lambda cart=cart: buy(cart, store, item, 1)] * 2)
        (claim,) = cart.reservations.all()
        assert claim.end_reason.startswith("order:")
    # Each got its own unit in the end, one of them not from the cart; then there is nothing left.
    assert Order.objects.filter(state="allocated").count() == UNITS
    assert (atp(store, item), held(store, item)) == (0, UNITS)


def test_two_orders_want_all_that_one_cart_holds(web, store, item):
    cart = fill_cart(web, (store, item, UNITS))
    assert sorted(at_once(*[lambda: buy(cart, store, item, UNITS)] * 2)) == [0, 1]
    assert held(store, item) == UNITS


@pytest.mark.breaks_the_record
def test_twin_orders_that_do_not_look_again_are_promised_the_same_units(web, store, item, monkeypatch):
    cart = fill_cart(web, (store, item, UNITS))
    looked = Barrier(2)

    def stale(cart, also=()):
        claims = list(cart.reservations.filter(state="held"))
        if also:
            looked.wait(HANG_SECONDS)
        return claims if also else []

    monkeypatch.setattr(giving, "lock_cart", lambda source, external_id: cart)
    monkeypatch.setattr(giving, "lock_claims", stale)
    monkeypatch.setattr(giving, "give", lambda **_claim: None)
    assert at_once(*[lambda: buy(cart, store, item, UNITS)] * 2) == [1, 1]
    promised = Reservation.objects.filter(state="held", cart=None).values_list("quantity", flat=True)
    assert sum(promised) == 2 * UNITS
