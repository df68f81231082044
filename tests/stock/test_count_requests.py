"""A bin whose record was caught wrong: what is held back until somebody has counted, and what the count changes."""

import pytest
from django.db import IntegrityError, transaction

from stores.catalog.models import Item
from stores.journal import wakeups
from stores.journal.audit import find_defects
from stores.journal.models import Event
from stores.models import Bin, BinKind, Store
from stores.orders.models import Order
from stores.staff.models import Associate, Role
from stores.stock import hooks
from stores.stock.actions.reservations import reserve
from stores.stock.counting_errors import AlreadyCounted, CountInvalid, NotCountable
from stores.stock.models import Availability, Balance, Condition, CountRequest, Move
from tests.factories import (
    atp,
    bin_of,
    in_bin,
    make_associate,
    make_bundle,
    make_item,
    make_store,
    order_for,
    stock_up,
)
from tests.stock.counts import answer, ask
from tests.stock.item_pages import moved

pytestmark = pytest.mark.django_db
HELD = Condition.QUARANTINED
Reason = CountRequest.Reason


@pytest.fixture
def store() -> Store:
    return make_store()


@pytest.fixture
def lantern(store) -> Item:
    """Five lie in A-01-1."""
    item = make_item("Lantern")
    stock_up(store, item, 5)
    return item


@pytest.fixture
def rosa(store) -> Associate:
    return make_associate(store)


@pytest.fixture
def lena(store) -> Associate:
    return make_associate(store, role=Role.LEAD, name="Lena")


@pytest.fixture
def heard(monkeypatch) -> list[tuple[str, int]]:
    told: list[tuple[str, int]] = []
    monkeypatch.setattr(hooks, "_shortfall", [lambda _store, _item, missing: told.append(("short", missing))])
    monkeypatch.setattr(hooks, "_atp_rose", [lambda store, _item: told.append(("rose", store))])
    return told


def lying(store: Store, item: Item, bin_code: str = "A-01-1") -> tuple[int, int]:
    """(sellable, held) units in the bin."""
    return in_bin(store, bin_code, item), in_bin(store, bin_code, item, HELD)


def shortfall(store: Store, item: Item) -> int:
    return int(Availability.objects.get(store=store, item=item).shortfall)


def variance(store: Store, item: Item) -> int:
    found = Balance.objects.filter(bin__store=store, bin__kind=BinKind.VARIANCE, item=item)
    return int(found.values_list("quantity", flat=True).first() or 0)


class TestAsking:
    def test_units_that_were_not_there_are_held_in_the_bin_until_it_is_counted(self, store, lantern, rosa):
        request = ask(store, lantern, 2, by=rosa)
        assert (request.state, request.held, request.reason, request.opened_by) == ("open", 2, "not_found", rosa)
        assert (lying(store, lantern), atp(store, lantern)) == ((3, 2), 3)
        move = Move.objects.get(reason="not_found")
        assert (move.reference, move.associate, move.quantity) == (f"countrequest:{request.pk}", rosa, 2)
        event = Event.objects.get(kind="stock.count_asked")
        assert (event.subject, event.quantity, event.actor) == (f"countrequest:{request.pk}", 2, rosa)
        assert event.data == {"bin": "A-01-1", "reason": "not_found", "held": 2}
        assert Event.objects.filter(kind="stock.not_found").count() == 1

    def test_never_more_than_the_record_has_is_held(self, store, lantern):
        assert ask(store, lantern, 9).held == 5
        assert (lying(store, lantern), atp(store, lantern)) == ((0, 5), 0)

    def test_the_same_bin_and_item_asked_again_is_one_request(self, store, lantern, rosa, lena):
        first = ask(store, lantern, 2, by=rosa)
        again = ask(store, lantern, 1, reason=Reason.WRONG_ITEM, by=lena)
        assert (again.pk, again.held, again.reason, again.opened_by) == (first.pk, 3, "not_found", rosa)
        assert (lying(store, lantern), CountRequest.objects.count()) == ((2, 3), 1)
        assert list(Event.objects.filter(kind="stock.count_asked").values_list("quantity", flat=True)) == [2, 1]

    def test_another_bin_or_item_is_another_request(self, store, lantern):
        ask(store, lantern, 1)
        ask(store, lantern, 1, bin_code="A-02-1")
        ask(store, make_item("Mug"), 1)
        assert sorted(CountRequest.objects.values_list("bin__code", "item__name", "held")) == [
            ("A-01-1", "Lantern", 1), ("A-01-1", "Mug", 0), ("A-02-1", "Lantern", 0),
        ]  # fmt: skip

    def test_units_that_others_were_promised_are_held_all_the_same(self, store, lantern, heard):
        reserve(key="r", store_id=store.pk, item_id=lantern.pk, quantity=5, reference="test")
        ask(store, lantern, 2)
        assert (shortfall(store, lantern), atp(store, lantern), heard) == (2, 0, [("short", 2)])
        assert Event.objects.get(kind="stock.shortfall").quantity == 2

    def test_a_lead_may_ask_without_holding_anything(self, store, lantern, lena, heard):
        request = ask(store, lantern, 0, reason=Reason.ASKED, by=lena)
        assert (request.held, lying(store, lantern), heard) == (0, (5, 0), [])
        assert Move.objects.filter(reference=f"countrequest:{request.pk}").count() == 0

    def test_after_an_answer_it_can_be_asked_anew(self, store, lantern, rosa):
        first = ask(store, lantern, 1)
        answer(first, 5, rosa)
        assert ask(store, lantern, 1).pk != first.pk

    @pytest.mark.parametrize("what", ["supplier", "bundle"])
    def test_what_has_no_units_of_its_own_is_not_counted(self, store, lantern, what):
        place = Bin.objects.get(store=store, kind=BinKind.SUPPLIER) if what == "supplier" else bin_of(store, "A-01-1")
        item = make_bundle((lantern, 2)) if what == "bundle" else lantern
        with pytest.raises(NotCountable):
            ask(store, item, 1, place=place)
        assert (CountRequest.objects.count(), Event.objects.filter(kind__startswith="stock.count").count()) == (0, 0)


