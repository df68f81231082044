"""Whatever comes in through the API and the shop's door: an answer below 500, and nothing half stored."""

import copy
import json
from uuid import uuid4

import pytest
from django.test import Client

from stores.orders.models import Order
from stores.sync.models import InboundMessage
from tests.racing import at_once
from tests.sync.conftest import SECRET, SHOP, Shop
from tests.sync.test_api import Caller

STRANGE = [
    "\0",
    "a\0b",
    "\ud800",
    "\udfff x",
    "\r\nBcc: x@y.example",
    "٣",
    "A" * 5000,
    "\uffff",
    "{0}%s",
    10**400,
    -1,
    1e308,
    True,
    [],
    {},
    None,
]


@pytest.fixture
def body():
    return {
        "external_id": "A-1",
        "number": "#A1",
        "method": "counter",
        "pickup_store": "CAMDEN",
        "customer": {"name": "Bob", "email": "bob@shop.example", "phone": "020", "language": "en"},
        "destination": {"latitude": 1.0, "longitude": 2.0},
        "lines": [{"sku": "OUR-IPOD2008RED", "quantity": 1, "price": "1.00"}],
        "currency": "GBP",
        "placed_at": "2026-03-01T10:00:00+01:00",
    }


def leaves(value, path=()):
    if isinstance(value, dict):
        for name, part in value.items():
            yield from leaves(part, (*path, name))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from leaves(part, (*path, place))
    else:
        yield path


def put(body, path, value):
    changed = copy.deepcopy(body)
    at = changed
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return changed


def send(caller, raw, **headers):
    return caller.client.post(
        "/api/v1/orders",
        raw,
        content_type="application/json",
        headers={**caller.headers, "Idempotency-Key": str(uuid4()), **headers},
    )


@pytest.mark.django_db
@pytest.mark.parametrize("strange", STRANGE, ids=lambda value: ascii(value)[:20])
def test_any_value_in_any_field_of_the_api(store, body, strange):
    caller = Caller()
    caller.client.raise_request_exception = False
    broken = []
    for path in leaves(body):
        raw = json.dumps(put(body, path, strange))
        answer = send(caller, raw)
        if answer.status_code >= 500:
            broken.append((path, answer.exc_info and answer.exc_info[1]))
    assert broken == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 50_000 + b"]" * 50_000,
        b'{"a":' * 50_000,
        b"\xff\xfe{}",
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"NaN",
        b'{"lines": NaN}',
        b'{"external_id": 1e999}',
        b"9" * 10_000,
        b"{" + b" " * 2_000_000 + b"}",
    ],
    ids=lambda raw: repr(raw[:12]),
)
def test_bodies_that_are_no_order(store, raw):
    caller = Caller()
    caller.client.raise_request_exception = False
    answer = send(caller, raw)
    assert 400 <= answer.status_code < 500, answer.exc_info
    assert not Order.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["\xff", "k" * 65, "k" * 100_000, " ", "a\tb", "\u00a0", "\x85", "%00"])
def test_strange_idempotency_keys(store, body, key):
    caller = Caller()
    caller.client.raise_request_exception = False
    answer = send(caller, json.dumps(body), **{"Idempotency-Key": key})
    assert answer.status_code < 500, answer.exc_info


@pytest.mark.django_db
@pytest.mark.parametrize(
    "value",
    [
        "Bearer \0.\0",
        "Bearer " + "a." * 5000,
        "Bearer é.é",
        "Basic eDp5",
        "Bearer .",
        "Bearer",
        "\xff\xfe",
        "Bearer a.b\x00",
    ],
)
def test_strange_keys_of_callers(store, value):
    caller = Caller()
    caller.client.raise_request_exception = False
    answer = send(caller, b"{}", Authorization=value)
    assert answer.status_code == 401, answer.exc_info


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query", ["external_id=%00", "external_id=%ff", "external_id=" + "A" * 5000, "", "external_id[]=1"]
)
def test_strange_searches(store, query):
    caller = Caller()
    caller.client.raise_request_exception = False
    answer = caller.client.get(f"/api/v1/orders?{query}", headers=caller.headers)
    assert answer.status_code in (400, 404), answer.exc_info


@pytest.mark.django_db
@pytest.mark.parametrize("strange", STRANGE, ids=lambda value: ascii(value)[:20])
def test_any_value_in_any_field_of_the_shops_order(shop, aliases, sample, work, strange):
    shop.client.raise_request_exception = False
    top = {"id", "name", "email", "phone", "created_at", "currency", "customer_locale"}
    inner = {"sku", "quantity", "price", "title", "name", "id", "latitude", "phone"}
    parts = {"line_items": sample["line_items"][:1], "shipping_address": sample.get("shipping_address")}
    fields = [path for path in leaves(sample) if path[0] in top]
    fields += [path for path in leaves(parts) if path[-1] in inner]
    for path in fields:
        answer = shop.send(json.dumps(put(sample, path, strange)).encode())
        assert answer.status_code == 200, (path, answer.exc_info)
    work()
    poisoned = InboundMessage.objects.filter(state="queued").values_list("last_error", flat=True)
    assert list(poisoned) == []


@pytest.mark.django_db(transaction=True)
def test_one_webhook_delivered_by_many_at_once_is_one_message(settings, sample, woken):
    settings.SHOPIFY_SECRETS = {SHOP: SECRET}
    answers = at_once(*[lambda: Shop(Client()).send(sample, webhook_id="w-1").status_code] * 8)
    assert answers == [200] * 8
    message = InboundMessage.objects.get()
    assert message.repeats == 7


@pytest.mark.django_db
def test_a_forged_body_under_a_genuine_id_burns_nothing(shop, aliases, sample, work):
    assert shop.send({"evil": 1}, webhook_id="w-1", signature="AAAA").status_code == 401
    assert shop.send(sample, webhook_id="w-1").status_code == 200
    assert shop.send({**sample, "note": "other"}, webhook_id="w-1").status_code == 200
    work()
    assert Order.objects.count() == 1
    assert InboundMessage.objects.filter(reason="bad_signature").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_order_under_many_keys_at_once_is_one_order(store, body, woken):
    callers = [Caller() for _ in range(6)]
    work = [lambda one=one: send(one, json.dumps(body)).status_code for one in callers]
    answers = at_once(*work)
    assert sorted(answers) == [201] + [409] * 5
    assert Order.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_key_at_once_is_one_answer(store, body, woken):
    caller = Caller()
    work = [lambda: send(caller, json.dumps(body), **{"Idempotency-Key": "one"})] * 6
    answers = at_once(*work)
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Order.objects.count() == 1
