"""Where the associate is led: to the shelf with what came in, and to the backroom for what the floor lacks."""

import pytest
from django.db import transaction

from stores.journal.actions.record import record
from stores.models import Bin, Zone
from stores.stock.actions.post_move import Posting, post_move
from stores.stock.models import Condition, Move
from stores.stock.queries.put_away import BESIDE_ITS_KIND, IS_EMPTY, LAY_THERE, LIES_THERE, NEAR_ITS_KIND, suggest_bin
from stores.stock.queries.replenish import floor_is_low
from tests.factories import bin_of, in_bin, make_item, stock_up
from tests.stock.handheld import gtin, handheld, make_house

pytestmark = pytest.mark.django_db


def move(store, item, source, target, quantity, reason=Move.Reason.MOVED):
    with transaction.atomic():
        return post_move(
            Posting(
                key=f"{reason}{Move.objects.count()}",
                item_id=item.pk,
                source=bin_of(store, source),
                target=bin_of(store, target),
                quantity=quantity,
                reason=reason,
            )
        )


def pick(store, item, bin_code, quantity):
    """As a picker's scan does: the move and its event."""
    move_id = move(store, item, bin_code, "TOTE-0001", quantity, Move.Reason.PICKED)
    record(kind="picking.unit_picked", subject="", store=store, key=Move.objects.get(pk=move_id).key)


def suggested(store, item):
    found = suggest_bin(store=store, item_id=item.pk)
    return (found.why, found.code) if found else None


def test_first_the_emptiest_shelf_on_which_it_lies():
    store, item = make_house(), make_item()
    stock_up(store, item, 5, "A-01-1")
    stock_up(store, item, 2, "B-01-1")
    stock_up(store, item, 1, "A-02-1", Condition.DAMAGED)
    stock_up(store, item, 1, "BR-01")
    assert suggested(store, item) == (LIES_THERE, "B-01-1")


def test_then_the_shelf_it_was_on_last():
    store, item = make_house(), make_item()
    stock_up(store, item, 1, "A-01-1")
    move(store, item, "A-01-1", "B-01-1", 1)
    move(store, item, "B-01-1", "BR-01", 1)
    assert suggested(store, item) == (LAY_THERE, "B-01-1")


def test_then_an_empty_shelf_near_things_of_its_kind():
    store, item, plate, cup = make_house(), make_item(), make_item("Plate"), make_item("Cup")
    upstairs = Zone.objects.create(store=store, code="UP", name="Upstairs", walk_order=5)
    for place in (1, 2, 3, 4):
        Bin.objects.create(store=store, zone=upstairs, code=f"U-0{place}", kind="shelf", walk_order=500 + 10 * place)
    stock_up(store, plate, 1, "U-03")
    stock_up(store, cup, 1, "U-04")
    assert suggested(store, item) == (NEAR_ITS_KIND, "U-02")


def test_then_any_empty_shelf_and_none_where_there_is_none():
    store, item, stranger = make_house(), make_item(), make_item("Stranger")
    assert suggested(store, item) == (IS_EMPTY, "A-01-1")
    store.bins.filter(kind="shelf").delete()
    assert suggested(store, stranger) is None


def test_where_no_shelf_is_empty_the_one_with_the_most_of_its_kind():
    store, item, plate, cup = make_house(), make_item(), make_item("Plate"), make_item("Cup")
    for code in ("A-01-1", "A-02-1", "A-03-2", "B-01-1"):
        stock_up(store, plate, 1, code)
    stock_up(store, cup, 1, "A-03-2")
    assert suggested(store, item) == (BESIDE_ITS_KIND, "A-03-2")


def test_another_stores_shelves_are_never_suggested():
    here, there, item = make_house(), make_house(), make_item()
    stock_up(there, item, 5, "B-01-1")
    assert suggested(here, item) == (IS_EMPTY, "A-01-1")


