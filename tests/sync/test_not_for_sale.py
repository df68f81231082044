"""An order for what is not for sale waits where a person sees it, and is placed when it is."""

from uuid import uuid4

import pytest

from stores.catalog.actions.lifecycle import activate_item, approve_item, retire_item
from stores.catalog.actions.set_components import set_components
from stores.catalog.models import Item
from stores.orders.models import Order, OrderBundle
from stores.staff.models import Role
from stores.sync.models import InboundMessage
from tests.factories import make_associate, make_bundle, stock_up
from tests.staff.signing_in import signed_in_client
from tests.sync.test_api import URL, Caller, problem

pytestmark = pytest.mark.django_db

RED = "OUR-IPOD2008RED"


@pytest.fixture
def caller(store):
    return Caller()


@pytest.fixture
def red(store):
    return Item.objects.get(sku=RED)


def order_of(*skus):
    lines = [{"sku": sku, "quantity": 1, "price": "10.00"} for sku in skus]
    return {"external_id": "A-1", "number": "#A1", "pickup_store": "CAMDEN", "lines": lines, "currency": "GBP"}


def test_the_caller_is_told_and_the_order_is_placed_when_the_item_is_active(caller, red, work):
    retire_item(item=red)
    told = problem(caller.post(order_of(RED)), 422, "not_for_sale")
    assert told["codes"] == [RED]
    assert not Order.objects.exists()
    message = InboundMessage.objects.get(pk=told["message"])
    assert (message.state, message.reason) == ("failed", "refused")

    approve_item(item=red)
    work()
    assert not Order.objects.exists()
    activate_item(item=red)
    work()
    message.refresh_from_db()
    assert (message.state, message.subject) == ("done", f"order:{Order.objects.get().pk}")


def test_a_webhook_waits_on_the_board_in_words(shop, aliases, sample, store, red, work):
    retire_item(item=red)
    shop.send(sample)
    work()
    lead = make_associate(store, role=Role.LEAD)
    browser = signed_in_client(lead, store)
    assert f"Not for sale: {RED}" in browser.get("/exceptions/").text
    page = browser.get(f"/exceptions/messages/{InboundMessage.objects.get().pk}/").text
    assert f"Not for sale: {RED}" in page
    assert "Which item is" not in page


def test_a_bundle_waits_for_its_component_and_for_another_composition(caller, store, red, work):
    black = Item.objects.get(sku="OUR-IPOD2008BLACK")
    pair = make_bundle((red, 1), (black, 1), sku="PAIR")
    retire_item(item=red)
    told = problem(caller.post(order_of("PAIR")), 422, "not_for_sale")
    assert told["codes"] == [RED]
    retire_item(item=pair)
    set_components(bundle=pair, components=[(black, 2)], reason="Red is sold out for good")
    approve_item(item=pair)
    activate_item(item=pair)
    work()
    assert Order.objects.get().lines.get().item == black


def test_an_item_nobody_waits_for_wakes_nothing(caller, store, red, work, woken):
    other = Item.objects.get(sku="OUR-IPOD2008BLACK")
    retire_item(item=red)
    retire_item(item=other)
    caller.post(order_of(RED))
    approve_item(item=other)
    activate_item(item=other)
    assert InboundMessage.objects.get().state == "failed"


def test_the_status_of_a_bundle_over_the_api(caller, store, red):
    pair = make_bundle((red, 1), (Item.objects.get(sku="OUR-IPOD2008BLACK"), 2), sku="PAIR")
    stock_up(store, red, 1)
    answer = caller.post(order_of("pair", RED), key=str(uuid4()))
    assert answer.status_code == 201
    told = answer.json()
    bundle = OrderBundle.objects.get()
    assert bundle.item == pair
    assert told["bundles"] == [
        {"id": bundle.pk, "line": "1", "sku": "PAIR", "quantity": 1, "allocated": 1, "cancelled": 0, "price": "10.00"}
    ]
    assert [(line["sku"], line["quantity"], line["bundle"]) for line in told["lines"]] == [
        (RED, 1, bundle.pk),
        ("OUR-IPOD2008BLACK", 2, bundle.pk),
        (RED, 1, None),
    ]
    # By list prices a third and two thirds: two units at 3.33, and a cent that is left over.
    assert [line["amount"] for line in told["lines"]] == ["3.33", "6.67", "10.00"]
    assert caller.get(URL, external_id="A-1").json() == told
