"""Cancelling meets routing, placing, and another cancelling at the same moment."""

from threading import Barrier, Event

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError, transaction

from stores.journal.actions.answer_once import retrying
from stores.journal.models import Event as JournalEvent
from stores.orders import access
from stores.orders.actions import cancel_order as cancelling
from stores.orders.actions import cancel_units as lowering
from stores.orders.actions import route_order as routing
from stores.orders.actions.cancel_order import cancel_order
from stores.orders.actions.cancel_units import cancel_units
from stores.orders.actions.place_order import ContactData
from stores.orders.errors import AlreadyCancelled, TooManyToCancel
from stores.orders.models import Fulfillment, Order
from stores.orders.reasons import CancelReason
from stores.refusals import Refusal
from stores.sync.actions import apply_message, parked
from stores.sync.actions.place_incoming import place_incoming
from stores.sync.incoming import IncomingLine, IncomingOrder
from stores.sync.models import InboundMessage
from tests.factories import atp, make_item, make_store, order_for, stock_up
from tests.racing import HANG_SECONDS, at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store(floor):
    return make_store()


@pytest.fixture
def lantern(store):
    item = make_item("Lantern")
    stock_up(store, item, 5)
    return item


@pytest.fixture
def unlocked(monkeypatch):
    """The twins' world: the order's row is read, not held."""

    def read(pk):
        return Order.objects.get(pk=pk)

    for module in (access, cancelling, lowering):
        monkeypatch.setattr(module, "lock_order", read)


def attempt(act):
    """The class of what went wrong, or None. Deadlocks are not tried again: none may happen."""
    try:
        with transaction.atomic():
            act()
    except (Refusal, DatabaseError) as trouble:
        return type(trouble)
    return None


def cancel(order, key="k"):
    return cancel_order(order=Order.objects.get(pk=order.pk), reason=CancelReason.CUSTOMER, key=key)


class TestTwoCancel:
    def test_one_of_many_cancels(self, store, lantern):
        order = order_for(store, (lantern, 2))
        ends = at_once(*(lambda number=number: attempt(lambda: cancel(order, f"{number}")) for number in range(6)))
        assert sorted(ends, key=str) == [*[AlreadyCancelled] * 5, None]
        assert atp(store, lantern) == 5
        assert JournalEvent.objects.filter(kind="orders.cancelled").count() == 1

    def test_units_are_cancelled_once(self, store, lantern):
        line = order_for(store, (lantern, 9)).lines.get()

        def lower(key):
            return attempt(lambda: cancel_units(line=line, quantity=3, reason=CancelReason.CUSTOMER, key=key))

        ends = at_once(*(lambda number=number: lower(f"{number}") for number in range(4)))
        line.refresh_from_db()
        assert line.cancelled == 9
        assert ends.count(None) == 3
        assert set(ends) <= {None, AlreadyCancelled, TooManyToCancel}

    def test_twin_without_the_lock_both_count_the_same_units(self, unlocked, store, lantern, monkeypatch):
        line = order_for(store, (lantern, 9)).lines.get()
        both = Barrier(2)
        recording = lowering.record_cancelled_units

        def wait_for_the_other(**fields):
            both.wait(HANG_SECONDS)
            recording(**fields)

        monkeypatch.setattr(lowering, "record_cancelled_units", wait_for_the_other)

        def lower(key):
            return attempt(lambda: cancel_units(line=line, quantity=8, reason=CancelReason.CUSTOMER, key=key))

        # The database alone stands in the way, which no caller could explain to anybody.
        assert sorted(at_once(lambda: lower("a"), lambda: lower("b")), key=str) == [IntegrityError, None]


