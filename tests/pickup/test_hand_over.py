import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connections

from pickup.actions.check_bag import check_bag
from pickup.actions.check_identity import check_code, vouch_as_lead
from pickup.actions.claim_arrival import claim_arrival, take_over_arrival
from pickup.actions.hand_over import hand_over
from pickup.errors import (
    AlreadyHandedOver,
    ArrivalTaken,
    BagChecked,
    BagsMissing,
    ClaimFirst,
    CodeLocked,
    CodeMalformed,
    IdentityChecked,
    IdentityUnchecked,
    NotReady,
    OtherCustomersCode,
    ReasonMissing,
    UnknownBag,
    WrongBag,
)
from pickup.models import Arrival, Handover
from stores.journal.models import Event
from stores.models import Store
from stores.orders.errors import NotHere
from stores.orders.models import Fulfillment, Order
from stores.refusals import Refusal
from stores.staff.models import Associate
from stores.stock.actions.post_handled import post_handled
from stores.stock.actions.post_move import Posting
from stores.stock.models import Availability, Condition, Move, Reservation
from tests.factories import bin_of, in_bin, make_associate, make_store, order_for
from tests.pickup.conftest import Pickup, committed, start_pickup


def check(pickup: Pickup, code: str) -> int:
    bag = check_bag(store=pickup.store, pk=pickup.pk, code=code, associate=pickup.associate, device=None)
    return bag.bag


def say(pickup: Pickup, code: str) -> tuple[bool, int]:
    checked = check_code(store=pickup.store, pk=pickup.pk, code=code, associate=pickup.associate, device=None)
    return checked.is_right, checked.tries_left


def wrong_code(pickup: Pickup) -> str:
    return f"{(int(pickup.link.code) + 1) % 10**6:06}"


def test_the_goods_leave_and_every_claim_ends(pickup: Pickup) -> None:
    pickup.prepare_to_give()
    before = Availability.objects.get(store=pickup.store, item=pickup.lantern)
    assert (before.on_hand, before.reserved, before.atp) == (5, 2, 3)

    pickup.hand_over()

    after = Availability.objects.get(store=pickup.store, item=pickup.lantern)
    assert (after.on_hand, after.reserved, after.atp) == (3, 0, 3)
    assert in_bin(pickup.store, "S-01", pickup.lantern) == 0
    assert in_bin(pickup.store, "CUSTOMER", pickup.lantern) == 2
    assert set(Reservation.objects.values_list("state", flat=True)) == {"consumed"}
    assert all(line.handed_over == line.picked for line in pickup.fulfillment.lines.all())
    assert pickup.fulfillment.state == Fulfillment.State.HANDED_OVER
    assert Order.objects.get(pk=pickup.order.pk).state == Order.State.COMPLETED
    assert pickup.arrival.state == Arrival.State.SERVED
    assert all(bag.left_at for bag in pickup.bags)
    assert pickup.link.revoked_at is not None


def test_who_waits_gets_theirs_while_another_order_is_short(pickup: Pickup) -> None:
    other = order_for(pickup.store, (pickup.lantern, 3))
    pickup.prepare_to_give()
    shelf = bin_of(pickup.store, "A-01-1")
    damaged = Posting(
        key="damaged", item_id=pickup.lantern.pk, source=shelf, target=shelf, target_condition=Condition.DAMAGED,
        quantity=3, reason=Move.Reason.DAMAGED,
    )  # fmt: skip
    assert post_handled(damaged, item=pickup.lantern, device=None, data={}).short == 3

    pickup.hand_over()

    after = Availability.objects.get(store=pickup.store, item=pickup.lantern)
    assert (after.on_hand, after.unsellable, after.reserved, after.shortfall, after.atp) == (3, 3, 0, 0, 0)
    assert in_bin(pickup.store, "CUSTOMER", pickup.lantern) == 2
    # Nobody had picked for it: its promise was taken back with the damage, and it went on at once.
    assert other.fulfillments.get().state == Fulfillment.State.CANCELLED


def test_the_shop_hears_of_it(pickup: Pickup) -> None:
    pickup.prepare_to_give().hand_over()
    event = Event.objects.get(kind="pickup.handed_over")
    assert event.quantity == 3
    assert event.seconds is not None
    assert 0 <= event.seconds < 60
    assert event.actor_id == pickup.associate.pk
    assert event.data == {
        "source": "test",
        "order": pickup.order.external_id,
        "number": pickup.order.number,
        "bags": 1,
        "proof": "code",
    }
    assert pickup.kinds() == [
        "pickup.staged",
        "pickup.ready",
        "pickup.customer_here",
        "pickup.claimed",
        "pickup.bag_checked",
        "pickup.identity_checked",
        "pickup.handed_over",
    ]


