"""What can be promised of bundles, and goods that come back."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from stores.catalog.actions.lifecycle import retire_item
from stores.catalog.models import Item
from stores.journal.models import Event
from stores.models import Bin, BinKind
from stores.stock.actions.take_back import take_back, take_back_units
from stores.stock.models import Availability, Condition, Move
from stores.stock.queries.bundles import bundle_atp
from stores.stock.queries.promisable import promisable
from tests.factories import atp, bin_of, change_items, in_bin, make_bundle, make_item, make_store, stock_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(db):
    return make_store()


@pytest.fixture
def pot(db):
    return make_item("Teapot")


@pytest.fixture
def cup(db):
    return make_item("Cup")


@pytest.fixture
def tea(pot, cup):
    return make_bundle((pot, 1), (cup, 4), name="Tea set")


def promised(store, item):
    return promisable([(store.pk, item.pk)])[store.pk, item.pk]


def test_the_scarcest_component_decides_and_is_named(store, pot, cup, tea, django_assert_num_queries):
    stock_up(store, pot, 5)
    stock_up(store, cup, 11)
    with django_assert_num_queries(1):
        found = bundle_atp([(store.pk, tea.pk)])[store.pk, tea.pk]
    assert found.atp == 2
    assert [(part.name, part.per_bundle, part.atp, part.enough_for) for part in found.parts] == [
        ("Teapot", 1, 5, 5),
        ("Cup", 4, 11, 2),
    ]
    assert [part.name for part in found.limiting] == ["Cup"]
    assert promised(store, tea) == 2


def test_a_component_the_store_never_had_leaves_none(store, cup, tea):
    stock_up(store, cup, 40)
    found = bundle_atp([(store.pk, tea.pk)])[store.pk, tea.pk]
    assert (found.atp, [part.name for part in found.limiting]) == (0, ["Teapot"])
    assert promised(store, tea) == 0


def test_nothing_is_promised_of_what_is_not_active(store, pot, cup, tea):
    stock_up(store, pot, 5)
    stock_up(store, cup, 20)
    retire_item(item=tea)
    found = bundle_atp([(store.pk, tea.pk)])[store.pk, tea.pk]
    assert (found.atp, found.enough, found.is_sellable) == (0, 5, False)
    assert promised(store, tea) == 0
    assert promised(store, pot) == 5
    change_items(Item.objects.filter(pk=tea.pk), state="approved")
    change_items(Item.objects.filter(pk=tea.pk), state="active")
    retire_item(item=pot)
    found = bundle_atp([(store.pk, tea.pk)])[store.pk, tea.pk]
    assert (found.atp, [part.name for part in found.limiting]) == (0, ["Teapot"])
    assert (promised(store, tea), promised(store, pot)) == (0, 0)


def test_plain_items_and_bundles_of_many_stores_take_one_query(store, pot, cup, tea, django_assert_num_queries):
    other = make_store()
    stock_up(store, pot, 5)
    stock_up(store, cup, 9)
    stock_up(other, pot, 1)
    stock_up(other, cup, 4)
    pairs = [(place.pk, item.pk) for place in (store, other) for item in (pot, cup, tea)]
    nobody = (store.pk, 10**9)
    with django_assert_num_queries(1):
        found = promisable([*pairs, *pairs, nobody])
    assert found == dict(zip(pairs, [5, 9, 2, 1, 4, 1], strict=True)) | {nobody: 0}
    assert promisable([]) == {}
    assert bundle_atp([]) == {}


def test_what_a_channel_never_sees_is_taken_off_each_component(store, pot, cup, tea):
    stock_up(store, pot, 5)
    stock_up(store, cup, 9)
    pairs = [(store.pk, item.pk) for item in (pot, cup, tea)]
    assert list(promisable(pairs, kept_back=2).values()) == [3, 7, 1]
    assert list(promisable(pairs, kept_back=6).values()) == [0, 3, 0]


def test_a_bundle_has_no_stock_of_its_own(store, tea):
    with pytest.raises(IntegrityError), transaction.atomic():
        Availability.objects.create(store=store, item=tea)
    with pytest.raises(IntegrityError), transaction.atomic():
        stock_up(store, tea, 1)


class AnyStock(TestCase):
    @settings(max_examples=40, deadline=None, database=None)
    @given(
        stock=st.lists(st.integers(0, 30), min_size=4, max_size=4),
        inside=st.dictionaries(st.integers(0, 3), st.integers(1, 5), min_size=1),
        retired=st.sets(st.integers(0, 3), max_size=1),
        kept_back=st.integers(0, 3),
    )
    def test_as_many_bundles_are_promised_as_could_be_put_together(self, stock, inside, retired, kept_back):
        store = make_store()
        items = [make_item() for _units in stock]
        for item, units in zip(items, stock, strict=True):
            if units:
                stock_up(store, item, units)
        bundle = make_bundle(*((items[place], per) for place, per in inside.items()))
        change_items(Item.objects.filter(pk__in=[items[place].pk for place in retired]), state="retired")
        left, made = [max(units - kept_back, 0) for units in stock], 0
        while not retired & set(inside) and all(left[place] >= per for place, per in inside.items()):
            made += 1
            for place, per in inside.items():
                left[place] -= per
        pair = (store.pk, bundle.pk)
        assert promisable([pair], kept_back=kept_back)[pair] == made
        if not kept_back:
            assert bundle_atp([pair])[pair].atp == made


class TestTakingBack:
    @pytest.fixture
    def sold(self, store, pot, cup):
        """A store that has two sets more."""
        for item, units in ((pot, 2), (cup, 8)):
            stock_up(store, item, units)
        return store

    def test_a_bundle_comes_back_as_its_components(self, sold, pot, cup, tea):
        place = bin_of(sold, "A-02-1")
        moves = take_back(key="r1", bin=place, item=tea, quantity=2, condition=Condition.SELLABLE, reference="return:1")
        assert (in_bin(sold, "A-02-1", pot), in_bin(sold, "A-02-1", cup)) == (2, 8)
        assert (atp(sold, pot), atp(sold, cup)) == (4, 16)
        posted = Move.objects.filter(pk__in=moves).order_by("pk")
        customer = Bin.objects.get(store=sold, kind=BinKind.CUSTOMER)
        assert [(one.item_id, one.quantity, one.source_bin_id, one.reason, one.reference) for one in posted] == [
            (pot.pk, 2, customer.pk, "returned", "return:1"),
            (cup.pk, 8, customer.pk, "returned", "return:1"),
        ]
        events = Event.objects.filter(kind="stock.returned").order_by("pk")
        assert [(one.item_id, one.quantity, one.data["sold_as"]) for one in events] == [
            (pot.pk, 2, tea.sku),
            (cup.pk, 8, tea.sku),
        ]
        assert not Availability.objects.filter(item=tea).exists()

    def test_a_plain_item_comes_back_damaged_and_is_not_promised(self, sold, pot):
        place = bin_of(sold, "A-02-1")
        take_back(key="r1", bin=place, item=pot, quantity=1, condition=Condition.DAMAGED, reference="return:2")
        assert in_bin(sold, "A-02-1", pot, Condition.DAMAGED) == 1
        assert atp(sold, pot) == 2

    def test_the_same_return_is_booked_once(self, sold, tea, pot):
        place = bin_of(sold, "A-02-1")
        for _time in range(2):
            try:
                with transaction.atomic():
                    take_back(key="r1", bin=place, item=tea, quantity=1, condition=Condition.SELLABLE, reference="r")
            except IntegrityError:
                pass
        assert in_bin(sold, "A-02-1", pot) == 1

    def test_what_was_sold_with_other_components_comes_back_as_those(self, sold, tea, cup):
        place = bin_of(sold, "A-02-1")
        take_back_units(
            key="r1", bin=place, units=[(cup, 3)], condition=Condition.QUARANTINED, reference="return:3", sold_as=tea
        )
        assert in_bin(sold, "A-02-1", cup, Condition.QUARANTINED) == 3
        assert Move.objects.filter(reason="returned").count() == 1