class TestAnswering:
    """Five in the record, two of them held: s = 3, h = 2."""

    @pytest.fixture
    def request_(self, store, lantern, rosa) -> CountRequest:
        return ask(store, lantern, 2, by=rosa)

    @pytest.mark.parametrize(
        ("counted", "released", "found", "written_off"),
        [(7, 2, 2, 0), (5, 2, 0, 0), (4, 1, 0, 1), (3, 0, 0, 2), (2, 0, 0, 3), (0, 0, 0, 5)],
    )
    def test_what_was_counted_is_the_record(
        self, store, lantern, request_, lena, counted, released, found, written_off
    ):
        done = answer(request_, counted, lena)
        assert (done.recorded, done.released, done.found, done.written_off) == (5, released, found, written_off)
        assert (lying(store, lantern), atp(store, lantern)) == ((counted, 0), counted)
        assert variance(store, lantern) == written_off - found
        request_.refresh_from_db()
        assert (request_.state, request_.counted, request_.answered_by) == ("answered", counted, lena)
        event = Event.objects.get(kind="stock.counted")
        assert (event.subject, event.quantity, event.actor) == (f"countrequest:{request_.pk}", counted, lena)
        assert event.data == {
            "bin": "A-01-1", "reason": "not_found", "recorded": 5, "released": released, "found": found,
            "written_off": written_off,
        }  # fmt: skip
        assert list(find_defects()) == []

    def test_the_moves_say_why(self, request_, lena):
        answer(request_, 4, lena)
        counts = Move.objects.filter(reference=f"countrequest:{request_.pk}").order_by("pk")
        told = list(counts.values_list("reason", "quantity", "source_condition", "target_bin__kind"))
        assert told == [
            ("not_found", 2, "sellable", "shelf"), ("released", 1, "quarantined", "shelf"),
            ("counted", 1, "quarantined", "variance"),
        ]  # fmt: skip
        kinds = Event.objects.filter(subject__startswith="move:", kind__in=("stock.released", "stock.counted"))
        assert list(kinds.values_list("kind", flat=True)) == ["stock.released"]
        assert Event.objects.get(kind="stock.written_off_by_count").quantity == 1

    def test_units_that_are_there_after_all_can_be_promised_again(self, store, lantern, request_, lena, heard):
        answer(request_, 4, lena)
        assert heard == [("rose", store.pk)]

    def test_an_order_that_waited_gets_what_a_count_found(
        self, store, lantern, request_, lena, django_capture_on_commit_callbacks, monkeypatch
    ):
        woken = []
        monkeypatch.setattr(wakeups, "_send", lambda task, args: woken.append((task, list(args))))
        waiting = order_for(store, (lantern, 5))
        assert waiting.state == Order.State.BACKORDERED
        with django_capture_on_commit_callbacks(execute=True):
            answer(request_, 5, lena)
        assert woken == [("stores.orders.tasks.retry_backorders_of", [lantern.pk])]

    def test_fewer_than_what_is_promised_is_a_fact(self, store, lantern, request_, lena, heard):
        reserve(key="r", store_id=store.pk, item_id=lantern.pk, quantity=3, reference="test")
        done = answer(request_, 1, lena)
        assert (done.short, shortfall(store, lantern), heard) == (2, 2, [("short", 2)])
        assert lying(store, lantern) == (1, 0)

    def test_finding_them_makes_the_promise_whole(self, store, lantern, lena, heard):
        reserve(key="r", store_id=store.pk, item_id=lantern.pk, quantity=5, reference="test")
        request = ask(store, lantern, 2)
        done = answer(request, 6, lena)
        assert (done.made_whole, shortfall(store, lantern), atp(store, lantern)) == (True, 0, 1)

    def test_what_was_released_by_hand_meanwhile_is_held_no_more(self, store, lantern, request_, lena):
        moved(store, lantern, "A-01-1", "A-01-1", 1, Move.Reason.RELEASED, source_condition=HELD)
        done = answer(request_, 4, lena)
        assert (done.recorded, done.released, done.written_off) == (5, 0, 1)
        assert lying(store, lantern) == (4, 0)

    def test_what_was_carried_elsewhere_meanwhile_is_not_this_bins(self, store, lantern, request_, lena):
        moved(
            store, lantern, "A-01-1", "B-01-1", 2, Move.Reason.MOVED, source_condition=HELD, target_condition=HELD
        )  # fmt: skip
        done = answer(request_, 3, lena)
        assert (done.recorded, done.written_off) == (3, 0)
        assert (lying(store, lantern), lying(store, lantern, "B-01-1")) == ((3, 0), (0, 2))

    def test_what_somebody_else_holds_there_stays_held(self, store, lantern, request_, lena):
        moved(store, lantern, "A-01-1", "A-01-1", 1, Move.Reason.QUARANTINED, target_condition=HELD)
        answer(request_, 2, lena)
        assert lying(store, lantern) == (2, 1)

    def test_an_item_that_the_bin_never_held(self, store, lena):
        mug = make_item("Mug")
        done = answer(ask(store, mug, 3), 2, lena)
        assert (done.recorded, done.found, lying(store, mug), atp(store, mug)) == (0, 2, (2, 0), 2)

    def test_an_item_that_the_bin_never_held_and_does_not_hold(self, store, lena):
        mug = make_item("Mug")
        done = answer(ask(store, mug, 3), 0, lena)
        assert (done.found, done.written_off, Move.objects.filter(item=mug).count()) == (0, 0, 0)
        assert not Availability.objects.filter(item=mug).exists()

    @pytest.mark.parametrize("counted", [-1, 10_000])
    def test_a_number_beyond_the_limits_changes_nothing(self, store, lantern, request_, lena, counted):
        with pytest.raises(CountInvalid):
            answer(request_, counted, lena)
        request_.refresh_from_db()
        assert (request_.state, lying(store, lantern)) == ("open", (3, 2))

    def test_the_second_answer_is_told_who_and_how_many(self, store, lantern, request_, lena, rosa):
        answer(request_, 4, lena)
        moves = Move.objects.count()
        with pytest.raises(AlreadyCounted) as refused:
            answer(request_, 0, rosa)
        assert refused.value.facts == {"bin": "A-01-1", "item": "Lantern", "who": "Lena", "counted": 4}
        assert (Move.objects.count(), lying(store, lantern)) == (moves, (4, 0))


