"""The history of an item: scans that somebody made one after the other for one document are one row."""

import re

import pytest

from stores.catalog.models import Item
from stores.models import Store
from stores.staff.models import Role
from stores.stock.models import Move
from stores.stock.queries.movements import READ_FOR_EACH, movements
from tests.factories import make_item, stock_up
from tests.stock.handheld import Handheld, gtin, handheld, make_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return make_house()


@pytest.fixture
def lantern() -> Item:
    return make_item("Lantern")


@pytest.fixture
def rosa(store: Store) -> Handheld:
    return handheld(store)


def rows(store: Store, item: Item, limit: int = 25) -> list[tuple[str, str, int]]:
    """(why, change, scans), the latest first, over all pages."""
    found: list[tuple[str, str, int]] = []
    before: int | None = None
    while True:
        history = movements(store=store, item=item, before=before, limit=limit)
        found += [(one.why, one.signed, one.scans) for one in history.rows]
        if history.older is None:
            return found
        assert before is None or history.older < before
        before = history.older


def test_eighteen_scans_of_a_delivery_are_one_row(store, rosa, lantern):
    stock_up(store, lantern, 2)
    rosa.start("receive", "IN-01", *[gtin(lantern)] * 18)
    assert rows(store, lantern) == [("Received", "+18", 18), ("Received", "+2", 1)]
    for path in (f"/items/{lantern.pk}/", f"/items/{lantern.pk}/moves/"):
        text = " ".join(re.sub(r"<[^>]+>", " ", rosa.client.get(path).text).split())
        assert "Received +18 in 18 scans Supplier → IN-01" in text


def test_only_what_is_alike_in_all_is_told_as_one(store, rosa, lantern):
    rosa.start("receive", "IN-01", gtin(lantern), gtin(lantern))
    # Another bin, another task, another person: each a row of its own.
    rosa.scan("A-01-1", gtin(lantern))
    rosa.tap("done")
    rosa.start("receive", "A-01-1", gtin(lantern))
    handheld(store, name="Ben").start("receive", "A-01-1", gtin(lantern))
    assert rows(store, lantern) == [
        ("Received", "+1", 1),
        ("Received", "+1", 1),
        ("Received", "+1", 1),
        ("Received", "+2", 2),
    ]
    # What has no document stands for itself, however alike.
    bare = make_item()
    stock_up(store, bare, 1)
    stock_up(store, bare, 1)
    assert rows(store, bare) == [("Received", "+1", 1), ("Received", "+1", 1)]


def test_what_was_taken_back_is_told_beside_what_took_it_back(store, rosa, lantern):
    rosa.start("receive", "IN-01", *[gtin(lantern)] * 3)
    rosa.tap("undo")
    assert rows(store, lantern) == [("Corrected", "−1", 1), ("Received", "+1", 1), ("Received", "+2", 2)]


def test_pages_leave_nothing_out_and_tell_nothing_twice(store, rosa, lantern):
    cup = make_item("Cup")
    stock_up(store, lantern, 40, "A-01-1")
    for number in range(1, 8):
        rosa.start("receive", "IN-01", *[gtin(lantern), gtin(cup)] * number)
        rosa.tap("done")
    whole = rows(store, lantern)
    assert whole == [*(("Received", f"+{number}", number) for number in range(7, 0, -1)), ("Received", "+40", 1)]
    for limit in (2, 3, 8):
        assert rows(store, lantern, limit=limit) == whole


def test_a_very_long_run_is_told_in_parts_by_one_query_each(store, rosa, lantern, django_assert_num_queries):
    rosa.start("receive", "IN-01", *[gtin(lantern)] * (READ_FOR_EACH + 3))
    with django_assert_num_queries(1):
        history = movements(store=store, item=lantern, limit=1)
    assert [one.signed for one in history.rows] == [f"+{READ_FOR_EACH}"]
    assert [one for _why, one, _scans in rows(store, lantern, limit=1)] == [f"+{READ_FOR_EACH}", "+3"]
    assert Move.objects.count() == READ_FOR_EACH + 3


def test_what_was_found_or_written_off_is_told_without_the_books_words(store, lantern):
    lead = handheld(store, Role.LEAD, "Lea")
    lead.start("find", "A-01-1", gtin(lantern))
    lead.start("write_off", "A-01-1", gtin(lantern), "A-01-1", why="lost")
    latest = movements(store=store, item=lantern, limit=5).rows
    assert [(one.source, one.target) for one in latest] == [
        ("A-01-1", "Not in the record"),
        ("Not in the record", "A-01-1"),
    ]
