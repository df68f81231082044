"""An item's life: nobody vouches for what is not complete, and nothing is promised before it is on sale."""

import time
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from stores.catalog import hooks
from stores.catalog.actions.add_category import add_category
from stores.catalog.actions.add_item import add_item
from stores.catalog.actions.add_style import add_style, add_variants
from stores.catalog.actions.bulk import (
    BulkResult,
    bulk_activate,
    bulk_approve,
    bulk_retire,
    bulk_set_abc_class,
    bulk_set_category,
)
from stores.catalog.actions.edit_item import edit_item
from stores.catalog.actions.lifecycle import activate_item, approve_item, retire_item
from stores.catalog.errors import (
    FieldInvalid,
    GroupMalformed,
    GroupTaken,
    ItemIncomplete,
    NotADraft,
    SkuTaken,
    TooManyItems,
    VariantTaken,
)
from stores.catalog.models import Category, FieldChange, Item, Style
from stores.journal.models import Event
from stores.staff.models import Associate
from stores.stock.models import PromiseMark
from stores.transitions import WrongState
from tests.factories import make_associate, make_item, make_store

pytestmark = pytest.mark.django_db


@pytest.fixture
def priya() -> Associate:
    return make_associate(make_store(), name="Priya Raman")


@pytest.fixture
def garden() -> Category:
    return add_category(name="Garden")


def draft(sku: str = "P1", *, price: str = "6.95", category: Category | None = None, **fields: object) -> Item:
    return add_item(sku=sku, name=f"Planter {sku}", price=Decimal(price), category=category, **fields)  # type: ignore[arg-type]  # Whatever the example is about.


def state_of(item: Item) -> str:
    return Item.objects.values_list("state", flat=True).get(pk=item.pk)


class TestOneItem:
    def test_a_life(self, priya: Associate, garden: Category) -> None:
        item = draft(category=garden)
        assert (item.state, item.is_sellable) == ("draft", False)
        approve_item(item=item, associate=priya)
        activate_item(item=item, associate=priya, reason="Spring range")
        assert Item.objects.get(pk=item.pk).is_sellable
        retire_item(item=item, associate=priya, reason="Sold out for good")
        approve_item(item=item, associate=priya)
        assert state_of(item) == "approved"
        told = FieldChange.objects.filter(item=item, field="state").order_by("pk")
        assert [(one.was, one.became, one.associate_id, one.reason) for one in told] == [
            ("draft", "approved", priya.pk, "Approved"),
            ("approved", "active", priya.pk, "Spring range"),
            ("active", "retired", priya.pk, "Sold out for good"),
            ("retired", "approved", priya.pk, "Approved"),
        ]
        kinds = Event.objects.filter(item=item).order_by("pk").values_list("kind", flat=True)
        assert list(kinds) == [
            "catalog.item_added",
            "catalog.item_approved",
            "catalog.item_active",
            "catalog.item_retired",
            "catalog.item_approved",
        ]

    def test_what_is_missing_is_said_all_at_once(self, priya: Associate) -> None:
        item = draft(price="0", is_bundle=True)
        events = Event.objects.count()
        with pytest.raises(ItemIncomplete) as refused:
            approve_item(item=item, associate=priya)
        assert refused.value.detail == "Missing: price, category, components."
        assert (state_of(item), Event.objects.count()) == ("draft", events)

    def test_a_draft_is_not_put_on_sale_unseen(self, garden: Category) -> None:
        item = draft(category=garden)
        with pytest.raises(WrongState):
            activate_item(item=item)
        assert state_of(item) == "draft"

    def test_what_comes_back_may_find_its_place_taken(self, garden: Category) -> None:
        style = add_style(code="PLANTER", name="Planter")
        old = draft("P1", category=garden, style=style, color="Red")
        retire_item(item=old)
        draft("P2", category=garden, style=style, color="Red")
        with pytest.raises(VariantTaken) as refused:
            approve_item(item=old)
        assert refused.value.detail == (
            "Red is Planter P2 (P2). Two variants of a style differ in size, color or pack."
        )
        assert state_of(old) == "retired"


