"""What is ready and wanted no more: the bag, the customer's page and the counter follow."""

from uuid import uuid4

import pytest
from django.db import transaction

from picking.models import PickList, PutBack
from pickup.models import StagedUnit
from stores.catalog.models import Substitute
from stores.journal.models import Event
from stores.orders.actions.cancel_order import cancel_order
from stores.orders.actions.cancel_units import cancel_units
from stores.orders.models import FulfillmentLine, Order, OrderLine
from stores.orders.reasons import CancelReason
from tests.factories import atp, fulfillment_of, in_bin, make_associate, make_item, make_store, order_for, stock_up
from tests.picking.conftest import Picker
from tests.pickup.conftest import Pickup, start_pickup
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def ready(db) -> Pickup:
    return start_pickup(make_store()).make_ready()


def test_a_cancelled_order_leaves_its_bin_and_its_page(ready):
    fulfillment, link, bag = ready.fulfillment, ready.link, ready.bags[0]
    ready.arrive()
    with transaction.atomic():
        cancel_order(order=ready.order, reason=CancelReason.CUSTOMER, key="c")
    fulfillment.refresh_from_db()
    assert fulfillment.state == "cancelled"
    link.refresh_from_db()
    bag.refresh_from_db()
    assert link.revoked_at
    assert bag.left_at
    assert (StagedUnit.objects.count(), list(FulfillmentLine.objects.values_list("staged", "picked"))) == (
        0,
        [(0, 0)] * 2,
    )
    tasks = PutBack.objects.values_list("item__name", "quantity", "from_bin__code", "to_bin__code")
    assert sorted(tasks) == [("Hanger", 1, "S-01", "A-03-2"), ("Lantern", 2, "S-01", "A-01-1")]
    client = ready.client()
    assert "Cancelled" in client.get(f"/handover/{fulfillment.pk}/").content.decode()
    assert ready.order.number not in client.get("/counter/").content.decode()


def test_an_order_that_is_ready_stays_ready_with_less(ready):
    with transaction.atomic():
        cancel_units(line=ready.order.lines.get(item=ready.lantern), quantity=1, reason=CancelReason.CUSTOMER, key="c")
    assert (ready.fulfillment.state, ready.bags[0].left_at) == ("staged", None)
    assert sorted(StagedUnit.objects.values_list("quantity", flat=True)) == [1, 1]
    ready.arrive()
    ready.claim()
    ready.check_bags()
    ready.prove()
    ready.hand_over()
    assert sorted(FulfillmentLine.objects.values_list("handed_over", flat=True)) == [1, 1]
    assert in_bin(ready.store, "S-01", ready.lantern) == 1
    assert PutBack.objects.get().quantity == 1


def test_a_staging_is_not_undone_after_something_was_taken_out(ready):
    with transaction.atomic():
        cancel_units(line=ready.order.lines.get(item=ready.lantern), quantity=1, reason=CancelReason.CUSTOMER, key="c")
    form = {"key": str(uuid4()), "staging": ready.bags[0].pk}
    answer = ready.client().post("/stage/undo/", form)
    assert answer.status_code == 409
    assert "taken out" in answer.content.decode()
    assert ready.fulfillment.state == "staged"


def substituted(*, hangers=1):
    """A ready order whose lantern is another one."""
    store, lantern, red, hanger = make_store(), make_item("Lantern"), make_item("Red lantern"), make_item("Hanger")
    Substitute.objects.create(item=lantern, substitute=red, rank=1)
    stock_up(store, lantern, 1)
    stock_up(store, red, 2, "A-02-1")
    stock_up(store, hanger, 1, "A-03-2")
    wanted = [(lantern, 1), *[(hanger, hangers)] * bool(hangers)]
    order = order_for(store, *wanted, allows_substitutes=True)
    pickup = Pickup(store, make_associate(store), red, hanger, order)
    picker = Picker(store, pickup.associate, PickList.objects.get().pk)
    picker.claim()
    picker.scan("TOTE-0001")
    client = signed_in_client(pickup.associate, store)
    form = {"line": picker.line.pk, "quantity": "1", "reason": "not_found", "key": str(uuid4())}
    client.post(f"/pick/{picker.pk}/short/", form)
    shortage = picker.walk.pk and Order.objects.get().fulfillments.get().lines.get(item=lantern).shortages.get()
    client.post(f"/pick/{picker.pk}/instead/", {"line": shortage.pk, "key": str(uuid4())})
    while line := picker.walk.current:
        picker.scan(line.bin_code, line.sku)
    picker.finish()
    pickup.stage()
    pickup.arrive()
    pickup.claim()
    return pickup, client, red


def refuse(pickup, client, line, key=None):
    form = {"line": line.pk, "key": key or str(uuid4())}
    return client.post(f"/handover/{line.fulfillment_id}/refuse/", form, headers={"HX-Request": "true"})


def test_a_refused_substitute_is_taken_out_and_the_rest_is_handed_over():
    pickup, client, red = substituted()
    page = client.get(f"/handover/{pickup.pk}/").content.decode()
    assert "substitute for Lantern" in page
    assert "Customer does not want it" in page
    line = pickup.fulfillment.lines.get(item=red)
    key = str(uuid4())
    assert refuse(pickup, client, line, key).status_code == 200
    assert refuse(pickup, client, line, key).status_code == 200
    assert refuse(pickup, client, line).status_code == 404
    assert "substitute for" not in client.get(f"/handover/{pickup.pk}/").content.decode()
    assert PutBack.objects.get().reason == "refused"
    assert OrderLine.objects.get(item=red).cancelled == 1
    event = Event.objects.filter(kind="orders.line_cancelled").latest("pk")
    assert (event.item_id, event.quantity, event.data["amount"]) == (red.pk, 1, "2.55")
    pickup.check_bags()
    pickup.prove()
    pickup.hand_over()
    assert Order.objects.get().state == "completed"
    assert atp(pickup.store, red) == 1


def test_an_order_of_which_only_the_refused_one_was_left_is_cancelled():
    pickup, client, red = substituted(hangers=0)
    line = fulfillment_of(pickup.order).lines.get(item=red)
    assert "Cancelled" in refuse(pickup, client, line).content.decode()
    assert Order.objects.get().state == "cancelled"


def test_what_was_ordered_itself_is_not_refused_this_way():
    pickup, client, _red = substituted()
    line = pickup.fulfillment.lines.get(item=pickup.hanger)
    assert refuse(pickup, client, line).status_code == 404
    assert PutBack.objects.count() == 0
