"""What has happened to goods is recorded whoever was promised them; what has not happened yet is refused."""

import pytest

from stores.catalog.models import Item
from stores.journal.models import Event
from stores.models import Store
from stores.staff.models import Role
from stores.stock import hooks
from stores.stock.actions.reservations import release, reserve
from stores.stock.models import Availability, Condition, Move
from tests.factories import atp, in_bin, make_item, stock_up
from tests.stock.handheld import Handheld, gtin, handheld, make_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return make_house()


@pytest.fixture
def lantern(store) -> Item:
    """Two lie in A-01-1, both promised."""
    item = make_item("Lantern")
    stock_up(store, item, 2)
    return item


@pytest.fixture
def promise(store, lantern):
    return reserve(key="r", store_id=store.pk, item_id=lantern.pk, quantity=2, reference="test")


@pytest.fixture
def lead(store) -> Handheld:
    return handheld(store, Role.LEAD)


@pytest.fixture
def heard(monkeypatch) -> list[tuple[int, int, int]]:
    told: list[tuple[int, int, int]] = []
    monkeypatch.setattr(hooks, "_shortfall", [lambda *facts: told.append(facts)])
    return told


def shortfall(store, item) -> int:
    return int(Availability.objects.get(store=store, item=item).shortfall)


FACTS = [
    ("damage", Condition.DAMAGED, "1 damaged, in A-01-1"),
    ("quarantine", Condition.QUARANTINED, "1 held in A-01-1"),
    ("write_off", None, "1 written off"),
]


@pytest.mark.parametrize(("kind", "condition", "words"), FACTS)
def test_a_fact_eats_the_promise_and_says_so(store, lantern, promise, lead, heard, kind, condition, words):
    answer = lead.start(kind, "A-01-1", gtin(lantern), "A-01-1", why="broken")
    assert answer.status_code == 200
    assert words in answer.text
    assert "1 unit short of what customers were promised." in answer.text
    assert 'data-tone="look"' in answer.text
    assert (shortfall(store, lantern), in_bin(store, "A-01-1", lantern), atp(store, lantern)) == (1, 1, 0)
    if condition:
        assert in_bin(store, "A-01-1", lantern, condition) == 1
    event = Event.objects.get(kind="stock.shortfall")
    assert (event.item_id, event.quantity, event.data["missing"]) == (lantern.pk, 1, 1)
    assert heard == [(store.pk, lantern.pk, 1)]


def test_the_next_one_adds_to_it(store, lantern, promise, lead, heard):
    lead.start("damage", "A-01-1", gtin(lantern), "A-01-1", gtin(lantern), "CAGE-01")
    assert shortfall(store, lantern) == 2
    assert heard == [(store.pk, lantern.pk, 1), (store.pk, lantern.pk, 2)]
    assert list(Event.objects.filter(kind="stock.shortfall").values_list("quantity", flat=True)) == [1, 1]


def test_what_nobody_was_promised_makes_nothing_short(store, lantern, lead, heard):
    answer = lead.start("damage", "A-01-1", gtin(lantern), "A-01-1")
    assert 'data-tone="yes"' in answer.text
    assert (shortfall(store, lantern), heard, Event.objects.filter(kind="stock.shortfall").count()) == (0, [], 0)


def test_what_could_not_be_sold_anyway_makes_nothing_short(store, lantern, promise, lead, heard):
    stock_up(store, lantern, 1, "A-01-1", Condition.DAMAGED)
    lead.start("write_off", "A-01-1", gtin(lantern), "A-01-1", why="broken")
    assert (shortfall(store, lantern), heard) == (0, [])


def test_receiving_makes_the_promise_whole_again(store, lantern, promise, lead):
    lead.start("damage", "A-01-1", gtin(lantern), gtin(lantern), "A-01-1")
    assert "promised is there again" not in lead.start("receive", "IN-01", gtin(lantern)).text
    assert shortfall(store, lantern) == 1
    assert "All that customers were promised is there again." in lead.scan(gtin(lantern)).text
    assert (shortfall(store, lantern), atp(store, lantern)) == (0, 0)
    lead.scan(gtin(lantern))
    assert atp(store, lantern) == 1


def test_undoing_a_fact_makes_the_promise_whole_again(store, lantern, promise, lead):
    lead.start("damage", "A-01-1", gtin(lantern), "A-01-1")
    assert lead.tap("undo").status_code == 200
    assert (shortfall(store, lantern), in_bin(store, "A-01-1", lantern)) == (0, 2)


def test_promised_units_do_not_go_on_display(store, lantern, promise, lead):
    stock_up(store, lantern, 1, "A-02-1")
    lead.start("display", "A-01-1", gtin(lantern), gtin(lantern))
    moves = Move.objects.count()
    refused = lead.scan("WINDOW-01")
    assert refused.status_code == 409
    assert "Not promised: only 1" in refused.text
    assert "Lantern" in refused.text
    assert (Move.objects.count(), lead.task.quantity, shortfall(store, lantern)) == (moves, 2, 0)
    # One of them may.
    lead.tap("quantity", item=str(lantern.pk), quantity="1")
    assert lead.scan("WINDOW-01").status_code == 200
    assert atp(store, lantern) == 0


def test_promised_units_may_change_their_bin(store, lantern, promise, lead):
    assert lead.start("move", "A-01-1", gtin(lantern), gtin(lantern), "B-01-1").status_code == 200
    assert in_bin(store, "B-01-1", lantern) == 2


def test_what_was_received_and_is_promised_by_now_is_not_taken_back(store, lead):
    cup = make_item("Cup")
    lead.start("receive", "IN-01", gtin(cup))
    claim = reserve(key="r", store_id=store.pk, item_id=cup.pk, quantity=1, reference="test")
    refused = lead.tap("undo")
    assert (refused.status_code, in_bin(store, "IN-01", cup)) == (409, 1)
    assert "These are promised by now" in refused.text
    release(reservation=claim, reason="test")
    assert lead.tap("undo").status_code == 200
    assert in_bin(store, "IN-01", cup) == 0


def test_who_waits_for_stock_hears_of_what_was_released(store, lantern, lead, monkeypatch):
    rose: list[tuple[int, int]] = []
    monkeypatch.setattr(hooks, "_atp_rose", [lambda *pair: rose.append(pair)])
    lead.start("quarantine", "A-01-1", gtin(lantern), "A-01-1")
    assert rose == []
    lead.start("release", "A-01-1", gtin(lantern), "A-01-1")
    assert rose == [(store.pk, lantern.pk)]