def test_boards_hear_of_what_is_to_be_counted_and_of_what_was(
    store, lantern, rosa, monkeypatch, django_capture_on_commit_callbacks
):
    told = []
    monkeypatch.setattr(wakeups, "_publish", lambda store_id, kind: told.append((store_id, kind)))
    with django_capture_on_commit_callbacks(execute=True):
        request = ask(store, lantern, 2)
    with django_capture_on_commit_callbacks(execute=True):
        answer(request, 3, rosa)
    assert told == [(store.pk, "stock.count_asked"), (store.pk, "stock.counted")]


class TestTheDatabaseToo:
    def test_no_second_open_request_for_a_bin_and_item(self, store, lantern):
        ask(store, lantern, 1)
        with pytest.raises(IntegrityError), transaction.atomic():
            CountRequest.objects.create(store=store, bin=bin_of(store, "A-01-1"), item=lantern, reason="asked")

    def test_a_count_is_of_a_bin_of_its_store(self, store, lantern):
        other = make_store()
        with pytest.raises(IntegrityError), transaction.atomic():
            CountRequest.objects.create(store=other, bin=bin_of(store, "A-01-1"), item=lantern, reason="asked")

    @pytest.mark.breaks_the_record
    def test_the_audit_sees_a_request_that_claims_to_hold_more(self, store, lantern):
        request = ask(store, lantern, 1)
        CountRequest.objects.filter(pk=request.pk).update(held=2)
        (defect,) = find_defects()
        assert defect.invariant == "a count holds what was moved aside for it, no more and no less"
        assert (defect.where["held"], defect.where["moved_aside"]) == (2, 1)

    @pytest.mark.breaks_the_record
    def test_the_audit_sees_units_set_free_by_a_count_that_nobody_made(self, store, lantern):
        request = ask(store, lantern, 1)
        moved(
            store, lantern, "A-01-1", "A-01-1", 1, Move.Reason.RELEASED, source_condition=HELD,
            reference=f"countrequest:{request.pk}",
        )  # fmt: skip
        (defect,) = find_defects()
        assert defect.invariant == "nothing is set free or written off by a count that nobody has made"
