"""What may be given in an item's place: said, refused, asked for, and carried over when duplicates become one."""

import pytest
from django.db import IntegrityError, transaction

from stores.catalog.actions.lifecycle import approve_item, retire_item
from stores.catalog.actions.merge_items import merge_items
from stores.catalog.actions.set_components import set_components
from stores.catalog.actions.set_substitutes import (
    SUBSTITUTES_MAX,
    add_substitute,
    raise_substitute,
    remove_substitute,
    set_substitutes,
)
from stores.catalog.models import FieldChange, Item, Substitute
from stores.catalog.queries.substitutes import (
    named_substitutes,
    stands_in_for,
    substitutes_of,
    substitutes_of_many,
)
from stores.catalog.substitute_errors import (
    BundleHasNoSubstitutes,
    HasSubstitutes,
    SubstituteIsBundle,
    SubstituteMissing,
    SubstituteOfItself,
    SubstituteRetired,
    SubstituteTwice,
    TooManySubstitutes,
)
from stores.journal.models import Event
from tests.factories import change_items, make_associate, make_bundle, make_item, make_store

pytestmark = pytest.mark.django_db


@pytest.fixture
def lamp():
    return make_item("Lamp", sku="LAMP")


@pytest.fixture
def tall():
    return make_item("Tall lamp", sku="TALL")


@pytest.fixture
def short():
    return make_item("Short lamp", sku="SHORT")


def skus(items):
    return [item.sku for item in items]


def said(item):
    """(SKU, rank) of every row, and nothing else, in the item's list."""
    return list(Substitute.objects.filter(item=item).order_by("rank").values_list("substitute__sku", "rank"))


class TestSaying:
    def test_the_list_is_kept_in_its_order_one_way(self, lamp, tall, short):
        assert set_substitutes(item=lamp, substitutes=[tall, short]) is True
        assert said(lamp) == [("TALL", 1), ("SHORT", 2)]
        assert (skus(substitutes_of(lamp.pk)), substitutes_of(tall.pk)) == (["TALL", "SHORT"], [])
        assert (stands_in_for(tall, 5), stands_in_for(lamp, 5)) == ([lamp], [])
        set_substitutes(item=lamp, substitutes=[short])
        assert said(lamp) == [("SHORT", 1)]

    def test_history_and_journal_tell_what_was_and_what_became(self, lamp, tall, short):
        rosa = make_associate(make_store())
        set_substitutes(item=lamp, substitutes=[tall, short], associate=rosa)
        set_substitutes(item=lamp, substitutes=[], associate=rosa, reason=" Too  tall ")
        assert list(FieldChange.objects.values_list("item", "field", "was", "became", "associate", "reason")) == [
            (lamp.pk, "substitutes", None, "TALL · SHORT", rosa.pk, "Substitutes chosen"),
            (lamp.pk, "substitutes", "TALL · SHORT", None, rosa.pk, "Too tall"),
        ]
        first, second = Event.objects.filter(kind="catalog.substitutes_set").order_by("pk")
        assert (first.item_id, first.actor_id) == (lamp.pk, rosa.pk)
        assert first.data == {
            "was": "", "became": "TALL · SHORT", "system": "storehand", "reason": "Substitutes chosen",
        }  # fmt: skip
        assert (second.data["was"], second.data["became"]) == ("TALL · SHORT", "")

    def test_the_same_again_is_no_news(self, lamp, tall):
        set_substitutes(item=lamp, substitutes=[tall])
        assert set_substitutes(item=lamp, substitutes=[tall]) is False
        assert (FieldChange.objects.count(), Event.objects.filter(kind="catalog.substitutes_set").count()) == (1, 1)

    def test_one_by_one(self, lamp, tall, short):
        flat = make_item("Flat lamp", sku="FLAT")
        for one in (tall, short, flat):
            add_substitute(item=lamp, substitute=one)
        raise_substitute(item=lamp, substitute=flat)
        assert said(lamp) == [("TALL", 1), ("FLAT", 2), ("SHORT", 3)]
        raise_substitute(item=lamp, substitute=tall)
        assert said(lamp) == [("TALL", 1), ("FLAT", 2), ("SHORT", 3)]
        remove_substitute(item=lamp, substitute=tall)
        assert said(lamp) == [("FLAT", 1), ("SHORT", 2)]
        for change in (raise_substitute, remove_substitute):
            with pytest.raises(SubstituteMissing):
                change(item=lamp, substitute=tall)
        with pytest.raises(SubstituteTwice):
            add_substitute(item=lamp, substitute=flat)
        assert said(lamp) == [("FLAT", 1), ("SHORT", 2)]

    @pytest.mark.parametrize("state", Item.State.values)
    def test_a_lead_says_it_at_once_whatever_the_items_state(self, lamp, tall, state):
        item = Item.objects.create(sku="NEW", name="New lamp", price=1, state=state)
        set_substitutes(item=item, substitutes=[tall])
        assert skus(substitutes_of(item.pk)) == ["TALL"]

    def test_what_is_refused_changes_nothing(self, lamp, tall, short):
        set_substitutes(item=lamp, substitutes=[tall])
        bundle = make_bundle((tall, 2), name="Pair")
        gone = make_item("Gone")
        change_items(Item.objects.filter(pk=gone.pk), state="retired")
        before = (FieldChange.objects.count(), Event.objects.count())
        for item, wanted, refusal in (
            (lamp, [lamp], SubstituteOfItself),
            (lamp, [short, bundle], SubstituteIsBundle),
            (lamp, [short, gone], SubstituteRetired),
            (lamp, [short, short], SubstituteTwice),
            (bundle, [short], BundleHasNoSubstitutes),
        ):
            with pytest.raises(refusal):
                set_substitutes(item=item, substitutes=wanted)
        assert said(lamp) == [("TALL", 1)]
        assert (FieldChange.objects.count(), Event.objects.count()) == before

    def test_ten_are_the_most(self, lamp, tall):
        others = [make_item() for _number in range(SUBSTITUTES_MAX)]
        with pytest.raises(TooManySubstitutes) as refused:
            set_substitutes(item=lamp, substitutes=[*others, tall])
        assert refused.value.detail == "An item has up to 10. Take one out first."
        assert said(lamp) == []
        set_substitutes(item=lamp, substitutes=others)
        with pytest.raises(TooManySubstitutes):
            add_substitute(item=lamp, substitute=tall)
        assert len(said(lamp)) == 10


