"""Counts, sales, picks and hands at one bin at the same moment. The twins show what happens without the guard."""

from threading import Event as Signal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from stores.catalog.models import Item
from stores.models import Bin, BinKind, Store
from stores.stock.actions import count_requests, sell
from stores.stock.actions.count_requests import Counted
from stores.stock.actions.post_handled import post_told
from stores.stock.actions.post_move import Posting
from stores.stock.actions.sell import record_sale
from stores.stock.counting_errors import AlreadyCounted
from stores.stock.errors import NotInBin
from stores.stock.models import Availability, Balance, Condition, CountRequest, Move
from tests.factories import bin_of, in_bin, make_associate, make_item, make_store, stock_up
from tests.racing import HANG_SECONDS, at_once
from tests.stock.counts import answer, ask

pytestmark = pytest.mark.django_db(transaction=True)

HANDS = 6
HELD = Condition.QUARANTINED


@pytest.fixture
def store() -> Store:
    return make_store()


@pytest.fixture
def lantern(store) -> Item:
    item = make_item("Lantern")
    stock_up(store, item, 5)
    return item


def release_by_hand(store: Store, item: Item, units: int = 1) -> bool:
    try:
        moved_at_once(store, item, "A-01-1", units, Move.Reason.RELEASED, source_condition=HELD)
    except NotInBin:
        return False
    return True


def pick(store: Store, item: Item, units: int) -> bool:
    try:
        moved_at_once(store, item, "TOTE-0001", units, Move.Reason.MOVED)
    except NotInBin:
        return False
    return True


def moved_at_once(store: Store, item: Item, target: str, units: int, reason: Move.Reason, **fields: Any) -> None:
    with transaction.atomic():
        post_told(
            Posting(
                key=str(uuid4()),
                item_id=item.pk,
                source=bin_of(store, "A-01-1"),
                target=bin_of(store, target),
                quantity=units,
                reason=reason,
                **fields,
            ),
            item=item,
            device=None,
            data={},
        )


def till(store: Store, item: Item, units: int, key: str = "") -> list[int]:
    with transaction.atomic():
        return record_sale(store=store, item=item, quantity=units, key=key or str(uuid4()), reference="till")


def with_customers(store: Store, item: Item) -> int:
    return int(Balance.objects.get(bin__store=store, bin__kind=BinKind.CUSTOMER, item=item).quantity)


# --- a count and a hand -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("counted", [1, 3, 4, 7])
def test_a_count_and_a_release_by_hand_leave_what_was_counted(store, lantern, counted):
    """Whoever is first: what the hand released before is sellable by then, and after the count nothing is held."""
    request, rosa = ask(store, lantern, 2), make_associate(store)
    done, *released = at_once(
        lambda: answer(request, counted, rosa), *[lambda: release_by_hand(store, lantern)] * 2
    )  # fmt: skip
    assert isinstance(done, Counted)
    assert done.recorded == 5
    assert in_bin(store, "A-01-1", lantern) == counted
    assert in_bin(store, "A-01-1", lantern, HELD) == 0
    assert Move.objects.filter(reason="released", reference="").count() == sum(map(bool, released))


def test_twin_a_count_that_locks_nothing_is_undone_by_the_hand(store, lantern, monkeypatch):
    request, rosa = ask(store, lantern, 2), make_associate(store)
    looked, changed = Signal(), Signal()

    def look(bin: Bin, item: Item) -> dict[str, int]:
        there = Balance.objects.filter(bin=bin, item=item).values_list("condition", "quantity")
        seen = {Condition.SELLABLE: 0, HELD: 0} | dict(there)
        looked.set()
        assert changed.wait(HANG_SECONDS)
        return seen

    def by_hand() -> bool:
        assert looked.wait(HANG_SECONDS)
        released = release_by_hand(store, lantern)
        changed.set()
        return released

    def count() -> str:
        try:
            answer(request, 0, rosa)
        except NotInBin:
            return "refused"
        return "counted"

    monkeypatch.setattr(count_requests, "lock_availability", lambda store_id, item_id: Availability())
    monkeypatch.setattr(count_requests, "_locked_balances", look)
    assert at_once(count, by_hand) == ["refused", True]
    request.refresh_from_db()
    assert request.state == "open"


