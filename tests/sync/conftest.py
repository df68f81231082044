"""A shop beside a store, with the three SKUs of Shopify's sample order."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from stores.catalog.actions.add_alias import add_alias
from stores.catalog.models import Item
from stores.journal import wakeups
from stores.models import Store
from stores.sync import tasks
from stores.sync.actions import deliver_event
from stores.sync.connectors.shopify.signature import sign
from stores.sync.models import InboundMessage
from tests.factories import make_item, make_store, stock_up
from tests.racing import HANG_SECONDS

SHOP = "shop.example"
SECRET = "a secret of the shop"
SAMPLE_SKUS = ("IPOD2008GREEN", "IPOD2008RED", "IPOD2008BLACK")
SAMPLE = json.loads((Path(__file__).parents[1] / "data/shopify/order.json").read_text())["order"]


@dataclass
class Shop:
    """Sends webhooks as Shopify does."""

    client: Client
    domain: str = SHOP
    secret: str = SECRET

    def send(
        self,
        body: dict[str, Any] | bytes,
        *,
        topic: str = "orders/create",
        webhook_id: str = "",
        signature: str = "",
        leave_out: str = "",
    ) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {
            "X-Shopify-Topic": topic,
            "X-Shopify-Shop-Domain": self.domain,
            "X-Shopify-Webhook-Id": webhook_id or str(uuid4()),
            "X-Shopify-Hmac-Sha256": signature or sign(raw, self.secret).decode(),
        }
        headers.pop(leave_out, None)
        return self.client.post("/hooks/shopify/", raw, content_type="application/json", headers=headers)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that stalls for seconds is no receiver that answers late."""
    for limit in ("DEADLINE_SECONDS", "QUICK_SECONDS", "LEASE_SECONDS"):
        monkeypatch.setattr(deliver_event, limit, HANG_SECONDS)


@pytest.fixture
def sample() -> dict[str, Any]:
    return copy.deepcopy(SAMPLE)


@pytest.fixture
def shop(settings, db) -> Shop:
    settings.SHOPIFY_SECRETS = {SHOP: SECRET}
    return Shop(Client(enforce_csrf_checks=True))


@pytest.fixture
def store(db) -> Store:
    """Near the sample's customer, with ten of each of its items."""
    store = make_store("CAMDEN", latitude=45.4)
    for sku in SAMPLE_SKUS:
        item = make_item(sku.title(), sku=f"OUR-{sku}")
        stock_up(store, item, 10)
    return store


def link_all(*skus: str) -> None:
    for sku in skus or SAMPLE_SKUS:
        add_alias(source=SHOP, code=sku, item=Item.objects.get(sku=f"OUR-{sku}"))


@pytest.fixture
def aliases(store) -> None:
    link_all()


@pytest.fixture
def work(woken) -> Callable[[], None]:
    """What the workers do: every message that is due is applied."""

    def apply_due() -> None:
        for pk in InboundMessage.queue.due().order_by("pk").values_list("pk", flat=True):
            tasks.apply_inbound(pk)

    return apply_due


@pytest.fixture(autouse=True)
def woken(monkeypatch) -> list[tuple[Any, ...]]:
    """The wake-ups that were sent, instead of sending them: (task, arguments)."""
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(wakeups, "_send", lambda task, args: sent.append((task.rpartition(".")[2], *args)))
    monkeypatch.setattr(wakeups, "_publish", lambda store_id, kind: None)
    return sent