class TestAsking:
    def test_only_what_is_on_sale_is_offered(self, lamp, tall, short):
        draft = Item.objects.create(sku="NEW", name="New lamp", price=1)
        set_substitutes(item=lamp, substitutes=[draft, tall, short])
        retire_item(item=tall)
        assert skus(substitutes_of(lamp.pk)) == ["SHORT"]
        assert skus(named_substitutes(lamp)) == ["NEW", "TALL", "SHORT"]

    def test_many_at_once_cost_one_query(self, lamp, tall, short, django_assert_num_queries):
        set_substitutes(item=lamp, substitutes=[tall, short])
        set_substitutes(item=tall, substitutes=[short])
        with django_assert_num_queries(1):
            found = substitutes_of_many([lamp.pk, tall.pk, short.pk])
        assert {pk: skus(items) for pk, items in found.items()} == {
            lamp.pk: ["TALL", "SHORT"], tall.pk: ["SHORT"], short.pk: [],
        }  # fmt: skip
        with django_assert_num_queries(0):
            assert substitutes_of_many([]) == {}


class TestLives:
    def test_what_is_retired_stays_named_and_comes_back(self, lamp, tall, short):
        set_substitutes(item=lamp, substitutes=[tall, short])
        retire_item(item=tall)
        assert skus(substitutes_of(lamp.pk)) == ["SHORT"]
        # It was looked at when it was named: the rest of the list can be changed around it.
        raise_substitute(item=lamp, substitute=short)
        assert skus(named_substitutes(lamp)) == ["SHORT", "TALL"]
        approve_item(item=tall)
        change_items(Item.objects.filter(pk=tall.pk), state="active")
        assert skus(substitutes_of(lamp.pk)) == ["SHORT", "TALL"]
        retire_item(item=lamp)
        assert stands_in_for(tall, 5) == []
        # Something of it may be promised still.
        assert skus(substitutes_of(lamp.pk)) == ["SHORT", "TALL"]

    @pytest.mark.parametrize("which", ["item", "substitute"])
    def test_neither_becomes_a_bundle(self, lamp, tall, which):
        draft = Item.objects.create(sku="NEW", name="New lamp", price=1)
        pair = (draft, lamp) if which == "item" else (lamp, draft)
        set_substitutes(item=pair[0], substitutes=[pair[1]])
        with pytest.raises(HasSubstitutes) as refused, transaction.atomic():
            set_components(bundle=draft, components=[(tall, 2)])
        assert refused.value.facts["others"] == "LAMP"
        draft.refresh_from_db()
        assert (draft.is_bundle, draft.components.count()) == (False, 0)
        set_substitutes(item=pair[0], substitutes=[])
        set_components(bundle=draft, components=[(tall, 2)])
        assert draft.is_bundle

    def test_the_database_holds_it_whoever_writes(self, lamp, tall):
        bundle = make_bundle((tall, 2))
        for item, substitute in ((lamp, bundle), (bundle, lamp), (lamp, lamp)):
            with pytest.raises(IntegrityError), transaction.atomic():
                Substitute.objects.create(item=item, substitute=substitute)


class TestMerging:
    def test_what_the_other_had_comes_behind(self, lamp, tall, short):
        same, flat = make_item("Lamp.", sku="LAMP-2"), make_item("Flat lamp", sku="FLAT")
        set_substitutes(item=lamp, substitutes=[short])
        set_substitutes(item=same, substitutes=[flat, lamp, short, tall])
        merge_items(kept=lamp, other=same)
        assert said(lamp) == [("SHORT", 1), ("FLAT", 2), ("TALL", 3)]
        assert said(same) == []
        assert FieldChange.objects.filter(item=lamp, field="substitutes").latest("pk").reason == (
            "The same thing as LAMP"
        )

    def test_where_the_other_was_named_the_kept_one_is(self, lamp, tall, short):
        same = make_item("Lamp.", sku="LAMP-2")
        set_substitutes(item=tall, substitutes=[same, short])
        set_substitutes(item=short, substitutes=[tall, same, lamp])
        set_substitutes(item=lamp, substitutes=[same])
        merge_items(kept=lamp, other=same)
        assert said(tall) == [("LAMP", 1), ("SHORT", 2)]
        assert said(short) == [("TALL", 1), ("LAMP", 2)]
        assert said(lamp) == []
        assert not Substitute.objects.filter(substitute=same).exists()

    def test_no_more_than_an_item_has_and_none_that_is_retired(self, lamp, tall):
        same = make_item("Lamp.", sku="LAMP-2")
        ours, theirs = [make_item() for _ in range(8)], [make_item() for _ in range(4)]
        set_substitutes(item=lamp, substitutes=ours)
        set_substitutes(item=same, substitutes=[tall, *theirs])
        retire_item(item=tall)
        merge_items(kept=lamp, other=same)
        assert skus(named_substitutes(lamp)) == skus([*ours, *theirs[:2]])
