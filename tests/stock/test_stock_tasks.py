"""Every way stock changes on a handheld, as somebody does it: by scans alone."""

import re
from decimal import Decimal

import pytest

from stores.catalog.models import Item
from stores.journal.models import Event
from stores.models import Bin, BinKind, Store
from stores.staff.models import Role
from stores.stock.actions.reservations import reserve
from stores.stock.errors import ItemNotSellable
from stores.stock.models import Balance, Condition, Move, StockTask
from tests.factories import atp, in_bin, make_gtin, make_item, stock_up
from tests.stock.handheld import Handheld, gtin, handheld, make_house

pytestmark = pytest.mark.django_db

CASE = make_gtin(770001)


@pytest.fixture
def store() -> Store:
    return make_house()


@pytest.fixture
def lantern() -> Item:
    return make_item("Lantern", case_gtin=CASE)


@pytest.fixture
def rosa(store: Store) -> Handheld:
    return handheld(store)


@pytest.fixture
def lead(store: Store) -> Handheld:
    return handheld(store, Role.LEAD, "Lea")


def last() -> Move:
    return Move.objects.latest("pk")


def test_receiving_posts_each_scan_at_once_and_a_case_counts_twelve(store, rosa, lantern):
    rosa.start("receive", "IN-01")
    assert f"12 received · {lantern.sku}" in rosa.scan(CASE).text
    # The running total, not what this one scan was.
    answer = rosa.scan(gtin(lantern))
    assert f"13 received · {lantern.sku}" in answer.text
    assert '<span class="quantity">13</span>' in answer.text
    assert (in_bin(store, "IN-01", lantern), atp(store, lantern)) == (13, 13)
    assert last().reason == Move.Reason.RECEIVED
    assert last().reference == f"stocktask:{rosa.task_pk}"
    assert Event.objects.filter(kind="stock.received", actor_id=rosa.associate.pk).count() == 2


def test_a_stock_task_counts_every_scan_but_a_triggers_second_read(rosa):
    rosa.start("receive")
    assert 'data-repeat-ms="250"' in rosa.page()
    assert 'data-repeat-ms="1000"' in rosa.client.get("/items/").text


def test_receiving_asks_for_the_bin_first_and_names_the_one_there_is(store, rosa, lantern):
    rosa.start("receive")
    assert "IN-01" in rosa.page()
    answer = rosa.scan(CASE)
    assert (answer.status_code, in_bin(store, "IN-01", lantern)) == (409, 0)
    assert "Scan the bin first" in answer.text


def test_receiving_straight_onto_a_shelf_is_spoken_of_once(store, rosa, lantern):
    answer = rosa.start("receive", "A-01-1")
    assert "Kind of bin: shelf. Go on, or scan another." in answer.text
    answer = rosa.scan(CASE)
    assert "Kind of bin" not in answer.text
    assert in_bin(store, "A-01-1", lantern) == 12


def test_a_delivery_has_a_number_of_its_own(store, rosa, lantern):
    rosa.start("receive", "IN-01")
    assert "such as D:4500012" in rosa.page()
    assert "Delivery 4500012" in rosa.scan("d:4500012").text
    assert 'Delivery <strong class="code">4500012</strong>' in rosa.page()
    rosa.scan(CASE)
    event = Event.objects.get(kind="stock.received")
    assert (event.data["reference"], rosa.task.reference) == ("4500012", "4500012")
    # The number on the parcel's own label does as well.
    assert "Delivery 095200000000000011" in rosa.scan("00095200000000000011").text


def test_a_delivery_note_without_its_mark_is_told_how_to_be_typed(store, rosa):
    rosa.start("receive", "IN-01")
    unknown = rosa.scan("4500012")
    assert (unknown.status_code, rosa.task.reference) == (409, "")
    assert "Type D: before it." in unknown.text
    empty = rosa.scan("D:")
    assert (empty.status_code, rosa.task.reference) == (409, "")
    assert "D: and then the number" in empty.text
    rosa.start("move")
    assert "Type D: before it." not in rosa.scan("4500012").text