class TestDrafts:
    def test_a_draft_is_filled_in(self, priya: Associate, garden: Category) -> None:
        item = draft(price="0")
        changed = edit_item(item=item, texts={"price": "4,25", "category": "garden", "size": ""}, associate=priya)
        assert changed == ["price", "category"]
        fresh = Item.objects.get(pk=item.pk)
        assert (fresh.price, fresh.category) == (Decimal("4.25"), garden)
        event = Event.objects.get(kind="catalog.item_edited")
        assert (event.actor_id, event.data) == (priya.pk, {"fields": ["price", "category"]})

    def test_saying_the_same_again_writes_nothing(self, priya: Associate) -> None:
        item = draft()
        assert edit_item(item=item, texts={"price": "6.950", "name": "Planter  P1"}, associate=priya) == []
        assert not Event.objects.filter(kind="catalog.item_edited").exists()

    def test_nothing_is_changed_when_one_text_is_wrong(self, priya: Associate) -> None:
        item = draft()
        with pytest.raises(FieldInvalid):
            edit_item(item=item, texts={"name": "Other", "weight_g": "heavy"}, associate=priya)
        assert Item.objects.get(pk=item.pk).name == "Planter P1"

    def test_what_is_approved_is_no_draft(self, priya: Associate, garden: Category) -> None:
        item = draft(category=garden)
        approve_item(item=item)
        with pytest.raises(NotADraft):
            edit_item(item=item, texts={"name": "Other"}, associate=priya)
        assert Item.objects.get(pk=item.pk).name == "Planter P1"


class TestVariants:
    def test_two_variants_of_a_style_differ(self, priya: Associate) -> None:
        style = add_style(code="PLANTER", name="Planter")
        draft("P1", style=style, color="Red", size="L", pack_count=6)
        with pytest.raises(VariantTaken) as refused:
            draft("P2", style=style, color="Red", size="L", pack_count=6)
        assert refused.value.headline == "Planter has this variant already"
        assert refused.value.detail.startswith("Red · L · pack of 6 is Planter P1 (P1).")
        other = draft("P3", style=style, color="Red", size="L")
        with pytest.raises(VariantTaken):
            edit_item(item=other, texts={"pack_count": "6"}, associate=priya)
        assert Item.objects.get(pk=other.pk).pack_count == 1

    def test_colors_times_sizes_without_those_that_are_there(self, priya: Associate, garden: Category) -> None:
        style = add_style(code="PLANTER", name="Planter")
        draft("P1", style=style, color="Red", size="L")
        added = add_variants(
            style=style,
            colors=["Red", "Blue", "Red"],
            sizes=["S", "L"],
            price=Decimal(5),
            category=garden,
            associate=priya,
        )
        assert [(item.sku, item.name, item.state) for item in added] == [
            ("PLANTER-RED-S", "Planter, Red, S", "draft"),
            ("PLANTER-BLUE-S", "Planter, Blue, S", "draft"),
            ("PLANTER-BLUE-L", "Planter, Blue, L", "draft"),
        ]
        again = add_variants(style=style, colors=["Red", "Blue"], sizes=["S", "L"], price=Decimal(5))
        assert again == []
        assert style.items.count() == 4

    def test_none_is_added_when_one_cannot_be(self) -> None:
        style = add_style(code="PLANTER", name="Planter")
        draft("PLANTER-BLUE")
        with pytest.raises(SkuTaken):
            add_variants(style=style, colors=["Red", "Blue"], sizes=[], price=Decimal(5))
        with pytest.raises(GroupMalformed):
            add_variants(style=style, colors=[f"C{n}" for n in range(61)], sizes=[], price=Decimal(5))

    @pytest.mark.parametrize(("code", "name"), [("", "Planter"), ("C" * 41, "Planter"), ("P", ""), ("P", "N" * 121)])
    def test_a_malformed_style_is_refused(self, code: str, name: str) -> None:
        with pytest.raises(GroupMalformed):
            add_style(code=code, name=name)
        assert not Style.objects.exists()

    def test_a_code_means_one_group(self, garden: Category) -> None:
        with pytest.raises(GroupTaken) as refused:
            add_category(code=" garden", name="Gardening")
        assert refused.value.headline == "GARDEN is there already"
        add_style(code="planter", name="Planter")
        with pytest.raises(GroupTaken):
            add_style(code="PLANTER ", name="Pots")


