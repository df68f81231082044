"""What a zone could not give, when the rest of the order is wanted no more before the other zones are done."""

from uuid import uuid4

import pytest
from django.db import transaction

from picking.actions.turns.take_substitute import decline_substitute
from picking.actions.waves import release_by_hand
from picking.models import Method, PickList, PickPlan, Shortage
from picking.tasks import end_empty_list, end_empty_lists
from stores.journal.models import Event
from stores.models import Bin, BinKind, Zone
from stores.notices.models import Notice
from stores.orders.actions.cancel_order import cancel_order
from stores.orders.models import Fulfillment, Order, OrderLine
from stores.orders.reasons import CancelReason
from stores.staff.models import Role
from stores.stock.actions.sell import record_sale
from tests.factories import make_associate, make_item, make_store, order_for, stock_up
from tests.picking.conftest import Picker
from tests.picking.test_withdraw import want_less

pytestmark = pytest.mark.django_db


class Zones:
    """Orders of two lamps on the floor and a cup upstairs, a list for each; only `lamps` of each two lie there."""

    def __init__(self, *, when_gone: str, lamps: int, anywhere: bool = False, orders: int = 1) -> None:
        self.store = make_store()
        PickPlan.objects.create(store=self.store, at_once=False, when_gone=when_gone)
        upstairs = Zone.objects.create(store=self.store, code="UP", name="Upstairs", walk_order=2)
        Bin.objects.create(store=self.store, zone=upstairs, code="U-01-1", kind=BinKind.SHELF, walk_order=900)
        self.lamp, self.cup = make_item("Lamp"), make_item("Cup")
        stock_up(self.store, self.lamp, 2 * orders, "A-01-1")
        stock_up(self.store, self.cup, 5, "U-01-1")
        pickup_store = None if anywhere else self.store
        self.orders = [order_for(pickup_store, (self.lamp, 2), (self.cup, 1)) for _order in range(orders)]
        self.order = self.orders[0]
        self.rosa = make_associate(self.store, role=Role.LEAD)
        release_by_hand(store=self.store, orders=None, method=Method.ZONE, associate=self.rosa, device=None)
        self.floor, self.up = (
            Picker(self.store, self.rosa, pk)
            for pk in PickList.objects.order_by("zone__walk_order").values_list("pk", flat=True)
        )
        self.floor.claim()
        self.floor.scan(*[f"TOTE-000{number}" for number in range(1, orders + 1)])
        if lamps:
            self.floor.scan("A-01-1", *[self.lamp.sku] * lamps * orders)
        if lamps < 2:
            self.floor.short(2 - lamps)

    def states(self) -> tuple[str, list[str]]:
        self.order.refresh_from_db()
        return self.order.state, list(Fulfillment.objects.filter(order=self.order).values_list("state", flat=True))

    def ends(self) -> list[str]:
        return list(Shortage.objects.order_by("pk").values_list("end", flat=True))

    def lamps(self) -> tuple[int, int, int]:
        line = OrderLine.objects.get(order=self.order, item=self.lamp)
        return line.quantity, line.allocated, line.cancelled


def told() -> list[str]:
    return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


def test_what_is_missing_is_cancelled_and_the_customer_hears_of_it():
    zones = Zones(when_gone="cancel", lamps=1)
    zones.floor.finish()
    want_less(zones.order, zones.cup, 1)
    assert (zones.states(), zones.ends()) == (("allocated", ["picked"]), ["cancelled"])
    assert (zones.lamps(), told()) == ((2, 1, 1), ["orders.line_cancelled"])
    assert "Lamp" in Notice.objects.get().body
    assert Event.objects.get(kind="picking.shortages_settled").data["end"] == "cancelled"


def test_what_is_missing_is_waited_for_where_the_plan_says_so():
    zones = Zones(when_gone="wait", lamps=1)
    zones.floor.finish()
    want_less(zones.order, zones.cup, 1)
    assert (zones.states(), zones.ends()) == (("backordered", ["picked"]), ["backorder"])
    assert (zones.lamps(), told()) == ((2, 1, 0), [])


