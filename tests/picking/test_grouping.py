"""Which orders share a cart, and which method is proposed: pure functions, no database."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from picking.grouping import UNITS_A_TOTE, Planned, group_orders, split_by_zone, totes_needed
from picking.models import Method
from picking.proposal import OpenWork, propose_method
from picking.queries.bins import Take
from stores.orders.models import Fulfillment, FulfillmentLine

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def order(pk: int, minutes: int = 0) -> Fulfillment:
    return Fulfillment(pk=pk, promised_at=NOON + timedelta(minutes=minutes))


def planned(order_pk: int, *takes: tuple[int | None, int]) -> list[Planned]:
    return [
        Planned(FulfillmentLine(pk=order_pk * 100 + place, fulfillment_id=order_pk), Take(bin_id, units))
        for place, (bin_id, units) in enumerate(takes)
    ]


def carts(orders: list[Fulfillment], plans: dict[int, list[Planned]], most: int) -> list[list[int]]:
    bins = sorted({one.take.bin_id for plan in plans.values() for one in plan if one.take.bin_id})
    along = {bin_id: place for place, bin_id in enumerate(bins)}
    return [[one.pk for one in cart] for cart in group_orders(orders, plans, most=most, along=along)]


takes = st.lists(st.tuples(st.one_of(st.none(), st.integers(1, 12)), st.integers(1, 30)), min_size=1, max_size=4)
works = st.lists(st.tuples(st.integers(0, 300), takes), min_size=1, max_size=14)


def build(work) -> tuple[list[Fulfillment], dict[int, list[Planned]]]:
    orders = [order(pk, minutes) for pk, (minutes, _takes) in enumerate(work, start=1)]
    return orders, {pk: planned(pk, *its) for pk, (_minutes, its) in enumerate(work, start=1)}


@given(works, st.integers(1, 6))
def test_every_order_is_on_one_cart_and_no_cart_carries_more_than_its_totes(work, most):
    orders, plans = build(work)
    found = carts(orders, plans, most)
    assert sorted(pk for cart in found for pk in cart) == [one.pk for one in orders]
    for cart in found:
        needed = sum(totes_needed(sum(one.take.quantity for one in plans[pk])) for pk in cart)
        assert needed <= most or len(cart) == 1


@given(works, st.integers(1, 6), st.randoms())
def test_the_order_of_arrival_changes_nothing(work, most, chance):
    orders, plans = build(work)
    shuffled = orders[:]
    chance.shuffle(shuffled)
    assert carts(orders, plans, most) == carts(shuffled, plans, most)


@given(works, st.integers(1, 6))
def test_each_cart_begins_with_the_soonest_promise_left(work, most):
    orders, plans = build(work)
    soonest = {one.pk: (one.promised_at, one.pk) for one in orders}
    found = carts(orders, plans, most)
    for place, cart in enumerate(found):
        assert soonest[cart[0]] == min(soonest[pk] for later in found[place:] for pk in later)


@given(works, st.integers(1, 6))
def test_zones_hold_every_unit_once_and_nothing_of_another_zone(work, most):
    orders, plans = build(work)
    zones = {bin_id: bin_id % 3 for bin_id in range(1, 13)}
    every = [one for plan in plans.values() for one in plan]
    sheets = split_by_zone(orders, every, zones, most=most)

    def units(lines):
        counted = Counter()
        for one in lines:
            counted[one.line.pk, one.take.bin_id] += one.take.quantity
        return counted

    assert units(one for sheet in sheets for one in sheet.planned) == units(every)
    for sheet in sheets:
        on_it = {one.pk for one in sheet.fulfillments}
        assert {one.line.fulfillment_id for one in sheet.planned} == on_it
        assert {zones[one.take.bin_id] for one in sheet.planned if one.take.bin_id} <= {sheet.zone_id}


def test_a_shared_bin_beats_the_order_of_arrival():
    orders = [order(1), order(2), order(3)]
    plans = {1: planned(1, (1, 1)), 2: planned(2, (9, 1)), 3: planned(3, (1, 1))}
    assert carts(orders, plans, 2) == [[1, 3], [2]]


def test_a_much_later_promise_is_worth_a_detour():
    orders = [order(1), order(2), order(3, minutes=60)]
    plans = {1: planned(1, (1, 1)), 2: planned(2, (2, 1)), 3: planned(3, (1, 1))}
    assert carts(orders, plans, 2) == [[1, 2], [3]]


def test_a_large_order_takes_several_places_of_the_cart():
    orders = [order(1), order(2), order(3)]
    plans = {1: planned(1, (1, 2 * UNITS_A_TOTE)), 2: planned(2, (1, 1)), 3: planned(3, (1, 1))}
    assert carts(orders, plans, 3) == [[1, 2], [3]]


def propose(work: OpenWork, pickers: int) -> Method:
    return propose_method(work, pickers=pickers, batch_orders_max=6).method


def test_what_is_proposed():
    small = OpenWork(orders=8, lines=16, units=20, zones=1, crossing=0)
    assert propose(OpenWork(1, 3, 4, 1, 0), 2) == Method.SINGLE
    assert propose(small, 2) == Method.BATCH
    assert propose(small, 8) == Method.SINGLE
    assert propose(OpenWork(8, 24, 30, 2, 6), 2) == Method.ZONE
    assert propose(OpenWork(8, 24, 30, 2, 6), 1) == Method.BATCH
    assert propose(OpenWork(8, 24, 30, 2, 3), 2) == Method.BATCH
    assert propose(OpenWork(4, 60, 90, 1, 0), 2) == Method.SINGLE
    assert propose_method(small, pickers=2, batch_orders_max=1).method == Method.SINGLE


def test_the_reason_counts():
    said = propose_method(OpenWork(8, 16, 20, 1, 0), pickers=2, batch_orders_max=6)
    assert said.reason == "8 small orders in 2 walks instead of 8."
    said = propose_method(OpenWork(8, 24, 30, 2, 6), pickers=3, batch_orders_max=6)
    assert said.reason == "6 orders lie in more than one of 2 zones. With 3 pickers nobody has to cross."
