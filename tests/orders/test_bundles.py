"""A bundle is ordered whole and fulfilled in parts."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from picking.models import PickList, PickPlan
from picking.queries.walk import load_walk
from stores.catalog.actions.lifecycle import activate_item, approve_item, retire_item
from stores.catalog.actions.set_components import set_components
from stores.catalog.models import Item
from stores.journal.models import Event
from stores.orders.actions.place_order import LineRequest
from stores.orders.actions.retry_backorders import retry_backorders
from stores.orders.bundle_prices import Part, split_price
from stores.orders.errors import NotForSale, OrderExists
from stores.orders.models import CENT, Fulfillment, Order, OrderBundle, OrderLine
from stores.stock.models import Reservation
from stores.stock.queries.promisable import promisable
from stores.sync.queries.order_status import order_status
from tests.factories import (
    atp,
    change_items,
    fulfillment_of,
    make_associate,
    make_bundle,
    make_item,
    make_store,
    order_for,
    stock_up,
)
from tests.picking.conftest import Picker
from tests.pickup.conftest import Pickup

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(db):
    return make_store()


@pytest.fixture
def pot(store):
    item = make_item("Teapot", sku="POT")
    stock_up(store, item, 5, "A-01-1")
    return item


@pytest.fixture
def cup(store):
    item = make_item("Cup", sku="CUP")
    stock_up(store, item, 20, "A-02-1")
    return item


@pytest.fixture
def tea(pot, cup):
    return make_bundle((pot, 1), (cup, 4), name="Tea set", sku="TEA", price="10.00")


def lines_of(order):
    rows = order.lines.order_by("pk").values_list("item__sku", "quantity", "allocated", "bundle__item__sku")
    return list(rows)


def test_ordering_a_bundle_reserves_its_components(store, pot, cup, tea):
    order = order_for(store, (tea, 2))
    assert order.state == Order.State.ALLOCATED
    assert lines_of(order) == [("POT", 2, 2, "TEA"), ("CUP", 8, 8, "TEA")]
    assert (atp(store, pot), atp(store, cup)) == (3, 12)
    assert promisable([(store.pk, tea.pk)]) == {(store.pk, tea.pk): 3}
    bundle = OrderBundle.objects.get()
    assert (bundle.item, bundle.quantity, bundle.price) == (tea, 2, Decimal("10.00"))
    assert Event.objects.get(kind="orders.placed").quantity == 2


def test_bundles_that_share_a_component_and_the_item_beside_them_stand_apart(store, pot, cup, tea):
    pair = make_bundle((cup, 2), sku="PAIR", price="5.00")
    order = order_for(store, (pair, 1), (cup, 3), (tea, 1), (pair, 1))
    assert lines_of(order) == [
        ("CUP", 2, 2, "PAIR"),
        ("CUP", 3, 3, None),
        ("POT", 1, 1, "TEA"),
        ("CUP", 4, 4, "TEA"),
        ("CUP", 2, 2, "PAIR"),
    ]
    assert atp(store, cup) == 20 - 11
    locked = Reservation.objects.order_by("pk").values_list("item_id", flat=True)
    assert list(locked) == sorted(locked)


def test_all_of_it_is_promised_or_nothing(store, pot, cup, tea):
    order = order_for(store, (tea, 5), (cup, 1))
    assert order.state == Order.State.BACKORDERED
    assert (atp(store, pot), atp(store, cup)) == (5, 20)
    stock_up(store, cup, 1)
    assert retry_backorders(item_id=cup.pk) == 1
    assert (atp(store, pot), atp(store, cup)) == (0, 0)


def test_what_is_in_it_stays_as_it_was_ordered(store, pot, cup, tea):
    order = order_for(store, (tea, 6))
    assert order.state == Order.State.BACKORDERED
    retire_item(item=tea)
    set_components(bundle=tea, components=[(pot, 1)], reason="Cups are sold by themselves now")
    approve_item(item=tea)
    activate_item(item=tea)
    stock_up(store, pot, 1)
    stock_up(store, cup, 4)
    assert retry_backorders() == 1
    assert lines_of(order) == [("POT", 6, 6, "TEA"), ("CUP", 24, 24, "TEA")]


def test_what_was_ordered_before_it_was_retired_waits_visibly(store, pot, cup, tea):
    order = order_for(store, (tea, 6))
    retire_item(item=pot)
    stock_up(store, pot, 1)
    stock_up(store, cup, 4)
    assert retry_backorders() == 0
    order.refresh_from_db()
    assert order.state == Order.State.BACKORDERED
    assert atp(store, cup) == 24
    approve_item(item=pot)
    activate_item(item=pot)
    assert retry_backorders() == 1


def test_only_what_is_for_sale_can_be_ordered(store, pot, cup, tea):
    change_items(Item.objects.filter(pk=cup.pk), state="retired")
    for wanted in (cup, tea):
        wanted.refresh_from_db()
        with pytest.raises(NotForSale) as refused:
            order_for(store, (wanted, 1), (pot, 1))
        assert refused.value.facts["items"] == [cup]
    change_items(Item.objects.filter(pk=tea.pk), state="retired")
    tea.refresh_from_db()
    with pytest.raises(NotForSale) as refused:
        order_for(store, (tea, 1))
    assert refused.value.headline == "Not for sale: CUP, TEA"
    assert not Order.objects.exists()
    assert not Reservation.objects.exists()


def test_an_order_that_is_here_is_told_so_whatever_became_of_its_items(store, tea):
    order_for(store, (tea, 1), external_id="1")
    retire_item(item=tea)
    with pytest.raises(OrderExists):
        order_for(store, (tea, 1), external_id="1")


def test_a_line_cannot_be_of_another_orders_bundle(store, pot, tea):
    order_for(store, (tea, 1))
    other = order_for(store, (pot, 1))
    bundle = OrderBundle.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS orderline_bundle_of_its_order IMMEDIATE")
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.filter(order=other).update(bundle=bundle, per_bundle=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLine.objects.filter(order=other).update(per_bundle=1)


def test_a_component_that_cannot_be_found_waits_while_the_rest_goes_on(store, pot, cup, tea):
    PickPlan.objects.create(store=store, when_gone=PickPlan.WhenGone.WAIT)
    order = order_for(store, (tea, 2), (cup, 12))
    picker = Picker(store, make_associate(store), PickList.objects.get().pk)
    picker.claim()
    picker.scan("TOTE-0001", "A-01-1", *[pot.barcodes.get().gtin] * 2, "A-02-1", *[cup.barcodes.get().gtin] * 5)
    assert picker.short(3) == 0
    picker.scan(*[cup.barcodes.get().gtin] * 12)
    picker.finish()
    order.refresh_from_db()
    assert order.state == Order.State.BACKORDERED
    assert lines_of(order) == [("POT", 2, 2, "TEA"), ("CUP", 8, 5, "TEA"), ("CUP", 12, 12, None)]
    # One whole set, and a teapot with one cup of the other.
    assert [(one["quantity"], one["allocated"]) for one in order_status(order)["bundles"]] == [(2, 1)]
    assert Fulfillment.objects.get().state == "picked"
    stock_up(store, cup, 3)
    assert retry_backorders(item_id=cup.pk) == 1
    assert [one["allocated"] for one in order_status(order)["bundles"]] == [2]
    assert Fulfillment.objects.count() == 2


def test_a_bundle_goes_through_the_house_like_anything_else(store):
    lantern, hanger = make_item("Lantern"), make_item("Hanger")
    stock_up(store, lantern, 5, "A-01-1")
    stock_up(store, hanger, 5, "A-03-2")
    light = make_bundle((hanger, 1), (lantern, 2), name="Hanging light")
    order = order_for(store, (light, 1))
    pickup = Pickup(store, make_associate(store), lantern, hanger, order)
    walk = load_walk(store=store, pk=PickList.objects.get().pk)
    assert [line.part_of for line in walk.lines] == ["Hanging light", "Hanging light"]
    assert pickup.client().get(f"/pick/{walk.pk}/").text.count("part of Hanging light") == 2
    pickup.prepare_to_give()
    assert Client().get(pickup.page).status_code == 200
    pickup.hand_over()
    order.refresh_from_db()
    assert order.state == Order.State.COMPLETED
    assert set(Reservation.objects.values_list("state", flat=True)) == {"consumed"}
    assert (atp(store, lantern), atp(store, hanger)) == (3, 4)
    assert promisable([(store.pk, light.pk)]) == {(store.pk, light.pk): 1}


def test_the_status_shows_bundles_and_their_parts(store, pot, cup, tea, django_assert_num_queries):
    order = order_for(store, (tea, 3), (pot, 1))
    with django_assert_num_queries(4):
        status = order_status(order)
    (bundle,) = status["bundles"]
    assert bundle == {
        "id": OrderBundle.objects.get().pk,
        "line": "",
        "sku": "TEA",
        "quantity": 3,
        "allocated": 3,
        "cancelled": 0,
        "price": "10.00",
    }
    assert [(line["sku"], line["bundle"], line["price"], line["amount"]) for line in status["lines"]] == [
        ("POT", bundle["id"], "2.00", "6.00"),
        ("CUP", bundle["id"], "2.00", "24.00"),
        ("POT", None, "2.55", "2.55"),
    ]


def test_a_price_that_cannot_be_divided_leaves_cents_over(store, pot, cup):
    odd = make_bundle((cup, 3), price="10.00")
    order = order_for(store, (odd, 2))
    line = order.lines.get()
    assert (line.price, line.price_rest, line.amount) == (Decimal("3.33"), Decimal("0.02"), Decimal("20.00"))


def test_a_bundle_for_nothing_costs_nothing(store, tea):
    order = order_for(None, (tea, 1), lines=[LineRequest(item=tea, quantity=1, price=Decimal(0))], pickup_store=store)
    assert [line.amount for line in order.lines.all()] == [0, 0]
    assert fulfillment_of(order).store == store


MONEY = st.integers(0, 1_000_000).map(lambda cents: cents * CENT)


class TestPrices:
    @settings(max_examples=300, deadline=None, database=None)
    @given(
        price=MONEY,
        parts=st.lists(st.builds(Part, st.integers(1, 999), MONEY), min_size=1, max_size=20),
        quantity=st.integers(1, 9_999),
    )
    def test_the_shares_add_up_to_the_cent_and_follow_list_prices(self, price, parts, quantity):
        shares = split_price(price, parts, quantity)
        units = [part.per_bundle * quantity for part in parts]
        amounts = [share.price * count + share.rest for share, count in zip(shares, units, strict=True)]
        assert sum(amounts) == price * quantity
        for share, count in zip(shares, units, strict=True):
            assert share.price >= 0
            assert 0 <= share.rest < count * CENT
        whole = sum(part.list_price * part.per_bundle for part in parts)
        for part, amount in zip(parts, amounts, strict=True):
            if whole:
                exact = price * part.list_price * part.per_bundle / whole
                assert abs(amount / quantity - exact) < CENT

    def test_without_list_prices_units_count(self):
        shares = split_price(Decimal("1.00"), [Part(1, Decimal(0)), Part(3, Decimal(0))], 1)
        assert [(share.price, share.rest) for share in shares] == [(Decimal("0.25"), 0), (Decimal("0.25"), 0)]

    def test_the_cent_that_is_left_goes_to_the_largest_remainder_and_then_to_the_first(self):
        three = [Part(1, Decimal(5))] * 3
        assert [share.price for share in split_price(Decimal("0.04"), three, 1)] == [
            Decimal("0.02"),
            Decimal("0.01"),
            Decimal("0.01"),
        ]
