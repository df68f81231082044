"""One order in two parts at one store: what was missing is picked later, and both find their way to the customer."""

import pytest

from picking.models import PickList, PickPlan, Shortage
from pickup.actions.check_bag import check_bag
from pickup.actions.check_identity import check_code
from pickup.actions.claim_arrival import claim_arrival
from pickup.actions.hand_over import hand_over
from pickup.actions.stage_tote import stage_tote
from pickup.codes import bag_label
from pickup.models import CustomerLink
from pickup.queries.find import fulfillment_by_code
from stores.journal.audit import find_defects
from stores.orders.actions.retry_backorders import retry_backorders
from stores.orders.models import Order
from tests.factories import make_associate, make_item, make_store, order_for, stock_up
from tests.picking.conftest import Picker

pytestmark = pytest.mark.django_db


@pytest.fixture
def parts():
    """Two lanterns wanted, one there: the first part is ready, the second is being picked since stock arrived."""
    store, lantern = make_store(), make_item("Lantern")
    PickPlan.objects.create(store=store, when_gone="wait")
    stock_up(store, lantern, 2, "A-01-1")
    order = order_for(store, (lantern, 2))
    associate = make_associate(store)
    first = Picker(store, associate, PickList.objects.get().pk)
    first.claim()
    gtin = lantern.barcodes.get().gtin
    first.scan("TOTE-0001", "A-01-1", gtin)
    first.short(1)
    assert list(find_defects()) == []
    first.finish()
    assert Order.objects.get().state == "backordered"
    stage(store, associate, first)
    stock_up(store, lantern, 3, "A-02-1")
    assert retry_backorders() == 1
    second = Picker(store, associate, PickList.objects.get(state="open").pk)
    return store, associate, order, first, second, gtin


def stage(store, associate, picker):
    tote = PickList.objects.get(pk=picker.pk).totes.get(emptied_at=None)
    return stage_tote(store=store, pk=tote.pk, bin_code="S-01", associate=associate, device=None)


def give(store, associate, fulfillment):
    common = {"store": store, "pk": fulfillment.pk, "associate": associate, "device": None}
    claim_arrival(**common)
    check_bag(code=bag_label(fulfillment.pk, 1), **common)
    assert check_code(code=CustomerLink.objects.get(fulfillment=fulfillment).code, **common).is_right
    hand_over(**common)


def test_both_parts_reach_the_customer_and_the_order_ends_with_the_second(parts):
    store, associate, order, _first, second, gtin = parts
    ready, walking = order.fulfillments.order_by("pk")
    give(store, associate, ready)
    assert Order.objects.get().state == "allocated"
    second.claim()
    second.scan("TOTE-0001", "A-02-1", gtin)
    second.finish()
    stage(store, associate, second)
    give(store, associate, walking)
    assert Order.objects.get().state == "completed"
    assert list(find_defects()) == []


def test_the_orders_number_finds_the_part_that_is_ready(parts):
    store, _associate, order, _first, _second, _gtin = parts
    ready, walking = order.fulfillments.order_by("pk")
    assert (ready.state, walking.state) == ("staged", "allocated")
    assert fulfillment_by_code(store, order.number) == ready.pk


def test_the_number_of_an_order_that_has_gone_in_part_finds_what_is_still_to_come(parts):
    store, associate, order, _first, _second, _gtin = parts
    ready, walking = order.fulfillments.order_by("pk")
    give(store, associate, ready)
    assert fulfillment_by_code(store, order.number) == walking.pk


def test_everything_short_twice_leaves_one_waiting_order(parts):
    store, associate, order, _first, second, _gtin = parts
    second.claim()
    second.short(1, Shortage.Reason.DAMAGED)
    while second.walk.current:
        second.short(second.walk.current.open_quantity, Shortage.Reason.DAMAGED)
    second.finish()
    assert Order.objects.get().state == "backordered"
    assert list(find_defects()) == []
    give(store, associate, order.fulfillments.get(state="staged"))
    assert Order.objects.get().state == "backordered"
