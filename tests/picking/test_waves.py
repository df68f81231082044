"""What releases orders to the pickers, by itself and by hand, and how untouched lists are taken back."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from picking.actions.claims import claim_list
from picking.actions.set_plan import PlanTerms, set_plan
from picking.actions.waves import release_by_hand, release_due, take_back
from picking.models import Method, PickLine, PickList, PickPlan, Wave
from picking.queries.waiting import KEPT_FOR_LEAD, load_waiting, next_wave_at
from picking.tasks import release_waves, release_waves_of
from picking.wave_errors import ListBegun, NothingWaits, PlanChoiceInvalid, PlanInvalid
from stores.journal.models import Event
from stores.models import Bin, BinKind, Zone
from stores.orders.errors import NotHere
from stores.orders.models import Fulfillment
from stores.staff.models import Role
from tests.factories import fulfillment_of, make_associate, make_item, make_store, order_for, stock_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    store = make_store()
    PickPlan.objects.create(store=store, at_once=False)
    return store


@pytest.fixture
def item(store):
    item = make_item("Lantern")
    stock_up(store, item, 500)
    return item


@pytest.fixture
def lead(store):
    return make_associate(store, role=Role.LEAD, name="Lena")


def plan(store, **fields):
    PickPlan.objects.filter(store=store).update(**fields)


def promise(order, minutes):
    Fulfillment.objects.filter(order=order).update(promised_at=timezone.now() + timedelta(minutes=minutes))


def place(store, item, minutes=None, **fields):
    orders = [order_for(store, (item, 1), **fields) for _minute in minutes or [120]]
    for order, left in zip(orders, minutes or [120], strict=True):
        promise(order, left)
    return orders


def released():
    """Each wave's trigger and its orders, in the order of their promises."""
    return [(wave.trigger, [one.order.number for one in _orders_of(wave)]) for wave in Wave.objects.order_by("pk")]


def _orders_of(wave):
    found = Fulfillment.objects.filter(pick_parts__pick_list__wave=wave).distinct()
    return found.select_related("order").order_by("promised_at")


def numbers(*orders):
    return [order.number for order in orders]


def test_a_store_without_a_plan_releases_each_order_at_once():
    store, item = make_store(), make_item()
    stock_up(store, item, 5)
    order = order_for(store, (item, 2))
    assert released() == [("at_once", [order.number])]
    assert PickList.objects.get().method == Method.SINGLE


def test_a_store_with_waves_holds_orders_back_but_never_an_express_one(store, item):
    place(store, item)
    assert not PickList.objects.exists()
    express = order_for(store, (item, 1), is_express=True)
    assert released() == [("express", [express.number])]
    assert release_due(store=store) == 0


def test_by_count(store, item):
    plan(store, at_orders=3, method=Method.BATCH)
    first, second = place(store, item, [120, 60])
    assert release_due(store=store) == 0
    (third,) = place(store, item, [90])
    release_waves_of(store.pk)
    assert released() == [("count", numbers(second, third, first))]
    assert [one.method for one in PickList.objects.all()] == ["batch"]


@pytest.fixture
def between_times():
    with time_machine.travel(timezone.now().replace(minute=10), tick=False):
        yield


@pytest.mark.usefixtures("between_times")
def test_by_time_once_for_each_time_and_only_what_waited(store, item):
    plan(store, every_minutes=30, wave_orders_max=2, method=Method.SINGLE)
    orders = place(store, item, [50, 60, 70])
    # Placed a moment ago: the last time of the clock was before. And none comes while the test runs.
    clock = next_wave_at(PickPlan.objects.get(), store, timezone.now()) - timedelta(minutes=30)
    Fulfillment.objects.update(created_at=clock + timedelta(minutes=1))
    assert release_due(store=store) == 0
    Fulfillment.objects.update(created_at=clock - timedelta(minutes=1))
    release_waves()
    assert released() == [("time", numbers(*orders[:2]))]
    # The size is the store's word: what found no room goes with the next time.
    assert release_due(store=store) == 0
    Wave.objects.update(released_at=clock - timedelta(minutes=30))
    assert release_due(store=store) == 1
    assert released()[1] == ("time", numbers(orders[2]))


