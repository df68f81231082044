"""One thing entered twice: how it is found, made one item, or told apart."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from stores.catalog.actions.add_alias import add_alias
from stores.catalog.actions.add_barcode import add_barcode
from stores.catalog.actions.lifecycle import retire_item
from stores.catalog.actions.merge_items import merge_items, tell_apart
from stores.catalog.barcodes import read_code
from stores.catalog.duplicate_errors import (
    BundleAndItem,
    GivenUpAlready,
    InBundles,
    KeptRetired,
    SameItem,
    StillNeeded,
)
from stores.catalog.models import Alias, Barcode, FieldChange, ImportLine, Item, ItemImport, KnownDifferent
from stores.catalog.queries import find_item, items_by_codes
from stores.catalog.queries.duplicates import PER_PAGE, suspected_duplicates
from stores.journal.models import Event
from stores.refusals import Refusal
from stores.staff.models import Role
from tests.factories import (
    bin_of,
    change_items,
    make_associate,
    make_bundle,
    make_gtin,
    make_item,
    make_store,
    order_for,
    stock_up,
)
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


def found():
    return [(row.kinds, row.first.item.sku, row.second.item.sku) for row in suspected_duplicates().rows]


def plain(name, sku, **fields):
    return Item.objects.create(sku=sku, name=name, price=Decimal(1), state=Item.State.ACTIVE, **fields)


class TestFinding:
    def test_different_things_are_not_shown(self):
        make_item("Lantern")
        make_item("Hanger")
        assert found() == []

    def test_names_that_differ_in_case_space_and_signs(self):
        plain("Red T-light holder", "A1")
        plain("RED  t light holder.", "B7")
        assert found() == [(("name",), "A1", "B7")]

    @pytest.mark.parametrize("other", [{"size": "L"}, {"color": "Red"}, {"pack_count": 6}])
    def test_the_same_name_in_another_size_color_or_pack_is_another_thing(self, other):
        plain("Mug", "A1")
        plain("Mug", "B7", **other)
        assert found() == []

    def test_size_and_color_have_no_case(self):
        plain("Mug", "A1", size="L", color="Red")
        plain("Mug", "B7", size="l", color="red")
        assert found() == [(("name",), "A1", "B7")]

    def test_codes_that_differ_only_in_space_dash_or_case(self):
        plain("Lantern", "LAN-12")
        plain("Lamp", "LAN 12")
        plain("Light", "LAN12")
        assert found() == [(("code",), "LAN-12", "LAN 12"), (("code",), "LAN 12", "LAN12")]

    def test_what_a_shop_calls_one_is_the_code_of_another(self):
        lantern, lamp = plain("Lantern", "A1"), plain("Lamp", "B7")
        add_alias(source="shop", code="b-7", item=lantern)
        assert found() == [(("code",), "A1", "B7")]
        add_alias(source="erp", code="lamp 1", item=lamp)
        add_alias(source="shop", code="LAMP-1", item=lantern)
        row = suspected_duplicates().rows[0]
        assert (row.first.evidence, row.second.evidence) == (("B-7", "LAMP-1"), ("LAMP 1",))

    def test_a_code_that_is_the_barcode_of_another(self):
        lantern = plain("Lantern", "A1")
        add_barcode(item=lantern, gtin="9521234543213")
        plain("Lamp", "9521234543213")
        assert found() == [(("gtin",), "A1", "9521234543213")]

    def test_a_case_of_the_same_number_on_another_item(self):
        lantern, box = plain("Lantern", "A1"), plain("Lanterns, box", "B7")
        add_barcode(item=lantern, gtin="9521234543213")
        add_barcode(item=box, gtin="19521234543210", pack_quantity=12)
        assert found() == [(("gtin",), "A1", "B7")]

    def test_what_a_file_claimed_and_was_refused(self):
        lantern, _lamp = plain("Lantern", "A1"), plain("Lamp", "B7")
        add_barcode(item=lantern, gtin="9521234543213")
        import_ = ItemImport.objects.create(name="items.csv", system="erp")
        values = {"sku": "b7", "fields": {}, "gtins": {"09521234543213": 1}}
        ImportLine.objects.create(
            item_import=import_, number=1, file_position=1, file_line=2, values=values, folded="B7",
            outcome="refused", reason="duplicate_gtin",
        )  # fmt: skip
        assert found() == [(("gtin",), "A1", "B7")]

    def test_one_pair_is_one_row_and_same_numbers_come_first(self):
        plain("Mug", "MUG-1")
        plain("Mug", "MUG 1")
        cup, other = plain("Cup", "C1"), plain("Beaker", "C2")
        add_barcode(item=cup, gtin="9521234543213")
        add_barcode(item=other, gtin="19521234543210")
        assert found() == [(("gtin",), "C1", "C2"), (("code", "name"), "MUG-1", "MUG 1")]

    def test_retired_items_are_not_shown(self):
        plain("Mug", "A1")
        retire_item(item=plain("Mug", "B7"))
        assert found() == []

    def test_each_item_stands_beside_the_nearest_it_was_not_told_apart_from(self):
        first, second, third = (plain("Mug", sku) for sku in ("A1", "B7", "C3"))
        assert found() == [(("name",), "A1", "B7"), (("name",), "B7", "C3")]
        tell_apart(first=third, second=second)
        assert found() == [(("name",), "A1", "B7"), (("name",), "A1", "C3")]
        tell_apart(first=first, second=third)
        tell_apart(first=second, second=first)
        assert found() == []

    def test_pages_take_two_queries(self, django_assert_num_queries):
        for number in range(PER_PAGE + 3):
            plain(f"Mug {number}", f"A{number:03}X")
            plain(f"Mug {number}", f"A-{number:03}X")
        with django_assert_num_queries(2):
            first = suspected_duplicates()
        second = suspected_duplicates(2)
        assert (len(first.rows), first.total, first.pages, len(second.rows)) == (PER_PAGE, PER_PAGE + 3, 2, 3)
        shown = {row.first.item.pk for row in [*first.rows, *second.rows]}
        assert len(shown) == PER_PAGE + 3


class TestMerging:
    @pytest.fixture
    def kept(self):
        return make_item("Lantern", sku="A1")

    @pytest.fixture
    def other(self):
        return make_item("Lantern", sku="B7")

    def test_everything_that_meant_the_other_means_the_one_that_stays(self, kept, other):
        lead = make_associate(make_store())
        gtins = set(Barcode.objects.values_list("gtin", flat=True))
        add_alias(source="shop", code="LAN-1", item=other)
        merge_items(kept=kept, other=other, associate=lead)
        other.refresh_from_db()
        assert other.state == Item.State.RETIRED
        assert set(kept.barcodes.values_list("gtin", flat=True)) == gtins
        for code in [*gtins, "b7", "A1"]:
            assert find_item(read_code(code)).item == kept
        assert items_by_codes("shop", ["lan-1", "B7", "A1"]) == dict.fromkeys(["lan-1", "B7", "A1"], kept)
        assert items_by_codes("erp", ["B7"]) == {"B7": kept}
        assert FieldChange.objects.get(item=other, field="state").reason == "The same thing as A1"
        event = Event.objects.get(kind="catalog.items_merged")
        assert (event.item_id, event.actor_id, event.data["other"]) == (kept.pk, lead.pk, "B7")
        assert found() == []

    def test_an_order_in_the_old_name_gets_the_one_that_stays(self, kept, other):
        store = make_store()
        stock_up(store, kept, 3)
        merge_items(kept=kept, other=other)
        order = order_for(store, (items_by_codes("shop", ["B7"])["B7"], 2))
        assert order.lines.get().item == kept

    def test_what_a_shop_calls_by_that_name_stays_what_the_shop_means(self, kept, other):
        third = make_item("Lamp")
        add_alias(source="shop", code="B7", item=third)
        merge_items(kept=kept, other=other)
        assert items_by_codes("shop", ["B7"]) == {"B7": third}
        assert items_by_codes("erp", ["B7"]) == {"B7": kept}

    def test_an_item_that_was_brought_back_answers_to_its_own_name_again(self, kept, other):
        merge_items(kept=kept, other=other)
        change_items(Item.objects.filter(pk=other.pk), state="approved")
        assert items_by_codes("erp", ["B7"]) == {"B7": other}
        assert find_item(read_code("B7")).item == other

    def test_one_after_the_other(self, kept, other):
        last = make_item("Lantern", sku="C3")
        merge_items(kept=kept, other=other)
        merge_items(kept=last, other=kept)
        assert items_by_codes("shop", ["A1", "B7", "C3"]) == dict.fromkeys(["A1", "B7", "C3"], last)
        assert Barcode.objects.filter(item=last).count() == 3

    def test_refusals_change_nothing(self, kept, other):
        before = list(Barcode.objects.order_by("pk").values_list("item", flat=True))
        bundle = make_bundle((other, 1), name="Set")
        with pytest.raises(SameItem):
            merge_items(kept=kept, other=kept)
        with pytest.raises(BundleAndItem):
            merge_items(kept=kept, other=bundle)
        with pytest.raises(InBundles) as refused:
            merge_items(kept=kept, other=other)
        assert refused.value.facts["bundles"] == bundle.sku
        retire_item(item=bundle)
        retire_item(item=kept)
        with pytest.raises(KeptRetired):
            merge_items(kept=kept, other=other)
        with pytest.raises(GivenUpAlready):
            merge_items(kept=other, other=kept)
        assert list(Barcode.objects.order_by("pk").values_list("item", flat=True)) == before
        assert not Alias.objects.exists()

    def test_not_while_stores_have_some_of_it(self, kept, other):
        store = make_store()
        stock_up(store, other, 3)
        with pytest.raises(StillNeeded) as refused:
            merge_items(kept=kept, other=other)
        assert "3 units" in refused.value.detail
        assert "B7" in refused.value.detail
        other.refresh_from_db()
        assert other.state == Item.State.ACTIVE
        assert bin_of(store, "A-01-1").balances.get(item=other).quantity == 3

    def test_not_while_customers_wait_for_it(self, kept, other):
        order_for(make_store(), (other, 3))
        with pytest.raises(StillNeeded) as refused:
            merge_items(kept=kept, other=other)
        assert refused.value.detail == "1 open order wants it: it has to be collected or cancelled first."


class TestTellingApart:
    def test_it_is_remembered_once(self):
        first, second = plain("Mug", "A1"), plain("Mug", "B7")
        for one, two in ((second, first), (first, second)):
            tell_apart(first=one, second=two)
        known = KnownDifferent.objects.get()
        assert (known.first, known.second) == (first, second)
        assert Event.objects.filter(kind="catalog.items_told_apart").count() == 1
        with pytest.raises(SameItem):
            tell_apart(first=first, second=first)


class TestPage:
    @pytest.fixture
    def store(self):
        return make_store()

    @pytest.fixture
    def pair(self):
        return make_item("Mug", sku="A1"), make_item("mug", sku="A-1")

    def client(self, store, role=Role.MANAGER):
        return signed_in_client(make_associate(store, role=role), store)

    def form(self, pair, **more):
        return {"first": pair[0].pk, "second": pair[1].pk, "key": f"key {sorted(more.items())}", "page": "1"} | more

    def test_an_empty_page_says_so(self, store):
        assert "Nothing looks like a duplicate" in self.client(store).get("/catalog/duplicates/").text

    def test_the_query_count_does_not_grow(self, store, django_assert_max_num_queries):
        for number in range(10):
            plain(f"Mug {number}", f"M{number}")
            plain(f"Mug {number}", f"M-{number}")
        client = self.client(store)
        with django_assert_max_num_queries(4):
            page = client.get("/catalog/duplicates/")
        assert page.text.count("Same thing") == 10

    @pytest.mark.parametrize("stays", [0, 1])
    def test_a_manager_makes_one_of_them(self, store, pair, stays):
        answer = self.client(store).post("/catalog/duplicates/merge/", self.form(pair, kept=pair[stays].pk))
        assert (answer.status_code, "One item" in answer.text) == (200, True)
        kept, other = pair[stays], pair[1 - stays]
        other.refresh_from_db()
        assert (other.state, kept.barcodes.count()) == ("retired", 2)

    def test_a_lead_tells_them_apart_and_does_not_merge(self, store, pair):
        client = self.client(store, Role.LEAD)
        assert "Same thing" not in client.get("/catalog/duplicates/").text
        assert client.post("/catalog/duplicates/merge/", self.form(pair, kept=pair[0].pk)).status_code == 403
        answer = client.post("/catalog/duplicates/apart/", self.form(pair))
        assert (answer.status_code, "Two things" in answer.text) == (200, True)
        assert found() == []

    def test_an_associate_does_not_see_it(self, store):
        assert self.client(store, Role.ASSOCIATE).get("/catalog/duplicates/").status_code == 403

    def test_the_refusal_is_shown_and_nothing_is_done(self, store, pair):
        stock_up(store, pair[1], 2)
        answer = self.client(store).post("/catalog/duplicates/merge/", self.form(pair, kept=pair[0].pk))
        assert answer.status_code == 409
        assert "Stores have 2 units of it" in answer.text
        assert Item.objects.filter(state="retired").count() == 0

    @pytest.mark.parametrize("first", ["", "x", "999999999", "9" * 30, "-1"])
    def test_what_is_no_item_is_not_found(self, store, pair, first):
        client = self.client(store)
        for path in ("merge", "apart"):
            assert client.post(f"/catalog/duplicates/{path}/", self.form(pair, first=first)).status_code == 404

    @pytest.mark.parametrize("page", ["0", "-1", "x", "99", "9" * 30])
    def test_any_page_number_is_answered(self, store, pair, page):
        assert self.client(store).get("/catalog/duplicates/", {"page": page}).status_code == 200


class AnyMixOfMerges(TestCase):
    """However things are merged and told apart, every code that ever meant one of them means an item that is sold."""

    @settings(max_examples=40, deadline=None, database=None)
    @given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 4)), max_size=12))
    def test_no_code_is_lost(self, steps):
        items = [make_item("Mug", sku=f"MUG {number}", gtin=make_gtin(10**6 + number)) for number in range(5)]
        for merges, one, other in steps:
            first, second = (Item.objects.get(pk=items[place].pk) for place in (one, other))
            try:
                merge_items(kept=first, other=second) if merges else tell_apart(first=first, second=second)
            except Refusal:
                continue
        codes = [item.sku for item in items]
        meant = items_by_codes("shop", codes)
        assert all(meant[code].is_sellable for code in codes)
        assert all(find_item(read_code(code)).item == meant[code] for code in codes)
        for barcode in Barcode.objects.select_related("item"):
            assert barcode.item.is_sellable
        told = set(KnownDifferent.objects.values_list("first", "second"))
        shown = {(row.first.item.pk, row.second.item.pk) for row in suspected_duplicates().rows}
        assert not told & shown
