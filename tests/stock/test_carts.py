"""A cart is held as a whole, for its channel's time, and what it holds already counts for itself."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from stores.catalog.actions.lifecycle import retire_item
from stores.journal.audit import find_defects
from stores.journal.models import Event
from stores.stock.actions.expire_reservations import expire_reservations
from stores.stock.actions.extend_cart import extend_cart
from stores.stock.actions.release_cart import release_cart
from stores.stock.errors import CartEmpty, CartNotHeld, CartShort
from stores.stock.models import Cart, CartLine
from stores.stock.queries.carts import cart_status
from tests.architecture.doors import fingerprint
from tests.factories import atp, make_bundle, make_item, make_store, stock_up
from tests.stock.carts import age, fill_cart, held, make_channel, minutes_left

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


def refused(channel, *lines, **cart):
    """What a refusal names, after nothing at all has changed."""
    before = fingerprint()
    with pytest.raises(CartShort) as refusal:
        fill_cart(channel, *lines, **cart)
    assert fingerprint() == before
    return [(line["sku"], line["store"], line["wanted"], line["available"]) for line in refusal.value.facts["lines"]]


# --- holding ----------------------------------------------------------------------------------------------------------


def test_a_cart_is_held_for_its_channels_time(store, lantern, mug, web):
    cart = fill_cart(web, (store, lantern, 2), (store, mug, 3))
    assert (atp(store, lantern), atp(store, mug)) == (3, 7)
    assert minutes_left(cart) == pytest.approx(15, abs=0.1)
    status = cart_status(cart)
    assert (status.hold, status.seconds_left) == ("held", pytest.approx(900, abs=5))
    assert [(line.item, line.quantity) for line in status.lines] == [(lantern, 2), (mug, 3)]
    assert set(cart.reservations.values_list("reference", flat=True)) == {f"cart:{cart.pk}"}
    event = Event.objects.get(kind="stock.cart_held")
    assert (event.subject, event.store_id, event.quantity) == (f"cart:{cart.pk}", store.pk, 5)
    assert Event.objects.filter(kind="stock.reserved").count() == 2


def test_all_short_lines_are_named_and_nothing_is_held(store, lantern, mug, web):
    other = make_store("LEEDS")
    stock_up(other, mug, 1)
    short = refused(web, (store, lantern, 6), (store, mug, 10), (other, mug, 2), (other, lantern, 1))
    assert short == [("LANTERN", "CAMDEN", 6, 5), ("MUG", "LEEDS", 2, 1), ("LANTERN", "LEEDS", 1, 0)]
    assert not Cart.objects.exists()


def test_what_is_kept_back_from_the_channel_is_not_held(store, lantern):
    marketplace = make_channel("marketplace", kept_back=2, hold_minutes=5, hold_minutes_max=15)
    assert refused(marketplace, (store, lantern, 4)) == [("LANTERN", "CAMDEN", 4, 3)]
    cart = fill_cart(marketplace, (store, lantern, 3))
    assert refused(marketplace, (store, lantern, 1), cart="c-2") == [("LANTERN", "CAMDEN", 1, 0)]
    # Its own units are not kept back from it; more of them would be.
    assert refused(marketplace, (store, lantern, 4)) == [("LANTERN", "CAMDEN", 4, 3)]
    assert held(store, lantern) == 3
    assert minutes_left(cart) == pytest.approx(5, abs=0.1)
    fill_cart(make_channel("counter"), (store, lantern, 2), cart="c-3")
    assert atp(store, lantern) == 0


def test_a_line_twice_is_one(store, lantern, web):
    assert refused(web, (store, lantern, 3), (store, lantern, 3)) == [("LANTERN", "CAMDEN", 6, 5)]
    fill_cart(web, (store, lantern, 3), (store, lantern, 2))
    assert CartLine.objects.values_list("quantity").get() == (5,)


def test_an_empty_cart_is_refused(web):
    with pytest.raises(CartEmpty):
        fill_cart(web)
    assert not Cart.objects.exists()


def test_what_is_not_for_sale_is_not_held(store, lantern, web):
    retire_item(item=lantern)
    assert refused(web, (store, lantern, 1)) == [("LANTERN", "CAMDEN", 1, 0)]


# --- other lines are the cart's new content ---------------------------------------------------------------------------


def test_the_same_content_again_changes_nothing(store, lantern, mug, web):
    cart = fill_cart(web, (store, lantern, 2), (store, mug, 1))
    age(cart, minutes=5)
    before = fingerprint()
    assert fill_cart(web, (store, mug, 1), (store, lantern, 1), (store, lantern, 1)) == cart
    assert fingerprint() == before


def test_other_lines_replace_the_old_ones(store, lantern, mug, web):
    cart = fill_cart(web, (store, lantern, 4), (store, mug, 1))
    age(cart, minutes=5)
    kept = cart.reservations.get(item=mug)
    assert fill_cart(web, (store, lantern, 1), (store, mug, 6)) == cart
    assert (held(store, lantern), held(store, mug)) == (1, 6)
    assert (atp(store, lantern), atp(store, mug)) == (4, 4)
    kept.refresh_from_db()
    assert (kept.state, kept.quantity) == ("held", 1)
    assert minutes_left(cart) == pytest.approx(15, abs=0.1)
    fill_cart(web, (store, lantern, 5))
    assert (atp(store, lantern), atp(store, mug)) == (0, 10)
    assert [(line.item, line.quantity) for line in cart.lines.all()] == [(lantern, 5)]
    assert set(cart.reservations.exclude(state="held").values_list("state", "end_reason")) == {
        ("released", "cart_changed")
    }


def test_what_the_cart_holds_counts_for_itself(store, lantern, web):
    fill_cart(web, (store, lantern, 4))
    fill_cart(web, (store, lantern, 5))
    assert atp(store, lantern) == 0
    assert refused(web, (store, lantern, 6)) == [("LANTERN", "CAMDEN", 6, 5)]
    assert held(store, lantern) == 5


def test_a_change_lasts_no_longer_than_the_first_hold_may(store, lantern, web):
    cart = fill_cart(web, (store, lantern, 1))
    age(cart, minutes=10)
    for minute in (20, 30, 40, 50):
        fill_cart(web, (store, lantern, 1 + minute // 20))
        extend_cart(cart=cart)
        age(cart, minutes=10)
    fill_cart(web, (store, lantern, 5))
    assert minutes_left(cart) == pytest.approx(10, abs=0.1)


def test_a_retired_item_stays_in_the_cart_but_no_more_of_it_comes_in(store, lantern, mug, web):
    fill_cart(web, (store, lantern, 2))
    retire_item(item=lantern)
    fill_cart(web, (store, lantern, 2), (store, mug, 1))
    assert refused(web, (store, lantern, 3), (store, mug, 1)) == [("LANTERN", "CAMDEN", 3, 2)]
    assert (held(store, lantern), held(store, mug)) == (2, 1)


# --- bundles ----------------------------------------------------------------------------------------------------------


def test_a_bundle_holds_its_components(store, lantern, mug, web):
    picnic = make_bundle((lantern, 1), (mug, 4), sku="PICNIC")
    cart = fill_cart(web, (store, picnic, 2))
    assert (held(store, lantern), held(store, mug)) == (2, 8)
    assert [(line.item, line.quantity) for line in cart.lines.all()] == [(picnic, 2)]
    release_cart(cart=cart)
    assert (atp(store, lantern), atp(store, mug)) == (5, 10)


def test_lines_that_share_a_component_are_short_in_their_order(store, lantern, mug, web):
    picnic = make_bundle((lantern, 1), (mug, 4), sku="PICNIC")
    assert refused(web, (store, mug, 4), (store, picnic, 2)) == [("PICNIC", "CAMDEN", 2, 1)]
    assert refused(web, (store, picnic, 2), (store, mug, 4)) == [("MUG", "CAMDEN", 4, 2)]
    fill_cart(web, (store, picnic, 2), (store, mug, 2))
    assert atp(store, mug) == 0


def test_a_bundle_that_is_not_for_sale_is_not_held(store, lantern, mug, web):
    picnic = make_bundle((lantern, 1), (mug, 4), sku="PICNIC")
    fill_cart(web, (store, picnic, 1))
    retire_item(item=picnic)
    assert refused(web, (store, picnic, 2)) == [("PICNIC", "CAMDEN", 2, 1)]
    fill_cart(web, (store, picnic, 1), (store, mug, 1))
    retire_item(item=lantern)
    assert refused(web, (store, picnic, 1), cart="c-2") == [("PICNIC", "CAMDEN", 1, 0)]


# --- time -------------------------------------------------------------------------------------------------------------


def test_extending_counts_from_now_up_to_the_longest_hold(store, lantern, web):
    cart = fill_cart(web, (store, lantern, 1))
    age(cart, minutes=10)
    extend_cart(cart=cart)
    assert minutes_left(cart) == pytest.approx(15, abs=0.1)
    for _ in range(4):
        age(cart, minutes=10)
        extend_cart(cart=cart)
    # 50 of 60 minutes have passed.
    assert minutes_left(cart) == pytest.approx(10, abs=0.1)
    age(cart, minutes=11)
    before = fingerprint()
    with pytest.raises(CartNotHeld) as refusal:
        extend_cart(cart=cart)
    assert refusal.value.facts == {"state": "expired"}
    assert fingerprint() == before
    assert expire_reservations() == 1


def test_extending_never_shortens(store, lantern, web):
    cart = fill_cart(web, (store, lantern, 1))
    type(web).objects.update(hold_minutes=1, hold_minutes_max=2)
    extend_cart(cart=cart)
    assert minutes_left(cart) == pytest.approx(15, abs=0.1)


def test_a_cart_past_its_time_has_no_grace_until_it_is_swept(store, lantern, web):
    cart = fill_cart(web, (store, lantern, 5))
    age(cart, minutes=15.1)
    assert held(store, lantern) == 5
    assert cart_status(cart).hold == "expired"
    assert cart_status(cart).seconds_left == 0
    with pytest.raises(CartNotHeld):
        extend_cart(cart=cart)
    assert expire_reservations() == 1
    assert (atp(store, lantern), cart_status(cart).hold) == (5, "expired")


def test_a_cart_past_its_time_begins_anew(store, lantern, web):
    cart = fill_cart(web, (store, lantern, 5))
    age(cart, minutes=70)
    assert fill_cart(web, (store, lantern, 5)) == cart
    assert minutes_left(cart) == pytest.approx(15, abs=0.1)
    assert sorted(cart.reservations.values_list("state", flat=True)) == ["expired", "held"]
    cart.refresh_from_db()
    assert (cart.expires_at_max - timezone.now()).total_seconds() == pytest.approx(3600, abs=5)


def test_the_clock_is_the_databases(store, lantern, web):
    with time_machine.travel("2020-01-01T00:00:00Z"):
        cart = fill_cart(web, (store, lantern, 1))
        assert cart_status(cart).hold == "held"
        extend_cart(cart=cart)
    assert minutes_left(cart) == pytest.approx(15, abs=0.1)


# --- the end ----------------------------------------------------------------------------------------------------------


def test_releasing_gives_everything_back_once(store, lantern, mug, web):
    cart = fill_cart(web, (store, lantern, 2), (store, mug, 3))
    release_cart(cart=cart)
    assert (atp(store, lantern), atp(store, mug), cart_status(cart).hold) == (5, 10, "released")
    before = fingerprint()
    release_cart(cart=cart)
    assert fingerprint() == before
    with pytest.raises(CartNotHeld) as refusal:
        extend_cart(cart=cart)
    assert refusal.value.facts == {"state": "released"}
    assert Event.objects.filter(kind="stock.cart_released").count() == 1


def test_whoever_waits_for_the_item_hears_of_a_release(store, lantern, web, monkeypatch):
    heard = []
    monkeypatch.setattr("stores.stock.actions.reservations.tell_atp_rose", lambda *pair: heard.append(pair))
    release_cart(cart=fill_cart(web, (store, lantern, 2)))
    assert heard == [(store.pk, lantern.pk)]


def test_no_claim_of_a_cart_is_without_an_end(store, lantern, web):
    cart = fill_cart(web, (store, lantern, 2))
    with pytest.raises(IntegrityError, match="reservation_of_a_cart_expires"), transaction.atomic():
        cart.reservations.update(expires_at=None)


@pytest.mark.breaks_the_record
def test_the_audit_finds_a_cart_that_is_held_too_long(store, lantern, mug, web):
    cart = fill_cart(web, (store, lantern, 2), (store, mug, 1))
    cart.reservations.filter(item=lantern).update(expires_at=F("expires_at") + timedelta(hours=2))
    assert {defect.invariant for defect in find_defects()} == {
        "what is held for a cart runs out, and not later than the cart may be held in all",
        "everything held for a cart runs out at one moment",
    }