def test_by_promise_the_soonest_first_and_a_full_cart_goes(store, item):
    plan(store, before_promise_minutes=30, method=Method.BATCH, batch_orders_max=2)
    late, soon, far, further = place(store, item, [-5, 60, 90, 100])
    assert release_due(store=store) == 1
    assert released() == [("promise", numbers(late, soon))]
    assert [one.number for one in load_waiting(store)] == numbers(far, further)


def test_by_promise_nobody_waits_for_the_size(store, item):
    plan(store, before_promise_minutes=30, method=Method.SINGLE, wave_orders_max=2)
    orders = place(store, item, [1, 2, 3])
    assert release_due(store=store) == 2
    assert released() == [("promise", numbers(*orders[:2])), ("promise", numbers(orders[2]))]


def test_what_waited_goes_when_the_plan_changes_to_at_once(store, item):
    first, second = place(store, item, [60, 70])
    plan(store, at_once=True)
    assert release_due(store=store) == 1
    assert released() == [("at_once", numbers(first, second))]
    assert PickList.objects.count() == 2


def test_by_hand_the_lead_chooses_orders_and_method(store, item, lead):
    first, second, third = place(store, item, [60, 70, 80])
    wave, orders = release_by_hand(
        store=store,
        orders=[fulfillment_of(first).pk, fulfillment_of(third).pk],
        method=Method.BATCH,
        associate=lead,
        device=None,
    )
    assert orders == 2
    assert wave.released_by == lead
    assert released() == [("hand", numbers(first, third))]
    assert list(PickList.objects.get().parts.values_list("position", "fulfillment__order__number")) == [
        (1, first.number),
        (2, third.number),
    ]
    with pytest.raises(NothingWaits):
        release_by_hand(
            store=store, orders=[fulfillment_of(first).pk], method=Method.SINGLE, associate=lead, device=None
        )
    assert [one.number for one in load_waiting(store)] == [second.number]


def test_an_express_order_is_never_batched(store, item, lead):
    place(store, item, [60, 70])
    Fulfillment.objects.first().order.__class__.objects.filter(pk=Fulfillment.objects.first().order_id).update(
        is_express=True
    )
    release_by_hand(store=store, orders=None, method=Method.BATCH, associate=lead, device=None)
    assert list(PickList.objects.order_by("pk").values_list("method", "is_express")) == [
        ("single", True),
        ("single", False),
    ]


def test_another_stores_orders_are_left_alone(store, item, lead):
    elsewhere = make_store()
    PickPlan.objects.create(store=elsewhere, at_once=False)
    stock_up(elsewhere, item, 5)
    order = order_for(elsewhere, (item, 1))
    with pytest.raises(NothingWaits):
        release_by_hand(
            store=store, orders=[fulfillment_of(order).pk], method=Method.SINGLE, associate=lead, device=None
        )
    assert not PickList.objects.exists()


def two_zones(store, lead):
    upstairs = Zone.objects.create(store=store, code="UP", name="Upstairs", walk_order=2)
    Bin.objects.create(store=store, zone=upstairs, code="U-01-1", kind=BinKind.SHELF, walk_order=900)
    lamp, cup = make_item("Lamp"), make_item("Cup")
    stock_up(store, lamp, 20, "A-01-1")
    stock_up(store, cup, 20, "U-01-1")
    orders = [order_for(store, (lamp, 1), (cup, 2)) for _number in range(3)]
    release_by_hand(store=store, orders=None, method=Method.ZONE, associate=lead, device=None)
    return orders