def test_a_large_quantity_is_typed_and_means_all_there_are(store, rosa, lantern):
    rosa.start("receive", "IN-01", gtin(lantern))
    answer = rosa.tap("quantity", item=str(lantern.pk), quantity="40")
    assert answer.status_code == 200
    # In all, as it was typed.
    assert f"40 received · {lantern.sku}" in answer.text
    assert "+39: Lantern" in answer.text
    assert in_bin(store, "IN-01", lantern) == 40
    fewer = rosa.tap("quantity", item=str(lantern.pk), quantity="39")
    assert (fewer.status_code, in_bin(store, "IN-01", lantern)) == (409, 40)
    assert "40 are counted already" in fewer.text


@pytest.mark.parametrize("state", [Item.State.DRAFT, Item.State.APPROVED, Item.State.RETIRED])
def test_goods_that_are_not_for_sale_are_received_all_the_same(store, rosa, state):
    new = Item.objects.create(sku="NEW-1", name="New lamp", price=Decimal(3), state=state)
    answer = rosa.start("receive", "IN-01", "NEW-1")
    assert answer.status_code == 200
    assert f"New lamp is {state}: not for sale." in answer.text
    assert in_bin(store, "IN-01", new) == 1
    with pytest.raises(ItemNotSellable):
        reserve(key="r", store_id=store.pk, item_id=new.pk, quantity=1, reference="test")


def test_putting_away_leads_to_where_the_item_lies(store, rosa, lantern):
    stock_up(store, lantern, 2, "A-03-2")
    stock_up(store, lantern, 12, "IN-01")
    rosa.start("put_away")
    # There is one receiving bin: nobody has to scan it.
    assert "12 units of 1 item wait" in rosa.page()
    answer = rosa.scan(CASE)
    assert '<p class="bin code">A-03-2</p>' in answer.text
    assert "12 in hand" in answer.text
    assert "12 put into A-03-2" in rosa.scan("A-03-2").text
    assert (in_bin(store, "IN-01", lantern), in_bin(store, "A-03-2", lantern), atp(store, lantern)) == (0, 14, 14)
    assert (last().reason, rosa.task.quantity, rosa.task.item) == (Move.Reason.PUT_AWAY, 0, None)


def test_any_other_bin_will_do_and_a_strange_one_is_said_to_be(store, rosa, lantern):
    stock_up(store, lantern, 2, "IN-01")
    rosa.start("put_away", gtin(lantern), "BR-01")
    assert in_bin(store, "BR-01", lantern) == 1
    stock_up(store, lantern, 1, "BR-02")
    answer = rosa.scan("BR-02", gtin(lantern), "IN-01")
    assert 'data-tone="look"' in answer.text
    assert "BR-01" not in answer.text
    assert "A-01-1 was suggested. Undo if it was not meant." in answer.text
    assert in_bin(store, "IN-01", lantern) == 2


def test_moving_keeps_the_bin_it_takes_from_for_the_next_item(store, rosa, lantern):
    plate = make_item("Plate")
    stock_up(store, lantern, 3, "A-01-1")
    stock_up(store, plate, 3, "A-01-1")
    rosa.start("move", "A-01-1", gtin(lantern), gtin(lantern), "B-01-1", gtin(plate), "B-01-1")
    assert (in_bin(store, "B-01-1", lantern), in_bin(store, "B-01-1", plate)) == (2, 1)
    assert rosa.task.source_bin.code == "A-01-1"
    assert (last().reason, last().target_condition) == (Move.Reason.MOVED, Condition.SELLABLE)
    # With nothing in hand a bin is where one goes on from.
    assert "You are at A-02-1" in rosa.scan("A-02-1").text


def test_moving_takes_another_condition_where_nothing_is_for_sale(store, rosa, lantern):
    stock_up(store, lantern, 2, "A-01-1", Condition.DAMAGED)
    answer = rosa.start("move", "A-01-1", gtin(lantern))
    assert "Damaged" in answer.text
    rosa.scan("CAGE-01")
    assert in_bin(store, "CAGE-01", lantern, Condition.DAMAGED) == 1
    stock_up(store, lantern, 1, "A-01-1")
    rosa.scan(gtin(lantern), "CAGE-01")
    assert in_bin(store, "CAGE-01", lantern) == 1


