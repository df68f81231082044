"""Counting on a handheld, and a lead who asks for it."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stores.catalog.models import Item
from stores.models import Store
from stores.staff.models import Associate, Role
from stores.stock.models import CountRequest, Move
from tests.factories import in_bin, make_associate, make_bundle, make_item, make_store, stock_up
from tests.staff.signing_in import signed_in_client
from tests.stock.counts import answer, ask
from tests.stock.handheld import HTMX, gtin, make_house
from tests.stock.item_pages import associate_in, page

CLOCK = re.compile(r"\d+:\d\d")

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return make_house()


@pytest.fixture
def lantern(store) -> Item:
    item = make_item("Lantern")
    stock_up(store, item, 5)
    return item


@pytest.fixture
def rosa(store) -> Associate:
    return make_associate(store)


@pytest.fixture
def browser(store, rosa) -> Client:
    return signed_in_client(rosa, store)


@pytest.fixture
def lead(store) -> Client:
    return associate_in(store, Role.LEAD, "Lena")


@pytest.fixture
def count(store, lantern, rosa) -> CountRequest:
    """Two of the five were not found."""
    return ask(store, lantern, 2, by=rosa)


def post(client: Client, path: str, *, key: str = "", **fields: str) -> Any:
    return client.post(path, {"key": key or str(uuid4()), **fields}, headers=HTMX)


class TestTheCount:
    def test_it_stands_on_the_home_screen_of_everybody(self, browser, count, store):
        home = page(browser, "/")
        assert f"To count [/count/{count.pk}/] A-01-1 2 held Lantern" in home
        elsewhere = associate_in(make_store())
        assert "To count" not in elsewhere.get("/").text

    def test_many_cost_as_many_queries_as_one(self, browser, count, store, django_assert_num_queries):
        with CaptureQueriesContext(connection) as one:
            browser.get("/")
        for number in range(5):
            ask(store, make_item(f"Item {number}"), 0)
        with django_assert_num_queries(len(one)):
            assert "Item 4" in browser.get("/").text

    def test_what_the_record_says_is_not_shown_before(self, browser, count, store):
        text = page(browser, f"/count/{count.pk}/")
        assert "A-01-1 Lantern" in text
        assert "How many lie there, fit for sale?" in text
        assert "Not there when it was to be picked Rosa" in text
        assert "2 units are held until they are counted." in text
        stock_up(store, count.item, 10)
        again = page(browser, f"/count/{count.pk}/")
        assert CLOCK.sub("", again) == CLOCK.sub("", text)

    def test_a_number_is_the_answer_and_then_the_record_is_shown(self, browser, count, store, lantern):
        told = post(browser, f"/count/{count.pk}/answer/", quantity="3").text
        assert "Record said 5, counted 3" in told
        assert "2 written off." in told
        assert 'data-tone="look"' in told
        assert in_bin(store, "A-01-1", lantern) == 3
        text = page(browser, f"/count/{count.pk}/")
        assert "Record said 5 Counted 3 Written off 2" in text
        assert "Counted by Rosa" in text

    def test_none_is_a_number(self, browser, count, store, lantern):
        assert "5 written off." in post(browser, f"/count/{count.pk}/answer/", quantity="0").text
        assert in_bin(store, "A-01-1", lantern) == 0

    def test_a_record_that_was_right_says_so(self, browser, store, lantern):
        count = ask(store, lantern, 0)
        told = post(browser, f"/count/{count.pk}/answer/", quantity="5").text
        assert "Record said 5, counted 5" in told
        assert "The record was right." in told

    def test_what_was_found_is_said(self, browser, count):
        told = post(browser, f"/count/{count.pk}/answer/", quantity="6").text
        assert "2 for sale again. 1 added to the record." in told
        assert 'data-tone="yes"' in told

    @pytest.mark.parametrize("typed", ["", "-1", "2.5", "two", "10000", "١", "x" * 500])
    def test_what_is_no_number_changes_nothing(self, browser, count, typed):
        answered = post(browser, f"/count/{count.pk}/answer/", quantity=typed)
        assert answered.status_code == 422
        assert "Enter a number from 0 to 9999" in answered.text
        assert CountRequest.objects.get().state == "open"

    def test_the_same_form_twice_counts_once(self, browser, count):
        key = str(uuid4())
        first = post(browser, f"/count/{count.pk}/answer/", key=key, quantity="3")
        moves = Move.objects.count()
        again = post(browser, f"/count/{count.pk}/answer/", key=key, quantity="3")
        assert (again.status_code, Move.objects.count()) == (200, moves)
        assert "Record said 5, counted 3" in first.text
        assert "Record said 5, counted 3" in again.text

    def test_who_comes_second_is_told_who_was_first_and_what_came_of_it(self, browser, lead, count, store, lantern):
        post(lead, f"/count/{count.pk}/answer/", quantity="4")
        answered = post(browser, f"/count/{count.pk}/answer/", quantity="1")
        assert answered.status_code == 409
        assert "Lena has counted: 4" in answered.text
        assert in_bin(store, "A-01-1", lantern) == 4

    def test_the_next_one_on_the_walk_is_offered(self, browser, count, store, lantern):
        later = ask(store, lantern, 0, bin_code="A-03-2")
        ask(store, lantern, 0, bin_code="BR-01")
        told = post(browser, f"/count/{count.pk}/answer/", quantity="3").text
        assert f'href="/count/{later.pk}/"' in told
        assert "<span>A-03-2</span></a>" in told

    def test_a_scan_tells_whether_it_is_the_place_and_the_item(self, browser, count, lantern):
        mug = make_item("Mug")
        address = f"/count/{count.pk}/scan/"
        expected = [
            ("A-01-1", 200, "This is A-01-1"), (gtin(lantern), 200, "This is the one"),
            (gtin(mug), 409, "Another item: Mug"), ("A-02-1", 409, "Not what is counted here"), ("\x01", 422, ""),
        ]  # fmt: skip
        for code, status, words in expected:
            answered = post(browser, address, code=code)
            assert answered.status_code == status, code
            assert words in answered.text
        assert CountRequest.objects.get().state == "open"


class TestAskingForOne:
    def test_a_lead_chooses_a_bin_of_the_item(self, lead, store, lantern):
        stock_up(store, lantern, 1, "TOTE-0001")
        assert f"[/items/{lantern.pk}/count/] Ask for a count" in page(lead, f"/items/{lantern.pk}/")
        text = page(lead, f"/items/{lantern.pk}/count/")
        assert "Have A-01-1 counted" in text
        assert "TOTE-0001" not in text
        answered = post(lead, f"/items/{lantern.pk}/count/ask/", code="A-01-1")
        assert answered.status_code == 200
        assert "A-01-1 is to be counted" in answered.text
        assert "Have A-01-1 counted" not in answered.text
        request = CountRequest.objects.get()
        assert (request.reason, request.held, request.opened_by.name) == ("asked", 0, "Lena")
        assert in_bin(store, "A-01-1", lantern) == 5

    def test_or_scans_a_bin_that_the_record_does_not_know_it_in(self, lead, lantern):
        assert post(lead, f"/items/{lantern.pk}/count/ask/", code="A-03-2").status_code == 200
        assert CountRequest.objects.get().bin.code == "A-03-2"

    @pytest.mark.parametrize("code", ["NOWHERE", "", "CUSTOMER", "TOTE-0001", "S-01"])
    def test_what_is_no_bin_for_goods_is_not_counted(self, lead, lantern, code):
        answered = post(lead, f"/items/{lantern.pk}/count/ask/", code=code)
        assert (answered.status_code, CountRequest.objects.count()) == (422, 0)

    def test_another_stores_bin_is_none_of_ours(self, lantern):
        elsewhere = make_store()
        elsewhere.bins.filter(code="A-01-1").update(code="Z-99-9")
        lead = associate_in(make_store(), Role.LEAD)
        assert post(lead, f"/items/{lantern.pk}/count/ask/", code="Z-99-9").status_code == 422

    def test_an_associate_is_not_offered_it(self, browser, lantern):
        assert "Ask for a count" not in page(browser, f"/items/{lantern.pk}/")
        assert post(browser, f"/items/{lantern.pk}/count/ask/", code="A-01-1").status_code == 403

    def test_a_bundle_lies_nowhere(self, lead, lantern):
        bundle = make_bundle((lantern, 2))
        assert lead.get(f"/items/{bundle.pk}/count/").status_code == 404


class TestTheItemsPage:
    def test_what_is_held_says_until_when(self, browser, count, store, lantern):
        text = page(browser, f"/items/{lantern.pk}/")
        assert f"Quarantined − 2 A-01-1 Floor 2 [/count/{count.pk}/] 2 held until A-01-1 is counted" in text
        assert "A-01-1 Floor To be counted 3" in text

    def test_what_others_hold_there_is_not_for_the_count(self, browser, count, store, lantern):
        stock_up(store, lantern, 4, condition="quarantined")
        assert "6 [/count/" in page(browser, f"/items/{lantern.pk}/")
        assert "2 held until A-01-1 is counted" in page(browser, f"/items/{lantern.pk}/")

    def test_the_moves_say_why_and_for_which_count(self, browser, count, rosa, lantern):
        assert f"[/count/{count.pk}/] Count of A-01-1" in page(browser, f"/items/{lantern.pk}/moves/")
        answer(count, 2, rosa)
        text = page(browser, f"/items/{lantern.pk}/moves/")
        assert "Counted −2 A-01-1, quarantined → Not in the record" in text
        assert "Counted −1 A-01-1 → Not in the record" in text
        assert text.count(f"[/count/{count.pk}/] Count of A-01-1") == 3
        assert "Sold at the till" in text  # Among the reasons to choose from.