class TestManyAtOnce:
    def test_the_complete_ones_are_approved(self, priya: Associate, garden: Category) -> None:
        good = [draft(f"G{n}", category=garden) for n in range(3)]
        cheap, bare = draft("B1", price="0", category=garden), draft("B2", price="0")
        sold = make_item()
        result = bulk_approve(items=Item.objects.all(), associate=priya, reason="Spring range")
        assert result == BulkResult(done=3, lacking={"price": 2, "category": 1}, incomplete=2, unfit=1)
        assert {state_of(item) for item in good} == {"approved"}
        assert {state_of(cheap), state_of(bare)} == {"draft"}
        assert state_of(sold) == "active"
        told = FieldChange.objects.filter(field="state", became="approved")
        assert {(one.item_id, one.associate_id, one.reason) for one in told} == {
            (item.pk, priya.pk, "Spring range") for item in good
        }
        event = Event.objects.get(kind="catalog.items_approved")
        assert (event.quantity, event.actor_id, event.data) == (3, priya.pk, {"reason": "Spring range"})

    def test_a_bundle_without_components_is_not_complete(self, garden: Category) -> None:
        item = draft(category=garden, is_bundle=True)
        result = bulk_approve(items=Item.objects.all(), reason="Spring range")
        assert (result.done, result.lacking, state_of(item)) == (0, {"components": 1}, "draft")
        assert not Event.objects.filter(kind="catalog.items_approved").exists()

    def test_what_is_approved_goes_on_sale_and_what_is_sold_is_retired(self, garden: Category) -> None:
        item, late = draft("P1", category=garden), draft("P2", category=garden)
        bulk_approve(items=Item.objects.filter(pk=item.pk), reason="r")
        assert bulk_activate(items=Item.objects.all(), reason="r") == BulkResult(done=1, unfit=1)
        assert (state_of(item), state_of(late)) == ("active", "draft")
        assert bulk_retire(items=Item.objects.filter(pk=item.pk), reason="r") == BulkResult(done=1)
        assert bulk_retire(items=Item.objects.all(), reason="r") == BulkResult(done=1, unfit=1)

    def test_followers_hear_of_all_of_them_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        lantern, holder = make_item(), make_item()
        heard: list[list[tuple[int, str]]] = []
        monkeypatch.setattr(
            hooks, "_state_changed", [lambda items: heard.append([(one.pk, one.state) for one in items])]
        )
        bulk_retire(items=Item.objects.all(), reason="Gone")
        assert heard == [[(lantern.pk, "retired"), (holder.pk, "retired")]]

    def test_followers_of_stock_find_a_mark_on_each(self) -> None:
        lantern, holder, lamp = make_item(), make_item(), make_item()
        bulk_retire(items=Item.objects.exclude(pk=lamp.pk), reason="Gone")
        assert set(PromiseMark.objects.values_list("item_id", flat=True)) == {lantern.pk, holder.pk}

    def test_a_category_is_given_to_drafts_alone(self, priya: Associate, garden: Category) -> None:
        bare, same, sold = draft("P1"), draft("P2", category=garden), make_item()
        result = bulk_set_category(items=Item.objects.all(), category=garden, associate=priya, reason="Sorted")
        assert result == BulkResult(done=1, unfit=1, same=1)
        assert Item.objects.get(pk=bare.pk).category == garden
        assert Item.objects.get(pk=sold.pk).category != garden
        assert FieldChange.objects.get().became == "GARDEN"
        assert not FieldChange.objects.filter(item=same).exists()

    def test_an_abc_class_is_given_and_taken(self) -> None:
        item = draft()
        assert bulk_set_abc_class(items=Item.objects.all(), abc_class="A", reason="r").done == 1
        assert bulk_set_abc_class(items=Item.objects.all(), abc_class="", reason="r").done == 1
        assert Item.objects.get(pk=item.pk).abc_class == ""

    def test_there_is_a_limit(self, monkeypatch: pytest.MonkeyPatch, garden: Category) -> None:
        monkeypatch.setattr("stores.catalog.actions.bulk.ITEMS_MAX", 2)
        for number in range(3):
            draft(f"P{number}", category=garden)
        with pytest.raises(TooManyItems):
            bulk_approve(items=Item.objects.all(), reason="r")
        assert set(Item.objects.values_list("state", flat=True)) == {"draft"}

    def test_thousands_take_as_many_statements_as_a_few(self, garden: Category) -> None:
        Item.objects.bulk_create(
            Item(sku=f"M{number}", name=f"Item {number}", price=Decimal(1), category=garden) for number in range(2300)
        )
        started = time.thread_time()
        with CaptureQueriesContext(connection) as queries:
            result = bulk_approve(items=Item.objects.all(), reason="Import of the spring range")
        took = time.thread_time() - started
        assert (result.done, FieldChange.objects.count()) == (2300, 2300)
        assert len(queries) == 7
        assert took < 5, f"{took:.1f} s"


@pytest.mark.parametrize(
    ("change", "words"), [({"name": "Other"}, "only with a reason"), ({"state": "active"}, "draft")]
)
def test_the_database_holds_it_too(garden: Category, change: dict[str, str], words: str) -> None:
    """No change without a reason, no step that is not declared."""
    item = draft(category=garden)
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(**change)
    assert (state_of(item), FieldChange.objects.count()) == ("draft", 0)