def test_zones_each_get_their_list(store, lead):
    orders = two_zones(store, lead)
    lists = PickList.objects.order_by("zone__walk_order")
    assert [(one.zone.name, one.lines.count(), one.parts.count()) for one in lists] == [
        ("Floor", 3, 3),
        ("Upstairs", 3, 3),
    ]
    assert all(order.fulfillments.get().pick_lists.count() == 2 for order in orders)


def test_taken_back_with_every_list_that_shares_an_order(store, lead):
    two_zones(store, lead)
    PickPlan.objects.filter(store=store).update(at_orders=1)
    pk = PickList.objects.latest("pk").pk
    assert take_back(store=store, pk=pk, associate=lead, device=None) == 3
    assert (PickList.objects.count(), PickLine.objects.count()) == (0, 0)
    assert Event.objects.filter(kind="picking.order_taken_back", actor=lead).count() == 3
    # The lead has a while to release them anew; then the plan takes them again.
    assert all(one.kept for one in load_waiting(store))
    assert release_due(store=store) == 0
    wave, orders = release_by_hand(store=store, orders=None, method=Method.BATCH, associate=lead, device=None)
    assert (orders, wave.lists.count()) == (3, 1)


def test_after_a_while_the_plan_takes_back_what_was_taken_back(store, item, lead, monkeypatch):
    place(store, item)
    release_by_hand(store=store, orders=None, method=Method.SINGLE, associate=lead, device=None)
    take_back(store=store, pk=PickList.objects.get().pk, associate=lead, device=None)
    plan(store, at_orders=1)
    assert release_due(store=store) == 0
    monkeypatch.setattr("picking.queries.waiting.KEPT_FOR_LEAD", -KEPT_FOR_LEAD)
    assert release_due(store=store) == 1


def test_what_somebody_has_begun_is_not_taken_back(store, lead):
    two_zones(store, lead)
    first, second = PickList.objects.order_by("pk")
    rosa = make_associate(store)
    claim_list(store=store, pk=second.pk, associate=rosa)
    with pytest.raises(ListBegun):
        take_back(store=store, pk=first.pk, associate=lead, device=None)
    assert PickList.objects.count() == 2
    with pytest.raises(NotHere):
        take_back(store=make_store(), pk=first.pk, associate=lead, device=None)


def terms(**fields):
    usual = {
        "at_once": False,
        "every_minutes": 30,
        "at_orders": None,
        "before_promise_minutes": None,
        "method": "",
        "wave_orders_max": 24,
        "batch_orders_max": 6,
        "claim_minutes": 15,
        "break_minutes": 45,
        "when_gone": "cancel",
    }
    return PlanTerms(**(usual | fields))


def test_the_plan_is_written_down_with_what_changed(lead):
    store = make_store()
    assert set_plan(store=store, terms=terms(), associate=lead, device=None)
    event = Event.objects.get(kind="picking.plan_set")
    assert event.data["changes"] == {
        "at_once": {"was": True, "became": False},
        "every_minutes": {"was": None, "became": 30},
    }
    assert not set_plan(store=store, terms=terms(), associate=lead, device=None)
    assert Event.objects.filter(kind="picking.plan_set").count() == 1


@pytest.mark.parametrize(
    ("wrong", "refusal", "says"),
    [
        ({"every_minutes": 4}, PlanInvalid, "every so many minutes"),
        ({"at_orders": 0}, PlanInvalid, "when so many orders wait"),
        ({"claim_minutes": 0}, PlanInvalid, "minutes a silent picker keeps a list"),
        ({"method": "by foot"}, PlanChoiceInvalid, "method"),
        ({"when_gone": ""}, PlanChoiceInvalid, "what nobody has any more"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused_and_nothing_changes(lead, wrong, refusal, says):
    store = make_store()
    with pytest.raises(refusal) as refused, transaction.atomic():
        set_plan(store=store, terms=terms(**wrong), associate=lead, device=None)
    assert refused.value.detail == says
    assert not PickPlan.objects.filter(store=store).exists()