def low(store):
    return [(one.bin_code, one.name, one.on_floor, one.sold, one.wanted) for one in floor_is_low(store)]


def test_an_empty_shelf_is_low_and_the_backroom_is_walked_in_order():
    store, lamp, cup = make_house(), make_item("Lamp"), make_item("Cup")
    stock_up(store, lamp, 6, "BR-02")
    stock_up(store, cup, 2, "BR-01")
    assert low(store) == [("BR-01", "Cup", 0, 0, 2), ("BR-02", "Lamp", 0, 0, 3)]


def test_a_shelf_with_less_than_a_weeks_worth_is_low():
    store, lamp, cup = make_house(), make_item("Lamp"), make_item("Cup")
    for item in (lamp, cup):
        stock_up(store, item, 10, "A-01-1")
        stock_up(store, item, 20, "BR-01")
    pick(store, lamp, "A-01-1", 7)
    pick(store, cup, "A-01-1", 6)
    # Of the lamp 3 are left, and 7 were picked: less than half. Of the cup 4 are left, and 6 were picked.
    assert low(store) == [("BR-01", "Lamp", 3, 7, 4)]


def test_what_the_backroom_cannot_sell_fills_no_shelf():
    store, lamp, cup = make_house(), make_item("Lamp"), make_item("Cup")
    stock_up(store, lamp, 6, "BR-02", Condition.QUARANTINED)
    stock_up(store, cup, 6, "IN-01")
    assert low(store) == []


def test_replenishing_is_led_like_picking():
    store, lamp, cup = make_house(), make_item("Lamp"), make_item("Cup")
    stock_up(store, cup, 1, "A-02-1")
    pick(store, cup, "A-02-1", 1)
    stock_up(store, cup, 5, "BR-01")
    stock_up(store, lamp, 6, "BR-02")
    rosa = handheld(store)
    rosa.start("replenish")
    page = rosa.page()
    assert '<p class="bin code">BR-01</p>' in page
    assert "Take 3" in page
    assert "Shelf empty" in page
    answer = rosa.scan("BR-01", gtin(cup), gtin(cup))
    assert '<p class="bin code">A-02-1</p>' in answer.text
    assert "it was there last" in answer.text
    answer = rosa.scan("A-02-1")
    assert (in_bin(store, "A-02-1", cup), Move.objects.latest("pk").reason) == (2, Move.Reason.REPLENISHED)
    assert '<p class="bin code">BR-02</p>' in answer.text
    rosa.scan("BR-02", gtin(lamp), "A-01-1")
    assert "The floor is full" in rosa.page()


def test_who_stands_further_on_is_led_further_on():
    store, lamp, cup = make_house(), make_item("Lamp"), make_item("Cup")
    stock_up(store, cup, 5, "BR-01")
    stock_up(store, lamp, 6, "BR-02")
    rosa = handheld(store)
    answer = rosa.start("replenish", "BR-02")
    assert '<p class="bin code">BR-02</p>' in answer.text
    assert "Lamp" in answer.text


def test_the_menu_says_how_much_there_is_to_do(django_assert_num_queries):
    store, lamp, cup = make_house(), make_item("Lamp"), make_item("Cup")
    stock_up(store, lamp, 6, "BR-02")
    stock_up(store, cup, 7, "IN-01")
    rosa = handheld(store)
    # Sign-in, what waits, what is low, my open task.
    with django_assert_num_queries(4):
        page = rosa.client.get("/stock/").text
    assert '<span class="chip look">1 item</span>' in page
    assert "1 low" in page


def test_the_list_costs_the_same_however_much_is_low(django_assert_num_queries):
    store = make_house()
    rosa = handheld(store)
    rosa.start("replenish")
    # Sign-in, task, what can be undone, what is low.
    with django_assert_num_queries(4):
        rosa.page()
    for number in range(25):
        stock_up(store, make_item(f"Item {number}"), 6, "BR-02")
    with django_assert_num_queries(4):
        assert rosa.page().count("list-row") == 19