def test_damaged_units_stay_where_they_are_or_go_to_the_cage(store, rosa, lantern):
    stock_up(store, lantern, 5, "A-01-1")
    assert "1 damaged, in A-01-1" in rosa.start("damage", "A-01-1", gtin(lantern), "A-01-1").text
    rosa.scan(gtin(lantern), "CAGE-01")
    assert in_bin(store, "A-01-1", lantern, Condition.DAMAGED) == 1
    assert in_bin(store, "CAGE-01", lantern, Condition.DAMAGED) == 1
    assert atp(store, lantern) == 3
    assert Event.objects.filter(kind="stock.damaged").count() == 2


def test_a_sample_goes_on_display_and_comes_back(store, rosa, lantern):
    stock_up(store, lantern, 2, "A-01-1")
    answer = rosa.start("display", "A-01-1", gtin(lantern))
    assert '<p class="bin code long">WINDOW-01</p>' in answer.text
    rosa.scan("WINDOW-01")
    assert (in_bin(store, "WINDOW-01", lantern, Condition.DISPLAY), atp(store, lantern)) == (1, 1)
    rosa.start("release", "WINDOW-01", gtin(lantern), "A-01-1")
    assert (in_bin(store, "A-01-1", lantern), atp(store, lantern), last().reason) == (2, 2, Move.Reason.RELEASED)


def test_a_sample_put_anywhere_but_on_the_display_is_believed_and_spoken_of(store, rosa, lantern):
    stock_up(store, lantern, 3, "A-01-1")
    for place in ("A-01-1", "A-02-1"):
        answer = rosa.start("display", "A-01-1", gtin(lantern), place)
        assert f"1 on display in {place}" in answer.text
        assert "WINDOW-01 was suggested." in answer.text
        assert 'data-tone="look"' in answer.text
        assert in_bin(store, place, lantern, Condition.DISPLAY) == 1
    # With several displays none is suggested, and a shelf is still none.
    Bin.objects.create(store=store, code="WINDOW-02", kind=BinKind.DISPLAY, walk_order=200)
    answer = rosa.start("display", "A-01-1", gtin(lantern), "A-01-1")
    assert "Kind of bin: shelf. Undo if it was not meant." in answer.text


def test_putting_away_elsewhere_names_the_bin_that_was_suggested(store, rosa, lantern):
    stock_up(store, lantern, 2, "A-03-2")
    stock_up(store, lantern, 2, "IN-01")
    answer = rosa.start("put_away", gtin(lantern), "B-01-1")
    assert "1 put into B-01-1" in answer.text
    assert "A-03-2 was suggested." in answer.text
    assert 'data-tone="look"' in answer.text
    assert in_bin(store, "B-01-1", lantern) == 1
    # B-01-1 has the fewest now, and is where the next one is led.
    answer = rosa.scan(gtin(lantern), "B-01-1")
    assert "was suggested" not in answer.text
    assert 'data-tone="yes"' in answer.text


def test_what_is_held_back_is_released_by_a_lead_only(store, rosa, lead, lantern):
    stock_up(store, lantern, 2, "A-01-1")
    rosa.start("quarantine", "A-01-1", gtin(lantern), "CAGE-01")
    assert (in_bin(store, "CAGE-01", lantern, Condition.QUARANTINED), atp(store, lantern)) == (1, 1)
    refused = rosa.start("release", "CAGE-01", gtin(lantern))
    assert (refused.status_code, atp(store, lantern)) == (409, 1)
    assert "Nothing to release in CAGE-01" in refused.text
    lead.start("release", "CAGE-01", gtin(lantern), "A-01-1")
    assert (in_bin(store, "A-01-1", lantern), atp(store, lantern)) == (2, 2)


