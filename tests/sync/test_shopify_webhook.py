"""The door for shops: who gets in, what is stored, what is answered."""

import json
import time
from unittest.mock import patch

import pytest
from django.db import InterfaceError, OperationalError

from stores.journal.models import Event
from stores.orders.models import Order
from stores.sync.actions import receive_message
from stores.sync.models import InboundMessage
from tests.sync.conftest import SECRET, SHOP

Reason = InboundMessage.Reason
State = InboundMessage.State


def test_the_sample_becomes_an_order(shop, sample, store, aliases, work, woken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert shop.send(sample, webhook_id="b54557e4").status_code == 200
    message = InboundMessage.objects.get()
    assert (message.source, message.external_id, message.topic) == (SHOP, "b54557e4", "orders/create")
    assert json.loads(message.body) == sample
    assert ("apply_inbound", message.pk) in woken

    work()

    order = Order.objects.get()
    message.refresh_from_db()
    assert (message.state, message.subject) == (State.DONE, f"order:{order.pk}")
    assert (order.source, order.external_id, order.number) == (SHOP, "450789469", "#1001")
    assert (order.currency, order.method, order.pickup_store) == ("USD", Order.Method.COUNTER, None)
    assert order.placed_at.isoformat() == "2008-01-10T16:00:00+00:00"
    assert (order.latitude, order.longitude) == (45.41634, -75.6868)
    contact = order.contact
    assert (contact.name, contact.email, contact.phone) == ("Bob Norman", "bob.norman@hostmail.com", "555-625-1199")
    assert [(line.item.sku, line.quantity, str(line.price)) for line in order.lines.all()] == [
        ("OUR-IPOD2008GREEN", 1, "199.00"),
        ("OUR-IPOD2008RED", 1, "199.00"),
        ("OUR-IPOD2008BLACK", 1, "199.00"),
    ]
    assert order.fulfillments.get().store == store


def test_the_same_webhook_again_is_counted_and_changes_nothing(shop, sample, store, aliases, work):
    for _time in range(3):
        assert shop.send(sample, webhook_id="one").status_code == 200
        work()
    assert InboundMessage.objects.get().repeats == 2
    assert Order.objects.count() == 1


def test_the_same_order_under_another_webhook_id_is_one_order(shop, sample, store, aliases, work):
    shop.send(sample, webhook_id="one")
    shop.send(sample, webhook_id="two")
    work()
    order = Order.objects.get()
    assert list(InboundMessage.objects.values_list("state", "subject")) == [(State.DONE, f"order:{order.pk}")] * 2


def test_applying_a_message_twice_has_one_effect(shop, sample, store, aliases, work):
    shop.send(sample)
    work()
    InboundMessage.objects.update(state=State.QUEUED)
    work()
    assert Order.objects.count() == 1
    assert InboundMessage.objects.get().subject == f"order:{Order.objects.get().pk}"


def test_a_bad_signature_is_refused_and_seen(shop, sample, store, aliases, work):
    assert shop.send(sample, webhook_id="genuine", signature="bm90IGl0").status_code == 401
    message = InboundMessage.objects.get()
    assert (message.state, message.reason) == (State.FAILED, Reason.BAD_SIGNATURE)
    assert message.external_id.startswith("unproven:")
    assert len(message.body) == 2_000
    assert Event.objects.filter(kind="sync.message_held").count() == 1
    work()
    assert not Order.objects.exists()


def test_a_forged_message_does_not_burn_the_genuine_one(shop, sample, store, aliases, work):
    shop.send(sample, webhook_id="b54557e4", signature="bm90IGl0")
    assert shop.send(sample, webhook_id="b54557e4").status_code == 200
    work()
    assert Order.objects.count() == 1


def test_forgeries_are_kept_once_each_and_only_so_many_an_hour(shop, monkeypatch):
    monkeypatch.setattr(receive_message, "UNPROVEN_PER_HOUR_MAX", 3)
    for number in range(5):
        for _time in range(2):
            assert shop.send({"id": number}, signature="bm90IGl0").status_code == 401
    assert list(InboundMessage.objects.order_by("pk").values_list("repeats", flat=True)) == [1, 1, 1]


def test_a_shop_nobody_knows_is_refused(shop, sample):
    shop.domain, shop.secret = "elsewhere.example", ""
    assert shop.send(sample).status_code == 401
    assert InboundMessage.objects.get().source == "elsewhere.example"


def test_two_secrets_live_side_by_side_while_one_is_replaced(shop, sample, settings):
    settings.SHOPIFY_SECRETS = {SHOP: f"the next one|{SECRET}"}
    assert shop.send(sample).status_code == 200
    shop.secret = "the next one"
    assert shop.send(sample).status_code == 200
    shop.secret = f"the next one|{SECRET}"
    assert shop.send(sample).status_code == 401


@pytest.mark.parametrize(
    "header", ["X-Shopify-Topic", "X-Shopify-Shop-Domain", "X-Shopify-Webhook-Id", "X-Shopify-Hmac-Sha256"]
)
def test_a_missing_header_is_the_callers_mistake(shop, sample, header):
    assert shop.send(sample, leave_out=header).status_code == 400
    assert not InboundMessage.objects.exists()


def test_a_webhook_id_cannot_pose_as_a_kept_forgery(shop, sample):
    assert shop.send(sample, webhook_id="unproven:0").status_code == 400


def test_a_body_beyond_the_limit_is_not_read(shop, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    assert shop.send(b" " * 1_001).status_code == 413
    assert not InboundMessage.objects.exists()


def test_nothing_but_post(shop):
    assert shop.client.get("/hooks/shopify/").status_code == 405


@pytest.mark.parametrize("down", [OperationalError, InterfaceError])
def test_while_postgresql_is_away_the_shop_is_asked_to_come_again(shop, sample, down):
    with patch.object(receive_message.InboundMessage.objects, "get_or_create", side_effect=down):
        answer = shop.send(sample)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"[" * 100_000,
        b'{"id": NaN}',
        b'{"id": 1e999}',
        b"\xff\xfe{}",
        b'{"id": "\x00"}',
        b'{"id": 1, "currency": "USD"}',
        b'{"id": {"a": 1}, "currency": "USD", "created_at": "2008-01-10T11:00:00-05:00"}',
        b'{"id": 1, "currency": "USD", "created_at": "yesterday", "line_items": [{}]}',
    ],
)
def test_a_malformed_body_is_kept_and_waits_for_a_person(shop, work, body):
    assert shop.send(body).status_code == 200
    work()
    message = InboundMessage.objects.get()
    assert (message.state, message.reason) == (State.FAILED, Reason.MALFORMED)
    assert message.facts["field"]
    assert message.body.startswith("base64:") or message.body.encode() == body


def test_an_unknown_topic_waits_for_a_person(shop, work):
    shop.send({"id": 1}, topic="carts/update")
    work()
    message = InboundMessage.objects.get()
    assert (message.state, message.reason, message.facts["topic"]) == (
        State.FAILED,
        Reason.UNKNOWN_TOPIC,
        "carts/update",
    )


def test_the_shop_is_answered_well_within_its_five_seconds(shop, sample):
    sample["note"] = "x" * 900_000
    # Time of its own: the machine's other work says nothing.
    started = time.thread_time()
    assert shop.send(sample).status_code == 200
    assert time.thread_time() - started < 1
