"""The demo's shop: its orders come in as real ones do, and it hears what becomes of them."""

import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from stores.journal.actions.record import record
from stores.models import StoreAlias
from stores.orders.models import Order
from stores.sync import tasks
from stores.sync.actions.add_webhook import add_webhook, rotate_secret
from stores.sync.demo.shop import DemoShop
from stores.sync.management.commands.demo_shop import live_secrets
from stores.sync.models import InboundMessage, WebhookDelivery
from tests.factories import make_item, make_store, stock_up
from tests.sync.conftest import SECRET, SHOP, link_all

SAMPLE_FILE = Path(__file__).parents[1] / "data/shopify/order.json"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def listening(tmp_path, settings) -> Iterator[DemoShop]:
    settings.WEBHOOK_PRIVATE_ADDRESSES_ALLOWED = True
    with DemoShop(0, directory=tmp_path / "shop", secrets=live_secrets, tell=lambda _text: None) as shop:
        thread = threading.Thread(target=shop.serve_forever)
        thread.start()
        yield shop
        shop.shutdown()
        thread.join()


@pytest.fixture
def site(live_server, settings):
    settings.SHOPIFY_SECRETS = {SHOP: f"{SECRET}|the last one"}
    settings.SITE_URL = live_server.url


def deliver_all() -> set[str]:
    for pk in WebhookDelivery.objects.filter(state="queued").values_list("pk", flat=True):
        tasks.deliver(pk)
    return set(WebhookDelivery.objects.values_list("state", flat=True))


def demo_order(**options) -> str:
    out = StringIO()
    call_command("demo_order", stdout=out, **options)
    return out.getvalue()


def test_the_shop_keeps_what_is_signed(listening):
    add_webhook(
        name="Demo shop", url=f"http://127.0.0.1:{listening.server_port}/", kinds=["pickup.ready", "pickup.handed_over"]
    )
    for kind in ("pickup.ready", "pickup.handed_over"):
        record(kind=kind, subject="fulfillment:1")
        rotate_secret(name="Demo shop")
        assert deliver_all() == {"done"}
    assert [message["body"]["kind"] for message in listening.received()] == ["pickup.ready", "pickup.handed_over"]
    assert [message["times"] for message in listening.received()] == [1, 1]


def test_the_shop_counts_what_comes_twice(listening):
    add_webhook(name="Demo shop", url=f"http://127.0.0.1:{listening.server_port}/", kinds=["pickup.ready"])
    record(kind="pickup.ready", subject="fulfillment:1")
    deliver_all()
    WebhookDelivery.objects.update(state="queued")
    deliver_all()
    assert [message["times"] for message in listening.received()] == [2]


def test_the_shop_refuses_what_is_not_signed_with_a_live_secret(listening):
    add_webhook(name="Demo shop", url=f"http://127.0.0.1:{listening.server_port}/", kinds=["pickup.ready"])
    record(kind="pickup.ready", subject="fulfillment:1")
    listening.secrets = lambda: ["whsec_c29tZXRoaW5nIGVsc2U="]
    deliver_all()
    assert WebhookDelivery.objects.get().last_status == 401
    assert listening.received() == []


def test_the_sample_is_ordered(site, store, work):
    link_all()
    assert "Order #1001 is on its way" in demo_order(sample=SAMPLE_FILE)
    work()
    assert Order.objects.get().external_id == "450789469"


@pytest.mark.parametrize("method", Order.Method.values)
def test_an_order_is_made_for_what_a_store_has(site, store, work, method):
    link_all("IPOD2008RED")
    StoreAlias.objects.create(store=store, source=SHOP, code="905684977")
    demo_order(store="CAMDEN", lines=2, method=method)
    work()
    order = Order.objects.get()
    assert (order.state, order.pickup_store, order.method) == (Order.State.ALLOCATED, store, method)
    assert order.lines.count() == 2


def test_an_order_for_no_store_goes_to_one_that_has_it_all(site, store, work):
    other = make_store("LEEDS", latitude=53.8, offers_pickup=False)
    stock_up(other, make_item(), 5)
    demo_order(lines=3)
    work()
    order = Order.objects.get()
    assert order.pickup_store is None
    assert order.fulfillments.get().store == store


@pytest.mark.usefixtures("site")
def test_what_cannot_be_ordered_is_said(store):
    with pytest.raises(CommandError, match="There are CAMDEN"):
        demo_order(store="NOWHERE")
    make_store("EMPTY")
    with pytest.raises(CommandError, match="No store has anything"):
        demo_order(store="EMPTY")
    assert not InboundMessage.objects.exists()


def test_nobody_at_the_door_is_said(settings, store):
    settings.SHOPIFY_SECRETS = {SHOP: SECRET}
    settings.SITE_URL = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="is the demo running"):
        demo_order()


def test_an_api_key_is_printed_once():
    make_store("CAMDEN")
    out = StringIO()
    call_command("make_api_key", name="erp", store="CAMDEN", verbs="orders.read", stdout=out)
    prefix, _dot, secret = out.getvalue().strip().partition(".")
    assert (len(prefix), len(secret)) == (12, 43)
    with pytest.raises(CommandError):
        call_command("make_api_key", name="erp", verbs="fly")
    with pytest.raises(CommandError):
        call_command("make_api_key", name="erp", store="NOWHERE")