class TestCancelAndRoute:
    def route(self, order):
        return attempt(lambda: routing.route_order(order=Order.objects.get(pk=order.pk)))

    def test_it_ends_cancelled_and_nothing_stays_reserved(self, store, lantern):
        orders = [order_for(store, (lantern, 6)) for _number in range(6)]
        stock_up(store, lantern, 100)
        for number, order in enumerate(orders):
            ends = at_once(
                lambda order=order: self.route(order),
                lambda order=order, number=number: attempt(lambda: cancel(order, f"{number}")),
            )
            assert ends == [None, None]
        assert set(Order.objects.values_list("state", flat=True)) == {"cancelled"}
        assert not Fulfillment.objects.exclude(state="cancelled").exists()
        assert atp(store, lantern) == 105

    def test_twin_without_the_lock_they_break_each_other(self, unlocked, store, lantern, monkeypatch):
        order = order_for(store, (lantern, 6))
        stock_up(store, lantern, 100)
        chosen, lines_cancelled = Event(), Event()
        choosing, settling = routing.candidate_stores, cancelling.settle_order

        def choose(*args, **fields):
            chosen.set()
            lines_cancelled.wait(HANG_SECONDS)
            return choosing(*args, **fields)

        def settle(**fields):
            lines_cancelled.set()
            settling(**fields)

        monkeypatch.setattr(routing, "candidate_stores", choose)
        monkeypatch.setattr(cancelling, "settle_order", settle)

        def cancel_after():
            chosen.wait(HANG_SECONDS)
            return attempt(lambda: cancel(order))

        ends = at_once(lambda: self.route(order), cancel_after)
        assert set(ends) & {OperationalError, IntegrityError}


class TestCancelAndPlace:
    """The shop's two messages are applied by two workers at once."""

    def place(self, store, item, number):
        order = IncomingOrder(
            source="shop.example",
            external_id=f"{number}",
            number=f"#{number}",
            method=Order.Method.COUNTER,
            lines=(IncomingLine(code=item.sku, quantity=1, price=item.price, external_id="1"),),
            contact=ContactData(),
            currency="GBP",
            placed_at="2026-03-01T10:00:00+00:00",
            store_code=store.code,
        )

        def act():
            with transaction.atomic(durable=True):
                place_incoming(order)

        retrying(act)

    def message(self, number):
        return InboundMessage.objects.create(
            connector="shopify",
            source="shop.example",
            external_id=f"c{number}",
            topic="orders/cancelled",
            body=f'{{"id": {number}}}',
        )

    def sweep(self):
        for pk in InboundMessage.queue.due().values_list("pk", flat=True):
            apply_message.apply_message(pk=pk)

    def test_it_ends_cancelled_whoever_was_first(self, store, lantern):
        for number in range(1, 6):
            message = self.message(number)
            at_once(
                lambda number=number: self.place(store, lantern, number),
                lambda message=message: apply_message.apply_message(pk=message.pk),
            )
            self.sweep()
        assert list(Order.objects.values_list("state", flat=True)) == ["cancelled"] * 5
        assert set(InboundMessage.objects.values_list("state", flat=True)) == {"done"}

    def test_twin_without_turns_a_cancellation_waits_for_an_order_that_is_here(self, store, lantern, monkeypatch):
        message = self.message(1)
        monkeypatch.setattr(parked, "take_turn", lambda **_words: None)
        monkeypatch.setattr("stores.sync.actions.change_incoming.take_turn", lambda **_words: None)
        monkeypatch.setattr("stores.sync.actions.place_incoming.take_turn", lambda **_words: None)
        looked, placed = Event(), Event()
        dropping = parked._drop_kept

        def drop(source, external_id):
            looked.set()
            placed.wait(HANG_SECONDS)
            dropping(source, external_id)

        monkeypatch.setattr(parked, "_drop_kept", drop)

        def place():
            looked.wait(HANG_SECONDS)
            self.place(store, lantern, 1)
            placed.set()

        at_once(place, lambda: apply_message.apply_message(pk=message.pk))
        self.sweep()
        message.refresh_from_db()
        assert (Order.objects.get().state, message.state) == ("allocated", "queued")
