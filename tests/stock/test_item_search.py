"""Finding an item: what comes first, how it goes on, and the way back to where somebody came from."""

import re
from html import unescape

import pytest

from stores.catalog.models import BundleComponent, Item
from stores.models import Store
from stores.staff.models import Role
from stores.stock.models import Condition
from tests.factories import change_items, make_item, make_store, order_for, stock_up
from tests.stock.item_pages import associate_in, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return make_store()


class TestSearch:
    def test_a_result_shows_what_is_free_and_which_shelf_holds_most(self, store: Store) -> None:
        item = make_item("Paper lantern")
        stock_up(store, item, 2, "A-01-1")
        stock_up(store, item, 5, "A-03-2")
        stock_up(store, item, 9, "B-01-1", Condition.DAMAGED)
        found = page(associate_in(store), "/items/", q="lantern paper")
        assert f"[/items/{item.pk}/] Paper lantern {item.sku} 7 free A-03-2" in found

    def test_sku_and_the_digits_under_the_barcode_find_it(self, store: Store) -> None:
        item = make_item("Lantern")
        client = associate_in(store)
        for text in (item.sku.lower(), item.barcodes.get().gtin[-8:]):
            assert f"[/items/{item.pk}/] Lantern" in page(client, "/items/", q=text)

    def test_what_lies_here_comes_first_then_the_better_match_then_what_sells_best(self, store: Store) -> None:
        names = (
            ("Heart elsewhere", "", None), ("heart here too", "", 1), ("Zinc heart", "A", 2),
            ("Sweetheart box", "A", 1), ("Hearts on a string", "A", 1), ("Heart on display", "A", 0),
            ("Apple heart", "C", 1), ("Ample heart", "", 1),
        )  # fmt: skip
        for name, abc_class, units in names:
            item = make_item(name)
            change_items(Item.objects.filter(pk=item.pk), abc_class=abc_class)
            if units is None:
                stock_up(make_store(), item, 9)
            elif units:
                stock_up(store, item, units)
            else:
                stock_up(store, item, 1, condition=Condition.DISPLAY)
        bundle = make_item("A heart set")
        change_items(Item.objects.filter(pk=bundle.pk), is_bundle=True)
        BundleComponent.objects.create(bundle=bundle, component=Item.objects.get(name="Zinc heart"), quantity=2)
        found = page(associate_in(store), "/items/", q="HEART")
        assert re.findall(r"\] ([A-Za-z][A-Za-z ]+?) SKU\S+ (\d+) free", found) == [
            ("Zinc heart", "2"), ("Apple heart", "1"), ("A heart set", "1"), ("Ample heart", "1"),
            ("heart here too", "1"), ("Hearts on a string", "1"), ("Sweetheart box", "1"),
            ("Heart on display", "0"), ("Heart elsewhere", "0"),
        ]  # fmt: skip

    def test_a_whole_sku_is_the_first_whatever_lies_here(self, store: Store) -> None:
        wanted, longer = make_item("Lantern"), make_item("Lantern in black")
        change_items(Item.objects.filter(pk=wanted.pk), sku="71053")
        change_items(Item.objects.filter(pk=longer.pk), sku="71053B")
        stock_up(store, longer, 5)
        found = page(associate_in(store), "/items/", q="71053")
        assert re.findall(r"(71053B?) (\d) free", found) == [("71053", "0"), ("71053B", "5")]

    @pytest.mark.parametrize("text", ["(", "[a", "a\\", "***:x", "%", "a.*b", "\\m"])
    def test_signs_that_mean_something_to_a_pattern_are_only_signs(self, store: Store, text: str) -> None:
        wanted, _other = make_item(f"Lantern {text}"), make_item("Lantern a-b")
        found = page(associate_in(store), "/items/", q=f"{text} lantern")
        assert re.findall(r"\[/items/(\d+)/\]", found) == [str(wanted.pk)]

    def test_more_than_a_page_of_results_says_so_and_goes_on(self, store: Store) -> None:
        for number in range(43):
            make_item(f"Lantern {number:02}")
        client = associate_in(store)
        text = page(client, "/items/", q="lantern", next="/pick/3/")
        seen = re.findall(r"Lantern (\d\d)", text)
        assert "20 of 43: type more words to see fewer." in text
        for words in ("21 to 40 of 43", "41 to 43 of 43"):
            more = re.search(r"\[(/items/\?q=lantern&after=\d+&next=%2Fpick%2F3%2F)\] Show more", unescape(text))
            assert more is not None
            text = page(client, more[1])
            assert words in text
            assert "[/items/?q=lantern&next=%2Fpick%2F3%2F] From the first" in unescape(text)
            seen += re.findall(r"Lantern (\d\d)", text)
        assert "Show more" not in text
        assert seen == [f"{number:02}" for number in range(43)]

    @pytest.mark.parametrize("after", ["-1", "x", "9" * 40])
    def test_a_strange_page_is_a_page(self, store: Store, after: str) -> None:
        make_item("Lantern")
        client = associate_in(store)
        assert client.get("/items/", {"q": "lantern", "after": after}).status_code == 200
        assert "Nothing further was found." in page(client, "/items/", q="lantern", after="20")

    def test_only_a_lead_finds_what_is_not_sold(self, store: Store) -> None:
        draft = Item.objects.create(sku="TO-COME", name="Lantern to come", price=1)
        assert "Nothing matches" in page(associate_in(store), "/items/", q="lantern")
        found = page(associate_in(store, Role.LEAD), "/items/", q="lantern")
        assert f"[/items/{draft.pk}/] Lantern to come {draft.sku} Draft" in found

    def test_a_scan_goes_to_the_item_and_keeps_the_way_back(self, store: Store) -> None:
        item = make_item()
        client = associate_in(store)
        answer = client.post("/items/scan/?next=/pick/3/", {"code": item.barcodes.get().gtin})
        assert (answer.status_code, answer["Location"]) == (303, f"/items/{item.pk}/?next=%2Fpick%2F3%2F")
        assert "[/pick/3/] Back" in page(client, answer["Location"])
        answer = client.post("/items/scan/?next=/pick/3/", {"code": "NOSUCH"})
        assert answer["Location"] == "/items/?q=NOSUCH&next=%2Fpick%2F3%2F"

    def test_the_way_back_is_carried_through_the_search(self, store: Store) -> None:
        item = make_item("Lantern")
        text = page(associate_in(store), "/items/", q="lantern", next="/pick/3/")
        assert f"[/items/{item.pk}/?next=%2Fpick%2F3%2F]" in text
        assert text.endswith("[/pick/3/] Back")

    @pytest.mark.parametrize("inner", ["", "moves/", "reserved/", "elsewhere/"])
    def test_every_page_of_the_item_keeps_the_way_back(self, store: Store, inner: str) -> None:
        item = make_item("Lantern")
        for _ in range(7):
            stock_up(store, item, 1)
            order_for(store, (item, 1))
        client = associate_in(store)
        text = page(client, f"/items/{item.pk}/{inner}", next="/pick/3/")
        own = re.findall(rf"\[(/items/{item.pk}/[^\]]*)\]", text)
        assert own
        assert {address for address in own if "next=%2Fpick%2F3%2F" not in address} == set()

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_the_way_back_never_leads_to_another_host(self, store: Store, elsewhere: str) -> None:
        text = page(associate_in(store), "/items/", q="x", next=elsewhere)
        assert "evil" not in text
        assert "Back" not in text
