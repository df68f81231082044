"""Wrong scans: each is refused with what is expected, and nothing is lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from stores.catalog.models import Barcode, BundleComponent, Item
from stores.journal.models import Receipt
from stores.models import Store
from stores.staff.models import Membership, Role
from stores.stock.models import Availability, Condition, Move, StockTask
from tests.factories import change_items, in_bin, make_associate, make_gtin, make_item, make_store, stock_up
from tests.staff.signing_in import signed_in_client
from tests.stock.handheld import HTMX, Handheld, gtin, handheld, make_house

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return make_house()


@pytest.fixture
def lantern(store) -> Item:
    item = make_item("Lantern")
    stock_up(store, item, 2)
    return item


@pytest.fixture
def rosa(store) -> Handheld:
    return handheld(store)


def refused(rosa: Handheld, code: str, words: str, status: int = 409) -> None:
    """The scan is refused with these words, and neither the task nor the ledger is another."""
    before = StockTask.objects.filter(pk=rosa.task_pk).values().get(), Move.objects.count()
    answer = rosa.scan(code)
    assert answer.status_code == status
    assert words in answer.text
    assert (StockTask.objects.filter(pk=rosa.task_pk).values().get(), Move.objects.count()) == before


def test_the_record_says_how_many_it_has(store, rosa, lantern):
    rosa.start("move", "A-01-1", gtin(lantern), gtin(lantern))
    refused(rosa, gtin(lantern), "The record has 2 in A-01-1")
    assert rosa.scan("B-01-1").status_code == 200


def test_a_case_of_more_than_there_are_is_not_taken(store, rosa, lantern):
    Barcode.objects.create(item=lantern, gtin=make_gtin(880001), pack_quantity=12)
    rosa.start("move", "A-01-1")
    refused(rosa, make_gtin(880001), "The record has 2 in A-01-1")


def test_what_is_not_in_the_bin_cannot_be_taken_from_it(store, rosa, lantern):
    rosa.start("move", "A-02-1")
    refused(rosa, gtin(lantern), "The record has none in A-02-1")


def test_what_somebody_took_meanwhile_is_not_moved_twice(store, rosa, lantern):
    rosa.start("move", "A-01-1", gtin(lantern), gtin(lantern))
    ben = handheld(store, name="Ben")
    ben.start("move", "A-01-1", gtin(lantern), "A-02-1")
    refused(rosa, "B-01-1", "The record has 1 in A-01-1")
    rosa.tap("quantity", item=str(lantern.pk), quantity="1")
    rosa.scan("B-01-1")
    assert [in_bin(store, code, lantern) for code in ("A-01-1", "A-02-1", "B-01-1")] == [0, 1, 1]


def test_one_item_at_a_time(store, rosa, lantern):
    plate = make_item("Plate")
    stock_up(store, plate, 2)
    rosa.start("move", "A-01-1", gtin(lantern))
    refused(rosa, gtin(plate), "First put down the 1 in hand")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("TOTE-0001", "TOTE-0001 is not for this"),
        ("S-01", "S-01 is not for this"),
        ("VARIANCE", "VARIANCE is not for this"),
        ("CUSTOMER", "CUSTOMER is not for this"),
        ("NOSUCH", "Unknown code"),
        (make_gtin(990001), "Unknown code"),
        ("B:4711", "This is a badge"),
        ("00095200000000000011", "This is a parcel number"),
    ],
)
def test_what_is_neither_a_bin_for_stock_nor_an_item(store, rosa, lantern, code, words):
    rosa.start("move")
    refused(rosa, code, words)
    rosa.scan("A-01-1", gtin(lantern))
    refused(rosa, code, words)


def test_an_unknown_code_offers_the_search(rosa):
    rosa.start("move")
    assert f'href="/items/?q=NOSUCH&amp;next=%2Fstock%2F{rosa.task_pk}%2F"' in rosa.scan("NOSUCH").text


@pytest.mark.parametrize("code", ["A-01\x07-1", "", "5012345678901"])
def test_what_no_scanner_of_ours_types_is_422(rosa, code):
    rosa.start("move")
    assert rosa.scan(code).status_code == 422


def test_another_stores_bin_is_nothing_here(store, rosa):
    there = make_store()
    there.bins.filter(code="B-01-1").update(code="Z-99-9")
    rosa.start("move")
    refused(rosa, "Z-99-9", "Unknown code")


def test_the_bin_comes_first(store, rosa, lantern):
    rosa.start("move")
    refused(rosa, gtin(lantern), "Scan the bin first")


def test_the_same_bin_is_no_target_where_nothing_would_change(store, rosa, lantern):
    rosa.start("move", "A-01-1")
    refused(rosa, "A-01-1", "You are at A-01-1 already")
    rosa.scan(gtin(lantern))
    refused(rosa, "A-01-1", "They come from A-01-1")


def test_a_bundle_has_no_stock_to_move(store, rosa, lantern):
    bundle = make_item("Gift set")
    change_items(Item.objects.filter(pk=bundle.pk), is_bundle=True)
    BundleComponent.objects.create(bundle=bundle, component=lantern)
    rosa.start("receive", "IN-01")
    refused(rosa, gtin(bundle), "A bundle has no stock of its own")


def test_a_number_of_a_delivery_is_none_elsewhere(store, rosa):
    rosa.start("move")
    refused(rosa, "D:4500012", "Unknown code")


def test_the_bin_read_twice_ends_the_move_once_and_starts_nothing(store, rosa, lantern):
    now = timezone.now()
    rosa.start("move", "A-01-1", gtin(lantern))
    rosa.scan("B-01-1", at=now.isoformat())
    # Both reads may arrive long after: what counts is when they were made.
    again = rosa.scan("B-01-1", at=(now + timedelta(seconds=1)).isoformat())
    assert again.status_code == 409
    assert "They are in B-01-1 already" in again.text
    assert rosa.task.source_bin.code == "A-01-1"
    assert rosa.scan("B-01-1", at=(now - timedelta(seconds=9)).isoformat()).status_code == 200
    assert rosa.task.source_bin.code == "B-01-1"


def test_the_same_key_again_moves_nothing_again(store, rosa, lantern):
    rosa.start("move", "A-01-1", gtin(lantern), gtin(lantern))
    key = str(uuid4())
    first, again = rosa.scan("B-01-1", key=key), rosa.scan("B-01-1", key=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert "2 put into B-01-1" in again.text
    assert in_bin(store, "B-01-1", lantern) == 2
    assert Receipt.objects.filter(key=key).count() == 1
    other = rosa.scan("A-02-1", key=key)
    assert (other.status_code, rosa.task.source_bin.code) == (422, "A-01-1")


def test_a_scan_is_dated_by_the_device_unless_its_clock_is_wrong(store, rosa, lantern):
    made = timezone.now() - timedelta(hours=4)
    rosa.start("move", "A-01-1", gtin(lantern))
    rosa.scan("B-01-1", at=made.isoformat())
    assert Move.objects.latest("pk").occurred_at == made
    for wrong in ("2020-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "nonsense", "2026-02-30T10:00:00Z", "12"):
        rosa.scan(gtin(lantern), "A-01-1", "B-01-1", at=wrong)
        stock_up(store, lantern, 1)
        rosa.scan("A-01-1", gtin(lantern), "A-02-1", at=wrong)
        assert abs(Move.objects.latest("pk").occurred_at - timezone.now()) < timedelta(minutes=1)


def test_what_has_gone_on_since_is_not_taken_back(store, rosa, lantern):
    rosa.start("move", "A-01-1", gtin(lantern), gtin(lantern), "B-01-1")
    ben = handheld(store, name="Ben")
    ben.start("move", "B-01-1", gtin(lantern), "A-02-1")
    answer = rosa.tap("undo")
    assert answer.status_code == 409
    assert "They have gone on from B-01-1" in answer.text
    assert in_bin(store, "B-01-1", lantern) == 1


@pytest.mark.parametrize("quantity", ["", "0", "-1", "1.5", "٣", "1000", "99999999999999999999"])
def test_a_strange_number_is_422(store, rosa, lantern, quantity):
    rosa.start("move", "A-01-1", gtin(lantern))
    answer = rosa.tap("quantity", item=str(lantern.pk), quantity=quantity)
    assert (answer.status_code, rosa.task.quantity) == (422, 1)


@pytest.mark.parametrize("item", ["", "x", "0", "9" * 40, "٣"])
def test_a_number_for_another_item_counts_nothing(store, rosa, lantern, item):
    rosa.start("move", "A-01-1", gtin(lantern))
    answer = rosa.tap("quantity", item=item, quantity="2")
    assert (answer.status_code, rosa.task.quantity) == (409, 1)


def test_done_waits_for_what_is_in_hand(store, rosa, lantern):
    rosa.start("move", "A-01-1", gtin(lantern))
    answer = rosa.tap("done")
    assert (answer.status_code, rosa.task.state) == (409, StockTask.State.OPEN)
    assert "1 still in hand" in answer.text


def test_nonsense_is_no_kind_of_task(rosa):
    for kind in ("", "x", "RECEIVE", "a\0b"):
        assert rosa.start(kind).status_code == 422
    assert StockTask.objects.count() == 0


@pytest.mark.parametrize("what", ["scan", "quantity", "put-back", "undo", "done"])
def test_a_colleagues_and_another_stores_tasks_are_not_there(store, rosa, lantern, what):
    rosa.start("move", "A-01-1", gtin(lantern))
    elsewhere = make_store()
    for client in (
        handheld(store, name="Ben").client,
        signed_in_client(make_associate(elsewhere, role=Role.MANAGER), elsewhere),
    ):
        form = {"key": str(uuid4()), "code": "B-01-1", "quantity": "1", "item": str(lantern.pk)}
        assert client.post(f"/stock/{rosa.task_pk}/{what}/", form, headers=HTMX).status_code == 404
        assert client.get(f"/stock/{rosa.task_pk}/").status_code == 404
    assert (rosa.task.quantity, rosa.task.state) == (1, StockTask.State.OPEN)


def test_a_lead_who_is_none_any_more_ends_no_write_off(store, lantern):
    lead = handheld(store, Role.LEAD)
    lead.start("write_off", "A-01-1", gtin(lantern), why="lost")
    lead.client = signed_in_client(lead.associate, store)
    lead.associate.memberships.update(role=Role.ASSOCIATE)
    lead.client = signed_in_client(lead.associate, store)
    answer = lead.scan("A-01-1")
    assert (answer.status_code, in_bin(store, "A-01-1", lantern)) == (409, 2)
    assert "for a lead" in answer.text


def test_a_condition_is_not_mixed_in_one_hand(store, rosa):
    cup = make_item("Cup")
    stock_up(store, cup, 1)
    stock_up(store, cup, 5, "A-01-1", Condition.DAMAGED)
    rosa.start("move", "A-01-1", gtin(cup))
    refused(rosa, gtin(cup), "The record has 1 in A-01-1")


def test_an_item_scan_costs_few_statements(store, rosa, lantern, django_assert_num_queries):
    rosa.start("move", "A-01-1", gtin(lantern))
    # Sign-in, task, barcode, what the bin has, the task's new count, event, receipt; the test's savepoint stands for
    # begin and commit.
    code = gtin(lantern)
    with django_assert_num_queries(9):
        rosa.scan(code)


def test_the_scan_that_ends_a_move_costs_few_statements(store, rosa, lantern, django_assert_num_queries):
    rosa.start("move", "A-01-1", gtin(lantern))
    # Sign-in, task, bin, what the bin has, the promise's lock, the move, event, task, receipt, and what the screen
    # shows of the bin and can undo.
    with django_assert_num_queries(13):
        rosa.scan("B-01-1")
    assert Availability.objects.get(item=lantern).on_hand == 2


def test_a_received_unit_costs_few_statements(store, rosa, lantern, django_assert_num_queries):
    rosa.start("receive", "IN-01", gtin(lantern))
    # Sign-in, task, barcode, supplier, the promise's lock, the move, event, receipt, the total and the running list.
    code = gtin(lantern)
    with django_assert_num_queries(12):
        rosa.scan(code)


def test_who_is_no_lead_any_more_can_lay_back_what_is_in_hand_and_go_on(store, lantern):
    lena = handheld(store, Role.LEAD)
    lena.start("write_off", "A-01-1", gtin(lantern), why="broken")
    Membership.objects.filter(associate=lena.associate).update(role=Role.ASSOCIATE)
    lena.client = signed_in_client(lena.associate, store)
    refused(lena, "A-01-1", "for a lead")
    assert lena.tap("put-back").status_code == 200
    assert (lena.task.quantity, in_bin(store, "A-01-1", lantern)) == (0, 2)
    assert lena.start("move", "A-01-1").status_code == 200
