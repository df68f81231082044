"""What the screens of stock tasks show beside the step: how much waits, how many are wanted, what can be undone."""

import re

import pytest

from stores.stock.models import Move
from tests.factories import in_bin, make_item, stock_up
from tests.stock.handheld import gtin, handheld, make_house

pytestmark = pytest.mark.django_db


def listed(page: str) -> list[str]:
    return re.findall(r'class="list-row"><span class="grow">([^<]*)<br>', page)


def test_what_came_in_last_is_first_on_the_list_of_what_waits():
    store = make_house()
    items = [make_item(f"Item {number:02}") for number in range(15)]
    for item in items:
        stock_up(store, item, 2, "IN-01")
    stock_up(store, items[0], 5, "IN-01")
    rosa = handheld(store)
    rosa.start("put_away")
    page = rosa.page()
    assert listed(page)[:3] == ["Item 00", "Item 14", "Item 13"]
    assert len(listed(page)) == 12
    assert "35 units of 15 items wait" in page
    assert "… and 3 more" in page
    assert "15 items" in rosa.client.get("/stock/").text


def test_other_tasks_list_a_bin_by_name():
    store = make_house()
    for name in ("Cup", "Bowl"):
        stock_up(store, make_item(name), 2, "A-01-1")
    rosa = handheld(store)
    answer = rosa.start("move", "A-01-1")
    assert listed(answer.text) == ["Bowl", "Cup"]
    assert "more</p>" not in answer.text


def test_how_many_were_to_be_taken_stays_on_the_screen_and_more_is_spoken_of():
    store, cup, lamp = make_house(), make_item("Cup"), make_item("Lamp")
    stock_up(store, cup, 5, "BR-01")
    stock_up(store, lamp, 5, "BR-01")
    stock_up(store, lamp, 9, "A-01-1")
    rosa = handheld(store)
    answer = rosa.start("replenish", "BR-01", gtin(cup), gtin(cup))
    assert answer.text.count("2 of 3 in hand") == 2  # The band and the card.
    assert "2 of 3 in hand" in rosa.page()
    rosa.scan(gtin(cup))
    answer = rosa.scan(gtin(cup))
    assert 'data-tone="look"' in answer.text
    assert f"4 in hand · {cup.sku}" in answer.text
    assert "3 would do: Cup" in answer.text
    rosa.scan("A-02-1")
    assert in_bin(store, "A-02-1", cup) == 4
    # Nobody has said how many of what is not low.
    answer = rosa.scan(gtin(lamp))
    assert f"1 in hand · {lamp.sku}" in answer.text
    assert 'data-tone="yes"' in answer.text


def test_undo_is_offered_where_there_is_something_to_undo():
    store, cup = make_house(), make_item("Cup")
    stock_up(store, cup, 5, "A-01-1")
    rosa = handheld(store)
    for kind, codes in {"receive": ("IN-01", gtin(cup)), "move": ("A-01-1", gtin(cup), "A-02-1")}.items():
        rosa.start(kind, codes[0])
        assert 'id="undo"' not in rosa.page()
        assert 'id="undo"' in rosa.scan(*codes[1:]).text
        assert 'id="undo"' not in rosa.tap("undo").text


def test_what_was_undone_can_still_be_counted_by_the_keypad():
    store, cup = make_house(), make_item("Cup")
    rosa = handheld(store)
    rosa.start("receive", "IN-01", gtin(cup))
    answer = rosa.tap("undo")
    assert f'href="#count" data-sheet data-item="{cup.pk}"' in answer.text
    answer = rosa.tap("quantity", item=str(cup.pk), quantity="12")
    assert f"12 received · {cup.sku}" in answer.text
    assert in_bin(store, "IN-01", cup) == 12
    assert Move.objects.latest("pk").quantity == 12
    # Another item that was never scanned here is none to count.
    other = make_item("Bowl")
    refused = rosa.tap("quantity", item=str(other.pk), quantity="3")
    assert (refused.status_code, in_bin(store, "IN-01", other)) == (409, 0)