def test_a_lead_writes_off_at_the_bin_with_a_reason(store, lead, lantern):
    stock_up(store, lantern, 2, "A-01-1", Condition.DAMAGED)
    stock_up(store, lantern, 2, "A-01-1")
    assert lead.start("write_off").status_code == 422
    lead.start("write_off", "A-01-1", gtin(lantern), why="broken")
    other = lead.scan("A-02-1")
    assert (other.status_code, in_bin(store, "A-01-1", lantern, Condition.DAMAGED)) == (409, 2)
    assert "1 written off" in lead.scan("A-01-1").text
    assert in_bin(store, "A-01-1", lantern, Condition.DAMAGED) == 1
    assert atp(store, lantern) == 2
    assert Event.objects.get(kind="stock.written_off").data["reference"] == "broken"


def test_a_lead_adds_what_was_found(store, lead, lantern):
    assert f"12 found · {lantern.sku}" in lead.start("find", "A-02-1", CASE).text
    assert (in_bin(store, "A-02-1", lantern), atp(store, lantern)) == (12, 12)
    assert Balance.objects.get(bin__code="VARIANCE", item=lantern).quantity == -12


@pytest.mark.parametrize("kind", ["write_off", "find"])
def test_an_associate_is_neither_shown_nor_given_what_is_for_leads(store, rosa, kind):
    assert f'value="{kind}"' not in rosa.client.get("/stock/").text.partition("<dialog")[0]
    answer = rosa.start(kind, why="broken")
    assert (answer.status_code, StockTask.objects.count()) == (409, 0)
    assert "for a lead" in answer.text


def test_the_last_move_is_taken_back_once_and_then_the_one_before(store, rosa, lantern):
    stock_up(store, lantern, 3, "A-01-1")
    rosa.start("move", "A-01-1", gtin(lantern), "B-01-1", gtin(lantern), gtin(lantern), "A-02-1")
    assert "Undone: 2 back in A-01-1" in rosa.tap("undo").text
    assert [in_bin(store, code, lantern) for code in ("A-01-1", "B-01-1", "A-02-1")] == [2, 1, 0]
    rosa.tap("undo")
    assert in_bin(store, "A-01-1", lantern) == 3
    answer = rosa.tap("undo")
    assert (answer.status_code, in_bin(store, "A-01-1", lantern)) == (409, 3)
    assert Move.objects.exclude(reverses=None).count() == 2


def test_what_was_received_is_taken_back_out_of_the_house(store, rosa, lantern):
    rosa.start("receive", "IN-01", CASE)
    answer = rosa.tap("undo")
    assert "Undone: 12 out of IN-01" in answer.text
    assert "In this task" not in answer.text
    assert (in_bin(store, "IN-01", lantern), atp(store, lantern)) == (0, 0)


def test_units_in_hand_are_laid_back_and_nothing_has_moved(store, rosa, lantern):
    stock_up(store, lantern, 3, "A-01-1")
    rosa.start("move", "A-01-1", gtin(lantern), gtin(lantern))
    moves = Move.objects.count()
    assert "2 put back" in rosa.tap("put-back").text
    assert (rosa.task.quantity, Move.objects.count()) == (0, moves)
    assert rosa.tap("put-back").status_code == 409


def test_done_ends_the_task_and_leads_back_to_stock(store, rosa):
    rosa.start("move", "A-01-1")
    assert rosa.tap("done")["HX-Redirect"] == "/stock/"
    assert rosa.task.state == StockTask.State.DONE
    assert "This task is done" in rosa.page()
    late = rosa.scan("A-02-1")
    assert late.status_code == 409
    assert "This task is done" in late.text


def test_a_task_left_open_waits_on_the_home_screen(store, rosa, lantern):
    stock_up(store, lantern, 3, "A-01-1")
    rosa.start("move", "A-01-1", gtin(lantern))
    home = rosa.client.get("/").text
    assert "Go on: Move" in home
    assert "1 × Lantern in hand" in home
    assert f'href="/stock/{rosa.task_pk}/"' in home
    # The next day, the same task at the same step.
    assert "1 in hand" in rosa.page()