def test_an_order_in_two_stores_is_completed_by_its_last_part(pickup: Pickup) -> None:
    pickup.prepare_to_give()
    pk = pickup.pk
    part = Fulfillment.objects.create(
        order=pickup.order, store=make_store(), promised_at=pickup.fulfillment.promised_at
    )
    hand_over(store=pickup.store, pk=pk, associate=pickup.associate, device=None)
    assert Order.objects.get(pk=pickup.order.pk).state == Order.State.ALLOCATED
    assert part.state == Fulfillment.State.ALLOCATED


class TestClaim:
    def test_without_an_arrival_the_customer_is_at_the_counter(self, ready: Pickup) -> None:
        arrival = ready.claim()
        assert (arrival.state, arrival.place, arrival.claimed_by) == ("here", "counter", ready.associate)
        assert arrival.here_at is not None

    def test_whoever_is_second_sees_who_has_it(self, ready: Pickup) -> None:
        ready.claim()
        with pytest.raises(ArrivalTaken) as refused:
            ready.claim(make_associate(ready.store, name="Ben"))
        assert refused.value.headline == "Rosa is on it"
        assert ready.arrival.claimed_by == ready.associate

    def test_twice_by_one_person_changes_nothing(self, ready: Pickup) -> None:
        first = ready.claim()
        assert ready.claim().claimed_at == first.claimed_at
        assert ready.kinds().count("pickup.claimed") == 1

    def test_can_be_taken_over_by_a_colleague(self, ready: Pickup) -> None:
        ready.claim()
        ben = make_associate(ready.store, name="Ben")
        arrival = take_over_arrival(store=ready.store, pk=ready.pk, associate=ben, device=None)
        assert arrival.claimed_by == ben
        with pytest.raises(ArrivalTaken):
            check(ready, f"F-{ready.pk}-1")

    def test_needs_a_ready_order_of_this_store(self, picked: Pickup) -> None:
        with pytest.raises(NotReady):
            picked.claim()
        with pytest.raises(NotHere):
            claim_arrival(store=make_store(), pk=picked.pk, associate=picked.associate, device=None)


class TestBags:
    def test_are_checked_by_their_labels(self, db: None) -> None:
        pickup = start_pickup(totes=2).make_ready()
        pickup.claim()
        assert check(pickup, f"F-{pickup.pk}-2") == 2
        with pytest.raises(BagChecked):
            check(pickup, f"F-{pickup.pk}-2")
        assert check(pickup, f"F-{pickup.pk}") == 1
        assert all(bag.checked_at for bag in pickup.bags)

    def test_the_order_number_stands_for_a_label_that_cannot_be_read(self, ready: Pickup) -> None:
        ready.claim()
        assert check(ready, ready.order.number.lstrip("#")) == 1

    def test_of_another_order_are_refused_with_both_numbers(self, ready: Pickup) -> None:
        other = start_pickup(ready.store)
        other.totes = ["TOTE-0002"]
        other.pick().stage("S-02", "TOTE-0002")
        ready.claim()
        with pytest.raises(WrongBag) as refused:
            check(ready, f"F-{other.pk}-1")
        assert refused.value.headline == f"Wrong bag: order {other.order.number}"
        assert refused.value.detail == f"Expected: order {ready.order.number}. Put this one back."
        assert ready.bags[0].checked_at is None

    def test_another_stores_label_tells_nothing(self, ready: Pickup) -> None:
        other = start_pickup().make_ready()
        ready.claim()
        with pytest.raises(WrongBag) as refused:
            check(ready, f"F-{other.pk}-1")
        assert other.order.number not in refused.value.headline

    @pytest.mark.parametrize("code", ["S-01", "TOTE-0001", "9521000000017"])
    def test_anything_else_is_unknown(self, ready: Pickup, code: str) -> None:
        ready.claim()
        with pytest.raises(UnknownBag):
            check(ready, code)
        with pytest.raises(UnknownBag):
            check(ready, f"F-{ready.pk}-9")

    def test_need_a_claim(self, ready: Pickup) -> None:
        with pytest.raises(ClaimFirst):
            check(ready, f"F-{ready.pk}-1")