def test_of_several_answers_the_first_counts_and_the_others_are_told_it(store, lantern):
    request = ask(store, lantern, 2)
    people = [make_associate(store, name=f"Person {number}") for number in range(HANDS)]

    def count(number: int) -> tuple[str, int] | None:
        try:
            answer(request, number, people[number])
        except AlreadyCounted as late:
            return late.facts["who"], late.facts["counted"]
        return None

    told = at_once(*(lambda number=number: count(number) for number in range(HANDS)))
    request.refresh_from_db()
    winner = told.index(None)
    assert request.counted == winner
    assert [one for one in told if one] == [(f"Person {winner}", winner)] * (HANDS - 1)
    assert (in_bin(store, "A-01-1", lantern), in_bin(store, "A-01-1", lantern, HELD)) == (winner, 0)


def test_several_who_do_not_find_it_ask_once(store, lantern):
    asked = at_once(*[lambda: ask(store, lantern, 1).pk] * HANDS)
    request = CountRequest.objects.get()
    assert set(asked) == {request.pk}
    assert (request.held, in_bin(store, "A-01-1", lantern, HELD)) == (5, 5)


def test_twin_a_plain_insert_is_refused_by_the_database(store, lantern):
    place = bin_of(store, "A-01-1")

    def insert() -> bool:
        try:
            CountRequest.objects.create(store=store, bin=place, item=lantern, reason="asked")
        except IntegrityError:
            return False
        return True

    assert sorted(at_once(*[insert] * HANDS)) == [False] * (HANDS - 1) + [True]


def test_asking_and_answering_at_once_leave_every_unit_counted_or_held(store, lantern):
    request, rosa = ask(store, lantern, 1), make_associate(store)
    at_once(lambda: answer(request, 5, rosa), lambda: ask(store, lantern, 2))
    held = sum(CountRequest.objects.filter(state="open").values_list("held", flat=True))
    # The ask was before the answer, which settled it as well; or it opened a request of its own.
    assert held in (0, 2)
    assert (in_bin(store, "A-01-1", lantern), in_bin(store, "A-01-1", lantern, HELD)) == (5 - held, held)


# --- the till ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("_turn", range(3))
def test_a_sale_is_recorded_whatever_a_picker_takes_at_the_same_moment(store, lantern, _turn):
    sold, picked = at_once(lambda: till(store, lantern, 4), lambda: pick(store, lantern, 3))
    assert sold
    assert with_customers(store, lantern) == 4
    # The picker was first: the till sold what the record no longer had there. Or the shelf was short of his three.
    assert in_bin(store, "TOTE-0001", lantern) == (3 if picked else 0)
    assert in_bin(store, "A-01-1", lantern) == (0 if picked else 1)
    assert CountRequest.objects.count() == (1 if picked else 0)


def test_twin_a_sale_that_does_not_lock_the_bins_is_refused(store, lantern, monkeypatch):
    looked, changed = Signal(), Signal()

    def look(*, store: Store, item: Item) -> list[tuple[Bin, int]]:
        there = [(bin_of(store, "A-01-1"), in_bin(store, "A-01-1", item))]
        looked.set()
        assert changed.wait(HANG_SECONDS)
        return there

    def picking() -> bool:
        assert looked.wait(HANG_SECONDS)
        picked = pick(store, lantern, 3)
        changed.set()
        return picked

    def selling() -> bool:
        try:
            return bool(till(store, lantern, 4))
        except NotInBin:
            return False

    monkeypatch.setattr(sell, "lock_bins_to_sell_from", look)
    assert at_once(selling, picking) == [False, True]


def test_many_tills_sell_the_last_ones(store, lantern):
    at_once(*[lambda: till(store, lantern, 2)] * HANDS)
    assert (with_customers(store, lantern), in_bin(store, "A-01-1", lantern)) == (2 * HANDS, 0)
    assert CountRequest.objects.get().bin.code == "A-01-1"
    found = Move.objects.filter(reason="found").values_list("quantity", flat=True)
    assert sum(found) == 2 * HANDS - 5


def test_one_sale_told_many_times_at_once_is_sold_once(store, lantern):
    moves = at_once(*[lambda: till(store, lantern, 2, key="pos:7")] * HANDS)
    assert len({tuple(one) for one in moves}) == 1
    assert with_customers(store, lantern) == 2


def test_twin_without_looking_what_was_recorded_the_sale_is_refused_when_told_again(store, lantern, monkeypatch):
    monkeypatch.setattr(sell, "_recorded", lambda key: [])

    def tell() -> bool:
        try:
            return bool(till(store, lantern, 2, key="pos:7"))
        except IntegrityError:
            return False

    assert sorted(at_once(*[tell] * HANDS)) == [False] * (HANDS - 1) + [True]
    assert with_customers(store, lantern) == 2