def test_only_one_task_is_open_at_a_time(store, rosa, lantern):
    stock_up(store, lantern, 3, "A-01-1")
    rosa.start("move", "A-01-1")
    first = rosa.task_pk
    rosa.start("move")
    assert rosa.task_pk == first
    rosa.start("damage", "A-01-1", gtin(lantern))
    assert StockTask.objects.get(pk=first).state == StockTask.State.DONE
    # Whoever begins another with units in hand is led to where they can be laid down.
    damage = rosa.task_pk
    led = rosa.client.post("/stock/start/", {"key": "k", "kind": "move"}, headers={"HX-Request": "true"})
    assert (led.status_code, led["HX-Redirect"]) == (200, f"/stock/{damage}/?held=1")
    page = rosa.client.get(led["HX-Redirect"]).text
    assert "1 still in hand" in page
    assert "Lantern: scan where they go, or put them back." in page
    assert StockTask.objects.filter(state=StockTask.State.OPEN).get().pk == damage
    rosa.tap("put-back")
    assert "still in hand" not in rosa.client.get(led["HX-Redirect"]).text


@pytest.mark.parametrize("kind", ["move", "damage"])
def test_a_task_begun_on_an_items_page_says_where_that_item_lies(store, rosa, lantern, kind):
    stock_up(store, lantern, 3, "A-01-1")
    stock_up(store, lantern, 2, "BR-01")
    stock_up(store, lantern, 1, "CAGE-01", Condition.DAMAGED)
    begin = f"/stock/start/?item={lantern.pk}"
    assert f'action="{begin}"' in rosa.client.get(f"/items/{lantern.pk}/").text
    led = rosa.client.post(begin, {"key": "k", "kind": kind}, headers={"HX-Request": "true"})
    rosa.task_pk = int(led["HX-Redirect"].split("/")[2])
    assert led["HX-Redirect"] == f"/stock/{rosa.task_pk}/?item={lantern.pk}"
    page = rosa.client.get(led["HX-Redirect"]).text
    assert "Looking for: Lantern" in page
    lies = re.findall(r'<strong class="code">([^<]*)</strong>', page)
    assert lies == (["A-01-1", "BR-01", "CAGE-01"] if kind == "move" else ["A-01-1", "BR-01"])
    scan = f"/stock/{rosa.task_pk}/scan/?item={lantern.pk}"
    assert f'data-scan-url="{scan}"' in page
    codes = (("A-01-1", True), (gtin(lantern), False), ("CAGE-01", False))
    for number, (code, is_sought) in enumerate(codes):
        answer = rosa.client.post(scan, {"key": f"scan-{number}", "code": code}, headers={"HX-Request": "true"})
        assert ("Looking for: Lantern" in answer.text) == is_sought


@pytest.mark.parametrize("item", ["0", "x", "99999999999", "%00", "9" * 40])
def test_an_item_that_is_none_is_not_looked_for(rosa, item):
    led = rosa.client.post(f"/stock/start/?item={item}", {"key": "k", "kind": "move"}, headers={"HX-Request": "true"})
    answer = rosa.client.get(led["HX-Redirect"])
    assert (answer.status_code, "Looking for" in answer.text) == (200, False)


def test_every_move_says_who_when_and_on_which_device(store, rosa, lantern):
    stock_up(store, lantern, 3, "A-01-1")
    rosa.start("move", "A-01-1", gtin(lantern), "B-01-1")
    event = Event.objects.get(kind="stock.moved")
    assert (last().associate, event.actor_id) == (rosa.associate, rosa.associate.pk)
    assert (event.device_id, event.quantity) == (store.devices.get().pk, 1)
    assert (event.data["from"], event.data["to"]) == ("A-01-1", "B-01-1")


def test_without_javascript_a_scan_is_answered_with_a_page(store, rosa):
    rosa.start("move")
    answer = rosa.client.post(f"/stock/{rosa.task_pk}/scan/", {"code": "A-01-1", "key": "k"})
    assert "<html" in answer.text
    assert "You are at A-01-1" in answer.text
    led = rosa.client.post("/stock/start/", {"kind": "damage", "key": "l"})
    assert (led.status_code, led["Location"].startswith("/stock/")) == (303, True)
