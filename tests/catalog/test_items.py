"""The item master: adding to it, and finding in it by every form of a code."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override, pgettext

from stores.catalog.actions.add_alias import add_alias
from stores.catalog.actions.add_barcode import add_barcode
from stores.catalog.actions.add_item import add_item
from stores.catalog.actions.lifecycle import retire_item
from stores.catalog.barcodes import read_code
from stores.catalog.errors import (
    AliasMalformed,
    AliasTaken,
    GtinTaken,
    ItemMalformed,
    NoGtin,
    PackQuantityInvalid,
    SkuTaken,
)
from stores.catalog.models import Alias, Barcode, Item, fold_code
from stores.catalog.queries import AmbiguousCode, find_item, items_by_codes, search_items
from stores.catalog.required import LABELS
from stores.journal.models import Event
from tests.factories import change_items

pytestmark = pytest.mark.django_db

SHOP = "shop.example"


@pytest.fixture
def lantern() -> Item:
    return add_item(sku="71053", name="White metal lantern", price=Decimal("3.39"))


@pytest.fixture
def holder() -> Item:
    item = add_item(sku="85123a", name="White  hanging heart T-light holder ", price=Decimal("2.55"))
    add_barcode(item=item, gtin="9521234543213")
    add_barcode(item=item, gtin="19521234543210", pack_quantity=12)
    return item


class TestAdding:
    def test_an_item_is_stored_under_one_spelling_of_its_sku(self, holder: Item) -> None:
        assert (holder.sku, holder.name) == ("85123A", "White hanging heart T-light holder")
        with pytest.raises(SkuTaken) as refused:
            add_item(sku=" 85123A", name="Another", price=Decimal(1))
        assert refused.value.headline == "SKU 85123A is taken"
        assert refused.value.detail == "It is White hanging heart T-light holder. One item has one SKU."
        assert Item.objects.count() == 1

    @pytest.mark.parametrize(
        ("sku", "name", "price", "problem"),
        [
            ("", "Lantern", "1", "sku: This field cannot be blank."),
            ("71053", " ", "1", "name: This field cannot be blank."),
            ("71053", "Lantern", "-0.01", "price: below zero"),
            ("71053", "Lantern", "NaN", "price: “NaN” value must be a decimal number."),
            ("7" * 41, "Lantern", "1", "sku: Ensure this value has at most 40 characters (it has 41)."),
        ],
    )
    def test_a_malformed_item_is_refused(self, sku: str, name: str, price: str, problem: str) -> None:
        with pytest.raises(ItemMalformed) as refused:
            add_item(sku=sku, name=name, price=Decimal(price))
        assert refused.value.detail == problem
        assert not Item.objects.exists()
        assert not Event.objects.exists()

    def test_a_barcode_belongs_to_one_item(self, holder: Item, lantern: Item) -> None:
        with pytest.raises(GtinTaken) as refused:
            add_barcode(item=lantern, gtin="09521234543213")
        assert refused.value.detail == "It is on White hanging heart T-light holder. One barcode means one item."
        assert not lantern.barcodes.exists()

    @pytest.mark.parametrize(
        "gtin", ["", "9521234543214", "952123454321", "A-03-2", "٩٥٢١٢٣٤٥٤٣٢١٣", "1234567890128 7"]
    )
    def test_only_a_gtin_is_a_barcode(self, lantern: Item, gtin: str) -> None:
        with pytest.raises(NoGtin):
            add_barcode(item=lantern, gtin=gtin)

    @pytest.mark.parametrize("quantity", [0, -1, 32768])
    def test_a_scan_counts_at_least_one_unit(self, lantern: Item, quantity: int) -> None:
        with pytest.raises(PackQuantityInvalid):
            add_barcode(item=lantern, gtin="9521234543213", pack_quantity=quantity)

    def test_a_source_calls_one_item_by_one_code(self, holder: Item, lantern: Item) -> None:
        add_alias(source=SHOP, code="Ipod 2008-green", item=holder)
        with pytest.raises(AliasTaken) as refused:
            add_alias(source=SHOP, code=" IPOD  2008-Green", item=lantern)
        assert refused.value.detail == "It means White hanging heart T-light holder."
        add_alias(source="other.example", code="IPOD 2008-GREEN", item=lantern)
        assert Alias.objects.count() == 2

    @pytest.mark.parametrize(
        ("source", "code"), [(SHOP, ""), (SHOP, "  "), ("", "A1"), (SHOP, "A\x00"), (SHOP, "A" * 101), (SHOP, "ß" * 60)]
    )
    def test_a_malformed_alias_is_refused(self, lantern: Item, source: str, code: str) -> None:
        with pytest.raises(AliasMalformed):
            add_alias(source=source, code=code, item=lantern)

    def test_every_addition_is_in_the_journal(self, holder: Item) -> None:
        alias = add_alias(source=SHOP, code="IPOD2008GREEN", item=holder)
        barcode = Barcode.objects.get(pack_quantity=12)
        events = {(event.kind, event.subject): event for event in Event.objects.filter(item=holder)}
        assert events["catalog.item_added", f"item:{holder.pk}"].data == {"sku": "85123A"}
        assert events["catalog.barcode_added", f"barcode:{barcode.pk}"].data == {"gtin": "19521234543210"}
        assert events["catalog.alias_added", f"alias:{alias.pk}"].data == {"source": SHOP, "code": "IPOD2008GREEN"}
        assert len(events) == 4


class TestFinding:
    @pytest.mark.parametrize(
        ("typed", "pack_quantity"),
        [
            ("9521234543213", 1),
            ("09521234543213", 1),
            ("19521234543210", 12),
            ("]C1010952123454321310ABC123", 1),
            ("010952123454321317270131", 1),
            ("https://id.gs1.org/01/09521234543213/10/ABC123", 1),
            ("(01)19521234543210", 12),
            ("85123A", 1),
            (" 85123a\n", 1),
        ],
    )
    def test_an_item_by_every_form_of_its_code(self, holder: Item, typed: str, pack_quantity: int) -> None:
        found = find_item(read_code(typed))
        assert found is not None
        assert (found.item, found.pack_quantity) == (holder, pack_quantity)

    @pytest.mark.parametrize("reading", ["00000001234565", "00012345000065"])
    def test_the_item_master_decides_what_eight_digits_mean(self, lantern: Item, reading: str) -> None:
        add_barcode(item=lantern, gtin=reading)
        assert find_item(read_code("01234565")) == (lantern, 1)

    def test_eight_digits_that_mean_two_items_are_not_guessed(self, lantern: Item, holder: Item) -> None:
        add_barcode(item=lantern, gtin="01234565")
        add_barcode(item=holder, gtin="012345000065")
        with pytest.raises(AmbiguousCode) as refused:
            find_item(read_code("01234565"))
        assert refused.value.headline == "01234565 means two items"
        assert refused.value.detail == "71053 or 85123A: type the SKU of the one you hold."

    def test_an_sku_that_looks_like_a_gtin_is_found_too(self) -> None:
        item = add_item(sku="01234565", name="Eight digits", price=Decimal(1))
        assert find_item(read_code("01234565")) == (item, 1)

    @pytest.mark.parametrize("typed", ["952123454324", "A-03-2", "TOTE-0007", "B:4711", "]C100009520123456789120"])
    def test_what_the_item_master_does_not_know(self, holder: Item, typed: str) -> None:
        assert find_item(read_code(typed)) is None

    def test_every_row_of_the_sample_finds_an_item_or_none_or_is_refused(self, holder: Item, lantern: Item) -> None:
        add_barcode(item=lantern, gtin="952123454324")
        add_barcode(item=lantern, gtin="012345000065")
        found = {}
        with (Path(__file__).parent.parent / "data" / "barcodes.csv").open(newline="") as lines:
            for row in csv.DictReader(lines):
                if not row["means"].startswith("refused"):
                    answer = find_item(read_code(row["typed_by_scanner"]))
                    found[row["typed_by_scanner"]] = answer and (answer.item.sku, answer.pack_quantity)
        assert found == {
            "9521234543213": ("85123A", 1),
            "09521234543213": ("85123A", 1),
            "19521234543210": ("85123A", 12),
            "952123454324": ("71053", 1),
            "01234565": ("71053", 1),
            "]C1010952123454321310ABC123": ("85123A", 1),
            "010952123454321317270131": ("85123A", 1),
            "https://id.gs1.org/01/09521234543213/10/ABC123": ("85123A", 1),
            "]C100009520123456789120": None,
            "A-03-2": None,
            "TOTE-0007": None,
            "B:4711": None,
        }

    def test_by_gtin_takes_one_query_and_by_sku_one(self, holder: Item) -> None:
        for typed in ("9521234543213", "85123A"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                find_item(read_code(typed))
            assert len(queries) == 1


class TestOtherSystemsCodes:
    def test_aliases_of_the_source_come_before_our_own_skus(self, holder: Item, lantern: Item) -> None:
        add_alias(source=SHOP, code="71053", item=holder)
        add_alias(source=SHOP, code="Ipod2008 Green", item=lantern)
        add_alias(source="other.example", code="85123A", item=lantern)
        with CaptureQueriesContext(connection) as queries:
            found = items_by_codes(SHOP, ["71053", " ipod2008  GREEN", "85123a", "85123A", "NOPE", "\x00", ""])
        assert found == {"71053": holder, " ipod2008  GREEN": lantern, "85123a": holder, "85123A": holder}
        assert len(queries) == 2

    @pytest.mark.parametrize(
        ("code", "folded"), [("85123a", "85123A"), ("  a  b\tc ", "A B C"), ("é", "É"), ("ABC", "ABC"), ("", "")]
    )
    def test_folding(self, code: str, folded: str) -> None:
        assert fold_code(code) == folded
        assert fold_code(folded) == folded


class TestSearching:
    @pytest.fixture(autouse=True)
    def items(self, holder: Item, lantern: Item) -> None:
        add_item(sku="71053B", name="Black metal lantern", price=Decimal("3.39"))
        change_items(Item.objects.all(), state="approved")
        change_items(Item.objects.all(), state="active")
        retired = add_item(sku="71053C", name="Blue metal lantern", price=Decimal("3.39"))
        retire_item(item=retired)

    @pytest.mark.parametrize(
        ("text", "skus"),
        [
            ("lantern", ["71053B", "71053"]),
            ("LANTERN white", ["71053"]),
            ("71053", ["71053", "71053B"]),
            ("85123a", ["85123A"]),
            ("heart t-light", ["85123A"]),
            ("454321", ["85123A"]),
            ("lantern candle", []),
            ("%", []),
            ("_", []),
            ("", []),
            (" \x00 ", []),
        ],
    )
    def test_words_in_any_order(self, text: str, skus: list[str]) -> None:
        assert [item.sku for item in search_items(text)] == skus

    def test_no_more_than_asked_for(self) -> None:
        assert [item.sku for item in search_items("metal", limit=1)] == ["71053B"]


def test_the_name_of_an_item_has_words_of_its_own_beside_a_persons():
    with override("es"):
        words = pgettext("item", "name")
        assert words != "name"
        assert str(Item._meta.get_field("name").verbose_name) == words
        assert str(LABELS["name"]) == words
