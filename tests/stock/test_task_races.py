"""Several hands on one bin, and one hand that scans twice, at the same moment. Each guard has a twin without it."""

from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from stores.catalog.models import Item
from stores.models import Store
from stores.stock.actions.post_move import Posting, post_move
from stores.stock.actions.put_down import put_down
from stores.stock.errors import NotInBin
from stores.stock.models import Balance, Move, StockTask
from tests.factories import bin_of, in_bin, make_item, stock_up
from tests.racing import at_once
from tests.stock.handheld import Handheld, gtin, handheld, make_house

pytestmark = pytest.mark.django_db(transaction=True)

HANDS = 8


@pytest.fixture
def store() -> Store:
    return make_house()


@pytest.fixture
def lantern(store) -> Item:
    item = make_item("Lantern")
    stock_up(store, item, 1)
    return item


def with_the_last_unit(store: Store, item: Item) -> list[Handheld]:
    """Everybody has scanned the one unit that lies in A-01-1."""
    people = [handheld(store, name=f"Person {number}") for number in range(HANDS)]
    for person in people:
        person.start("move", "A-01-1", gtin(item))
    return people


def test_the_last_unit_is_moved_by_one(store, lantern):
    people = with_the_last_unit(store, lantern)
    answers = at_once(*(lambda person=person: person.scan("B-01-1").status_code for person in people))
    assert sorted(answers) == [200] + [409] * (HANDS - 1)
    assert (in_bin(store, "A-01-1", lantern), in_bin(store, "B-01-1", lantern)) == (0, 1)
    # Nobody has lost what was in hand but who put it down.
    assert sorted(StockTask.objects.values_list("quantity", flat=True)) == [0] + [1] * (HANDS - 1)


@pytest.mark.breaks_the_record
def test_twin_without_the_databases_guard_the_bin_goes_below_zero(store, lantern):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE stock_balance DROP CONSTRAINT balance_physical_not_negative")
    try:

        def take(number: int) -> None:
            # The look that put_down takes first is passed by everybody: all look before anybody has moved.
            with transaction.atomic():
                post_move(
                    Posting(
                        key=f"twin:{number}",
                        item_id=lantern.pk,
                        source=bin_of(store, "A-01-1"),
                        target=bin_of(store, "B-01-1"),
                        quantity=1,
                        reason=Move.Reason.MOVED,
                    )
                )

        at_once(*(lambda number=number: take(number) for number in range(HANDS)))
        assert in_bin(store, "A-01-1", lantern) == 1 - HANDS
    finally:
        Balance.objects.filter(quantity__lt=0, physical=True).update(quantity=0)
        with connection.cursor() as cursor:
            cursor.execute(
                "ALTER TABLE stock_balance ADD CONSTRAINT balance_physical_not_negative "
                "CHECK (NOT physical OR quantity >= 0)"
            )


def test_what_the_look_misses_the_database_refuses_by_the_items_name(store, lantern, monkeypatch):
    rosa = with_the_last_unit(store, lantern)[0]
    monkeypatch.setattr("stores.stock.actions.put_down.in_bin_by_condition", lambda **_asked: {"sellable": 9})
    with pytest.raises(NotInBin) as refused, transaction.atomic():
        put_down(
            task=rosa.task, item=lantern, quantity=2, place=bin_of(store, "B-01-1"), associate=rosa.associate,
            device=None, key="k", at=None,
        )  # fmt: skip
    assert refused.value.facts == {"bin": "A-01-1", "item": "Lantern", "wanted": 2}
    assert in_bin(store, "A-01-1", lantern) == 1


def test_one_scan_sent_many_times_at_once_ends_one_move(store, lantern):
    rosa = handheld(store)
    stock_up(store, lantern, 9)
    rosa.start("move", "A-01-1", gtin(lantern))
    same = [Handheld(store, rosa.associate, task_pk=rosa.task_pk) for _ in range(HANDS)]
    key = str(uuid4())

    def send(hand: Handheld) -> tuple[int, bool]:
        answer = hand.scan("B-01-1", key=key)
        return answer.status_code, "1 put into B-01-1" in answer.text

    assert set(at_once(*(lambda hand=hand: send(hand) for hand in same))) == {(200, True)}
    assert (in_bin(store, "B-01-1", lantern), Move.objects.filter(reason="moved").count()) == (1, 1)


def test_two_scans_that_end_the_same_move_end_it_once(store, lantern):
    """Two devices of one associate: each scan has a key of its own, so no receipt stops the second."""
    rosa = handheld(store)
    stock_up(store, lantern, 9)
    rosa.start("move", "A-01-1", gtin(lantern))
    same = [Handheld(store, rosa.associate, task_pk=rosa.task_pk) for _ in range(HANDS)]
    at_once(*(lambda hand=hand: hand.scan("B-01-1") for hand in same))
    assert (in_bin(store, "B-01-1", lantern), Move.objects.filter(reason="moved").count()) == (1, 1)
    assert (rosa.task.quantity, rosa.task.source_bin.code) == (0, "A-01-1")


def test_twin_without_the_tasks_lock_each_scan_ends_it_again(store, lantern):
    rosa = handheld(store)
    stock_up(store, lantern, 9)
    rosa.start("move", "A-01-1", gtin(lantern))
    seen = rosa.task

    def end(number: int) -> None:
        with transaction.atomic():
            put_down(
                task=seen, item=lantern, quantity=1, place=bin_of(store, "B-01-1"), associate=rosa.associate,
                device=None, key=f"twin:{number}", at=None,
            )  # fmt: skip

    at_once(*(lambda number=number: end(number) for number in range(HANDS)))
    assert Move.objects.filter(reason="moved").count() == HANDS


def test_two_taps_at_once_open_one_task(store):
    rosa = handheld(store)
    hands = [Handheld(store, rosa.associate) for _ in range(HANDS)]
    answers = at_once(*(lambda hand=hand: hand.start("move").status_code for hand in hands))
    assert set(answers) == {200}
    assert StockTask.objects.count() == 1


def test_twin_a_plain_insert_is_refused_by_the_database(store):
    rosa = handheld(store)

    def insert() -> bool:
        try:
            StockTask.objects.create(store=store, associate=rosa.associate, kind=StockTask.Kind.MOVE)
        except IntegrityError:
            return False
        return True

    assert sorted(at_once(*[insert] * HANDS)) == [False] * (HANDS - 1) + [True]


def test_the_last_move_is_undone_once(store, lantern):
    rosa = handheld(store)
    rosa.start("move", "A-01-1", gtin(lantern), "B-01-1")
    same = [Handheld(store, rosa.associate, task_pk=rosa.task_pk) for _ in range(HANDS)]
    answers = at_once(*(lambda hand=hand: hand.tap("undo").status_code for hand in same))
    assert sorted(answers) == [200] + [409] * (HANDS - 1)
    assert in_bin(store, "A-01-1", lantern) == 1
