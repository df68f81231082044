"""Bins to be counted on the lead's board: what is held, why and for how long; the number is typed there."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from stores.catalog.models import Item
from stores.models import Store
from stores.staff.models import Associate, Role
from stores.stock.models import CountRequest, Move
from tests.factories import atp, in_bin, make_associate, make_item, make_store, stock_up
from tests.staff.signing_in import signed_in_client
from tests.stock.counts import answer, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return make_store()


@pytest.fixture
def lantern(store: Store) -> Item:
    item = make_item("Lantern")
    stock_up(store, item, 5)
    return item


@pytest.fixture
def lena(store: Store) -> Associate:
    return make_associate(store, role=Role.LEAD, name="Lena")


@pytest.fixture
def browser(store: Store, lena: Associate) -> Client:
    return signed_in_client(lena, store)


@pytest.fixture
def count(store: Store, lantern: Item) -> CountRequest:
    return ask(store, lantern, 2, by=make_associate(store))


def call_out(browser: Client, count: CountRequest, counted: str, *, key: str = "") -> Any:
    form = {"key": key or str(uuid4()), "counted": counted}
    return browser.post(f"/exceptions/counts/{count.pk}/answer", form, headers={"HX-Request": "true"})


def read(page: str) -> str:
    """The board's words without clocks and keys."""
    board = page.partition('id="counts-title"')[2].partition('id="backorders-title"')[0]
    return re.sub(r'<time.*?</time>|name="(key|csrfmiddlewaretoken)" value="[^"]*"', "", board)


def test_what_waits_is_told_without_what_the_record_says(browser, count, store):
    page = browser.get("/exceptions/").text
    for words in (
        "A-01-1",
        "Lantern",
        count.item.sku,
        "Not there when it was to be picked",
        "Rosa",
        "2 held until then",
    ):
        assert words in page
    assert "How many lie there, fit for sale?" in page
    stock_up(store, count.item, 10)
    again = browser.get("/exceptions/").text
    assert read(again) == read(page)


def test_the_number_is_the_answer(browser, count, store, lantern, lena):
    answered = call_out(browser, count, "3")
    assert answered.status_code == 200
    assert "Record said 5, counted 3" in answered.text
    assert "2 written off." in answered.text
    assert "No bin waits to be counted" in answered.text
    assert (in_bin(store, "A-01-1", lantern), atp(store, lantern)) == (3, 3)
    count.refresh_from_db()
    assert (count.state, count.answered_by) == ("answered", lena)


def test_the_form_works_without_javascript(browser, count):
    form = {"key": str(uuid4()), "counted": "5"}
    page = browser.post(f"/exceptions/counts/{count.pk}/answer", form)
    assert page.status_code == 200
    assert "<html" in page.text
    assert "2 for sale again." in page.text


@pytest.mark.parametrize("counted", ["", "-3", "many", "99999"])
def test_what_is_no_number_changes_nothing(browser, count, counted):
    answered = call_out(browser, count, counted)
    assert answered.status_code == 422
    assert "Enter a number from 0 to 9999" in answered.text
    count.refresh_from_db()
    assert count.state == "open"


def test_the_same_form_twice_counts_once(browser, count):
    key = str(uuid4())
    call_out(browser, count, "3", key=key)
    moves = Move.objects.count()
    again = call_out(browser, count, "3", key=key)
    assert (again.status_code, Move.objects.count()) == (200, moves)
    assert "Record said 5, counted 3" in again.text


def test_who_is_late_hears_who_counted_and_how_many(browser, count, store):
    answer(count, 4, make_associate(store, name="Omar"))
    answered = call_out(browser, count, "0")
    assert answered.status_code == 409
    assert "Omar has counted: 4" in answered.text


def test_another_stores_counts_are_not_there(count):
    elsewhere = make_store()
    stranger = signed_in_client(make_associate(elsewhere, role=Role.MANAGER), elsewhere)
    assert "Lantern" not in stranger.get("/exceptions/").text
    assert call_out(stranger, count, "3").status_code == 404
    count.refresh_from_db()
    assert count.state == "open"


def test_who_asked_may_be_nobody(browser, store, lantern):
    ask(store, lantern, 0, reason=CountRequest.Reason.SOLD)
    page = browser.get("/exceptions/").text
    assert "Sold at the till, and not in the record · Storehand" in page
    assert "held until then" not in page


def test_many_cost_as_many_queries_as_one(browser, count, store, django_assert_num_queries):
    for number in range(5):
        ask(store, make_item(f"Item {number}"), 0)
    with django_assert_num_queries(6):
        assert "Item 4" in browser.get("/exceptions/").text
