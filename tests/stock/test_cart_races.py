"""Carts at the same moment as other carts, sweepers and orders. The twins show what happens without the guard."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from stores.journal.actions.answer_once import retrying
from stores.stock.actions import expire_reservations as sweeper
from stores.stock.actions import hold_cart as holding
from stores.stock.actions.expire_reservations import expire_reservations
from stores.stock.actions.extend_cart import extend_cart
from stores.stock.actions.release_cart import release_cart
from stores.stock.actions.reservations import expire
from stores.stock.errors import CartNotHeld, CartShort
from stores.stock.models import Availability, Cart, Reservation
from stores.stock.queries.carts import cart_status
from tests.factories import atp, make_item, make_store, stock_up
from tests.racing import HANG_SECONDS, at_once
from tests.stock.carts import age, fill_cart, held, make_channel

CARTS = 64
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


def tried(work, refusal):
    """1 when it is granted, 0 when it is refused."""
    try:
        work()
    except refusal:
        return 0
    return 1


# --- the last units ---------------------------------------------------------------------------------------------------


def sixty_four_carts(web, store, item):
    """No retry: if two of them could deadlock, PostgreSQL would say so."""
    return at_once(
        *(
            lambda number=number: tried(lambda: fill_cart(web, (store, item, 1), cart=f"c-{number}"), CartShort)
            for number in range(CARTS)
        )
    )


def test_sixty_four_carts_want_the_last_ten_units(web, store, item):
    assert sum(sixty_four_carts(web, store, item)) == UNITS
    assert (atp(store, item), held(store, item), Cart.objects.count()) == (0, UNITS, UNITS)


def test_what_is_kept_back_stays_for_others_however_many_come(store, item):
    marketplace = make_channel("marketplace", kept_back=3)
    assert sum(sixty_four_carts(marketplace, store, item)) == UNITS - 3
    assert (atp(store, item), held(store, item)) == (3, UNITS - 3)


def test_twin_without_the_guard_holds_more_than_there_is(web, store, item, monkeypatch):
    looked = Barrier(CARTS)

    def look_then_take(more, kept_back):
        (pair,) = more
        found = Availability.objects.get(store_id=pair[0], item_id=pair[1]).atp
        # Everybody looks before anybody takes: the moment the one statement does not have.
        looked.wait(HANG_SECONDS)
        return found - kept_back >= more[pair]

    monkeypatch.setattr(holding, "lock_claims", lambda cart, also=(): [])
    monkeypatch.setattr(holding, "_take", look_then_take)
    assert sum(sixty_four_carts(web, store, item)) == CARTS
    # The record is put right, so that the audit after this test sees a true one.
    spare = list(Reservation.objects.order_by("pk").values_list("pk", flat=True)[UNITS:])
    Reservation.objects.filter(pk__in=spare).delete()
    Availability.objects.update(reserved=F("reserved") + UNITS)


def test_carts_of_several_items_in_opposite_order(web, store):
    items = [make_item() for _ in range(6)]
    for item in items:
        stock_up(store, item, 4)
    lines = [(store, item, 1) for item in items]
    granted = at_once(
        *(
            lambda number=number: tried(
                lambda: fill_cart(web, *(lines if number % 2 else lines[::-1]), cart=f"c-{number}"), CartShort
            )
            for number in range(16)
        )
    )
    assert sum(granted) == 4
    assert [atp(store, item) for item in items] == [0] * 6


def test_one_cart_filled_by_many_at_once_holds_one_content(web, store, item):
    at_once(*(lambda units=units: fill_cart(web, (store, item, units)) for units in range(1, 9)))
    cart = Cart.objects.get()
    (line,) = cart.lines.all()
    assert held(store, item) == line.quantity == UNITS - atp(store, item)


def test_carts_that_change_extend_and_go_while_sweepers_run(web, store, item):
    other = make_item()
    stock_up(store, other, UNITS)

    def customer(number):
        def live():
            for turn in range(4):
                lines = [(store, item, 1 + turn % 2), (store, other, 1)]
                cart = retrying(
                    lambda lines=lines: fill_cart(web, *lines[:: 1 if number % 2 else -1], cart=f"c-{number}")
                )
                with transaction.atomic():
                    extend_cart(cart=cart)
                if turn == 2:
                    age(cart, minutes=16)
            with transaction.atomic():
                release_cart(cart=cart)
            return 0

        return live

    at_once(*(customer(number) for number in range(4)), *[expire_reservations] * 2)
    expire_reservations()
    assert (atp(store, item), atp(store, other)) == (UNITS, UNITS)


# --- the last second --------------------------------------------------------------------------------------------------


def extend(cart):
    with transaction.atomic():
        extend_cart(cart=cart)


def let_go(work):
    try:
        return work()
    finally:
        connection.close()


def sweep_after_extension(cart, monkeypatch):
    """Extended in the last moment, but not committed when the sweeper finds the claim past its time."""
    found, go_on = Event(), Event()
    end = sweeper._expire

    def late(reservation):
        found.set()
        assert go_on.wait(HANG_SECONDS)
        return end(reservation)

    monkeypatch.setattr(sweeper, "_expire", late)
    # Ten minutes are left, fifteen after the extension; the sweeper's clock is twelve minutes on.
    cart.reservations.update(expires_at=Now() + timedelta(minutes=10))
    monkeypatch.setattr(sweeper, "Now", lambda: Now() + timedelta(minutes=12))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            extend_cart(cart=cart)
            swept = pool.submit(let_go, expire_reservations)
            assert found.wait(HANG_SECONDS)
        go_on.set()
        return swept.result(HANG_SECONDS)


def test_what_was_extended_since_the_sweeper_looked_stays_held(web, store, item, monkeypatch):
    cart = fill_cart(web, (store, item, 3))
    assert sweep_after_extension(cart, monkeypatch) == 0
    assert (held(store, item), cart_status(cart).hold) == (3, "held")


def test_twin_a_sweeper_that_does_not_look_again_ends_it(web, store, item, monkeypatch):
    def blind(reservation):
        with transaction.atomic():
            expire(reservation=reservation)
        return True

    monkeypatch.setattr(sweeper, "_expire", blind)
    cart = fill_cart(web, (store, item, 3))
    assert sweep_after_extension(cart, monkeypatch) == 1
    assert (held(store, item), cart_status(cart).hold) == (0, "expired")


def test_an_extension_and_sweepers_in_the_last_second(web, store, item):
    for turn in range(12):
        cart = fill_cart(web, (store, item, 2), cart=f"c-{turn}")
        # A few milliseconds before or after the end of it.
        cart.reservations.update(expires_at=Now())
        ended = at_once(lambda cart=cart: tried(lambda: extend(cart), CartNotHeld), expire_reservations)
        assert ended[0] == 0
        expire_reservations()
        assert cart_status(cart).hold == "expired"
    assert atp(store, item) == UNITS


def test_an_extension_and_a_release_at_once_are_one_after_the_other(web, store, item):
    for turn in range(8):
        cart = fill_cart(web, (store, item, 2), cart=f"c-{turn}")

        def release(cart=cart):
            with transaction.atomic():
                release_cart(cart=cart)
            return 1

        at_once(lambda cart=cart: tried(lambda: extend(cart), CartNotHeld), release)
        assert cart_status(cart).hold == "released"
    assert atp(store, item) == UNITS