class TestCode:
    def test_right(self, ready: Pickup) -> None:
        ready.claim()
        assert say(ready, ready.link.code) == (True, 5)
        assert Handover.objects.get().proof == "code"
        with pytest.raises(IdentityChecked):
            say(ready, ready.link.code)

    def test_from_the_customers_screen(self, ready: Pickup) -> None:
        ready.claim()
        assert say(ready, f"C-{ready.pk}-{ready.link.code}") == (True, 5)

    def test_from_another_customers_screen(self, ready: Pickup) -> None:
        ready.claim()
        with pytest.raises(OtherCustomersCode):
            say(ready, f"C-{ready.pk + 1}-{ready.link.code}")
        assert ready.link.code_misses == 0

    def test_malformed_ones_are_not_counted(self, ready: Pickup) -> None:
        ready.claim()
        for code in ("12345", "1234567", "12345A", "S-01"):
            with pytest.raises(CodeMalformed):
                say(ready, code)
        assert ready.link.code_misses == 0

    def test_five_misses_and_then_not_even_the_right_one(self, ready: Pickup) -> None:
        ready.claim()
        wrong = wrong_code(ready)
        assert [say(ready, wrong) for _ in range(5)] == [(False, left) for left in (4, 3, 2, 1, 0)]
        with pytest.raises(CodeLocked):
            say(ready, ready.link.code)
        assert Event.objects.filter(kind="pickup.code_missed").count() == 5
        assert not Handover.objects.exists()

    def test_then_a_lead_vouches_with_a_reason(self, ready: Pickup, lead: Associate) -> None:
        ready.claim()
        ready.check_bags()
        for _ in range(5):
            say(ready, wrong_code(ready))
        vouch = partial(
            vouch_as_lead, store=ready.store, pk=ready.pk, lead=lead, associate=ready.associate, device=None
        )
        with pytest.raises(ReasonMissing):
            vouch(reason="  x ")
        vouch(reason=" Passport  seen ")
        ready.hand_over()

        handover = Handover.objects.get()
        assert (handover.proof, handover.approved_by, handover.reason) == ("lead", lead, "Passport seen")
        assert handover.handed_over_at is not None
        assert Event.objects.get(kind="pickup.handed_over").data["proof"] == "lead"


class TestHandOver:
    def test_needs_every_bag(self, ready: Pickup) -> None:
        ready.claim()
        ready.prove()
        with pytest.raises(BagsMissing) as refused:
            ready.hand_over()
        assert refused.value.headline == "Scan every bag first: 1 to go"

    def test_needs_the_identity(self, ready: Pickup) -> None:
        ready.claim()
        ready.check_bags()
        with pytest.raises(IdentityUnchecked):
            ready.hand_over()
        assert in_bin(ready.store, "S-01", ready.lantern) == 2

    def test_happens_once(self, pickup: Pickup) -> None:
        pickup.prepare_to_give().hand_over()
        with pytest.raises(AlreadyHandedOver) as refused:
            pickup.hand_over()
        assert refused.value.headline == f"Order {pickup.order.number} has gone"
        assert refused.value.detail.startswith("Rosa handed it over at ")
        assert in_bin(pickup.store, "CUSTOMER", pickup.lantern) == 2

    def test_of_what_was_short_leaves_nothing_reserved(self, db: None) -> None:
        pickup = start_pickup()
        order_for(pickup.store, (pickup.lantern, 1))
        pickup.prepare_to_give().hand_over()
        assert Availability.objects.get(store=pickup.store, item=pickup.lantern).reserved == 1


def give_at_once(pickup: Pickup, hands: int) -> list[str]:
    """What `hands` attempts to hand over at the same time are told."""
    barrier = threading.Barrier(hands)
    outcomes: list[str] = []

    def give() -> None:
        barrier.wait()
        try:
            committed(pickup.hand_over)
            outcomes.append("given")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    run_together([give] * hands)
    return sorted(outcomes)


def run_together(functions: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_two_hands_at_once_hand_over_once() -> None:
    """The same associate on several devices, each with its own key: the row's lock lets one through."""
    pickup = committed(lambda: start_pickup().prepare_to_give())
    assert give_at_once(pickup, 4) == ["already_handed_over"] * 3 + ["given"]
    assert in_bin(pickup.store, "CUSTOMER", pickup.lantern) == 2
    assert Event.objects.filter(kind="pickup.handed_over").count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_they_meet_half_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """The twin: nothing leaves twice, for the ledger refuses it, but the losers are told of a reservation."""
    pickup = committed(lambda: start_pickup().prepare_to_give())
    seen = threading.Barrier(2)

    def look_without_lock(*, store: Store, pk: int) -> Fulfillment:
        found = Fulfillment.objects.select_related("order__contact", "store").get(pk=pk, store=store)
        seen.wait()
        return found

    monkeypatch.setattr("pickup.actions.hand_over.lock_orders", lambda _fulfillments: None)
    monkeypatch.setattr("pickup.actions.hand_over.lock_fulfillment", look_without_lock)
    assert give_at_once(pickup, 2) == ["given", "reservation_ended"]


@pytest.mark.django_db(transaction=True)
def test_two_associates_claim_at_once_and_one_has_it() -> None:
    pickup = committed(lambda: start_pickup().make_ready())
    committed(pickup.arrive)
    people = [make_associate(pickup.store, name=f"P{number}") for number in range(4)]
    barrier = threading.Barrier(len(people))
    outcomes: list[str] = []

    def claim(associate: Associate) -> None:
        barrier.wait()
        try:
            committed(lambda: pickup.claim(associate))
            outcomes.append("claimed")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    run_together([partial(claim, associate) for associate in people])
    assert sorted(outcomes) == ["arrival_taken"] * 3 + ["claimed"]