def test_another_store_gives_what_is_missing_before_the_plan_has_its_word():
    zones = Zones(when_gone="cancel", lamps=0, anywhere=True)
    zones.floor.finish()
    stock_up(make_store(latitude=52.0), zones.lamp, 2)
    want_less(zones.order, zones.cup, 1)
    assert (zones.states(), zones.ends()) == (("allocated", ["cancelled", "allocated"]), ["store"])
    assert told() == []


def test_an_order_of_which_nothing_was_found_ends():
    zones = Zones(when_gone="cancel", lamps=0)
    zones.floor.finish()
    want_less(zones.order, zones.cup, 1)
    assert (zones.states(), zones.ends(), zones.lamps()) == (("cancelled", ["cancelled"]), ["cancelled"], (2, 0, 2))
    assert told() == ["orders.cancelled"]


def test_the_list_that_is_still_walked_has_the_missing_units():
    """The picker has not finished: nothing is left for them to do."""
    zones = Zones(when_gone="cancel", lamps=0)
    want_less(zones.order, zones.cup, 1)
    assert (zones.states(), zones.ends()) == (("cancelled", ["cancelled"]), ["cancelled"])
    assert set(PickList.objects.values_list("state", flat=True)) == {"cancelled"}
    assert told() == ["orders.cancelled"]


def test_what_the_picker_left_out_is_cancelled_too():
    zones = Zones(when_gone="cancel", lamps=1)
    decline_substitute(
        store=zones.store,
        pk=zones.floor.pk,
        shortage_pk=Shortage.objects.get().pk,
        associate=zones.rosa,
        device=None,
        key=str(uuid4()),
    )
    zones.floor.finish()
    want_less(zones.order, zones.cup, 1)
    assert (zones.states(), zones.ends(), zones.lamps()) == (("allocated", ["picked"]), ["cancelled"], (2, 1, 1))
    assert told() == ["orders.line_cancelled"]


def test_nothing_is_waited_for_of_an_order_that_is_cancelled():
    zones = Zones(when_gone="wait", lamps=1)
    zones.floor.finish()
    with transaction.atomic():
        cancel_order(order=zones.order, reason=CancelReason.CUSTOMER, key=str(uuid4()))
    assert (zones.states(), zones.ends(), zones.lamps()) == (("cancelled", ["cancelled"]), ["cancelled"], (2, 0, 2))
    assert told() == []


def test_the_customer_hears_of_each_unit_that_is_missing():
    """First the till sells one, then the picker finds none: the second time is told as the first was."""
    store, lamp, cup = make_store(), make_item("Lamp"), make_item("Cup")
    stock_up(store, lamp, 2)
    stock_up(store, cup, 2, "A-02-1")
    order = order_for(store, (lamp, 2), (cup, 1))
    picker = Picker(store, make_associate(store), PickList.objects.get().pk)
    record_sale(store=store, item=lamp, quantity=1, key="till", reference="till:1")
    assert told() == ["orders.line_cancelled"]
    picker.claim()
    picker.scan("TOTE-0001", "A-01-1")
    picker.short(1)
    picker.scan("A-02-1", cup.sku)
    picker.finish()
    order.refresh_from_db()
    assert (told(), order.state) == (["orders.line_cancelled"] * 2, Order.State.ALLOCATED)


def test_a_list_of_two_orders_that_is_empty_ends_for_both():
    """The second order's change empties it; the first one has waited for its end since it wanted less itself."""
    zones = Zones(when_gone="cancel", lamps=2, orders=2)
    first, second = zones.orders
    want_less(first, zones.cup, 1)
    zones.floor.finish()
    assert zones.up.walk.state == "open"
    want_less(second, zones.cup, 1)
    end_empty_lists()
    assert zones.up.walk.state == "cancelled"
    assert set(Fulfillment.objects.values_list("state", flat=True)) == {"picked"}
    end_empty_list(zones.up.pk)
    assert Event.objects.filter(kind="picking.list_cancelled").count() == 1


def test_what_is_still_to_be_picked_for_one_of_them_keeps_the_list():
    zones = Zones(when_gone="cancel", lamps=2, orders=2)
    want_less(zones.orders[0], zones.cup, 1)
    end_empty_list(zones.up.pk)
    end_empty_lists()
    assert (zones.up.walk.state, zones.floor.walk.state) == ("open", "picking")
