"""What the API's page shows works in the demo, sent with the key that the demo prints."""

import json
from typing import Any

from django.core.management import call_command
from django.test import TestCase, override_settings

from config.demo_chain.shop import api_token
from stores.orders.models import Order
from stores.sync.api.described import ORDER
from stores.sync.api.items.described import CHANGES, ITEM


class DemoApiTest(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        with override_settings(DEMO=True, SITE_URL="http://127.0.0.1:8000"):
            call_command("demo_chain", verbosity=0)

    def send(self, method: str, path: str, body: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {api_token()}", "Idempotency-Key": f"{method} {path}".replace(" ", ":")}
        return self.client.generic(method, path, json.dumps(body), content_type="application/json", headers=headers)

    def test_the_order_of_the_examples_is_placed(self) -> None:
        answer = self.send("POST", "/api/v1/orders", ORDER)
        assert (answer.status_code, answer.json()["pickup_store"]) == (201, "CAMDEN")
        assert Order.objects.get(external_id=ORDER["external_id"]).state == Order.State.ALLOCATED

    def test_the_shop_s_word_on_an_item_waits_for_a_person_where_another_system_keeps_the_field(self) -> None:
        answer = self.send("PATCH", f"/api/v1/items/{ITEM['sku']}", CHANGES)
        assert answer.status_code == 202
        outcomes = {one["field"]: (one["outcome"], one["owner"]) for one in answer.json()["outcomes"]}
        assert outcomes == {"name": ("waits", "storehand"), "price": ("waits", "pos")}
