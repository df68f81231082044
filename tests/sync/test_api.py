"""The API: who may call it, what it takes, what it answers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from stores.catalog.actions.add_alias import add_alias
from stores.catalog.models import Item
from stores.orders.models import Order
from stores.sync.actions.make_api_key import make_api_key
from stores.sync.models import ApiKey, InboundMessage
from tests.factories import make_item, make_store, order_for, stock_up

VERBS = [ApiKey.Verb.ORDERS_WRITE, ApiKey.Verb.ORDERS_READ]
URL = "/api/v1/orders"


class Caller:
    def __init__(self, store=None, *, verbs=VERBS, source="erp", days=None):
        self.client = Client(enforce_csrf_checks=True)
        self.token = make_api_key(name=source, source=source, verbs=verbs, store=store, days=days)

    def post(self, body, *, key=""):
        headers = self.headers | {"Idempotency-Key": key or str(uuid4())}
        return self.client.post(URL, body, content_type="application/json", headers=headers)

    def get(self, url, **query):
        return self.client.get(url, query, headers=self.headers)

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.token}"}


@pytest.fixture
def caller(store):
    return Caller()


@pytest.fixture
def body():
    return {
        "external_id": "A-1",
        "number": "#A1",
        "method": "counter",
        "pickup_store": "CAMDEN",
        "customer": {"name": "Bob Norman", "email": "bob@shop.example", "phone": "020 7946 0018", "language": "es"},
        "lines": [
            {"sku": "OUR-IPOD2008RED", "quantity": 2, "price": "199.00"},
            {"sku": "our-ipod2008black", "quantity": 1, "price": "1.5"},
        ],
        "currency": "GBP",
        "placed_at": "2026-03-01T10:00:00+01:00",
    }


def problem(answer, status, code):
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    assert told["title"]
    return told


def test_an_order_is_placed_and_routed_at_once(caller, body, store):
    answer = caller.post(body)
    assert answer.status_code == 201
    order = Order.objects.get()
    told = answer.json()
    assert answer["Location"] == f"http://testserver{URL}/{order.pk}"
    assert (told["id"], told["state"], told["pickup_store"]) == (order.pk, "allocated", "CAMDEN")
    assert told["placed_at"] == "2026-03-01T09:00:00+00:00"
    assert [line["sku"] for line in told["lines"]] == ["OUR-IPOD2008RED", "OUR-IPOD2008BLACK"]
    assert [part["store"] for part in told["fulfillments"]] == ["CAMDEN"]
    assert (order.source, order.contact.language) == ("erp", "es")
    assert caller.get(f"{URL}/{order.pk}").json() == told
    assert caller.get(URL, external_id="A-1").json() == told


def test_the_least_an_order_needs(caller, body, store):
    least = {name: body[name] for name in ("external_id", "number", "lines", "currency")}
    assert caller.post(least).status_code == 201
    assert abs(Order.objects.get().placed_at - timezone.now()) < timedelta(minutes=5)


def test_too_little_anywhere_is_a_backorder(caller, body):
    body["lines"][0]["quantity"] = 11
    assert caller.post(body).json()["state"] == "backordered"


def test_the_same_key_gets_the_same_answer(caller, body):
    first, second = caller.post(body, key="one"), caller.post(body, key="one")
    assert (second.status_code, second.json()) == (201, first.json())
    assert Order.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(caller, body):
    caller.post(body, key="one")
    problem(caller.post(body | {"number": "#A2"}, key="one"), 422, "key_reused")
    assert Order.objects.count() == 1


def test_another_callers_key_is_another_key(caller, body, store):
    caller.post(body, key="one")
    assert Caller(source="other").post(body, key="one").status_code == 201


def test_the_same_order_under_another_key_is_told_which_it_is(caller, body):
    caller.post(body)
    assert problem(caller.post(body), 409, "order_exists")["order"] == Order.objects.get().pk


def test_a_refusal_is_remembered_too(caller, body, store):
    body["lines"][0]["sku"] = "NOBODY-KNOWS"
    first = caller.post(body, key="one")
    add_alias(source="erp", code="NOBODY-KNOWS", item=Item.objects.first())
    assert caller.post(body, key="one").json() == first.json()


def test_without_a_key_nothing_happens(caller, body):
    answer = caller.client.post(URL, body, content_type="application/json", headers=caller.headers)
    problem(answer, 400, "key_missing")
    problem(caller.post(body, key="x" * 65), 422, "key_invalid")
    assert not Order.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_with_one_key_are_one_order(caller, body):
    def send(_number):
        try:
            return caller.post(body, key="one")
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(send, range(50)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert Order.objects.count() == 1


# --- unknown SKUs and stores ----------------------------------------------------------------------------------------


def test_unknown_skus_are_named_and_the_order_is_kept(caller, body, work, store):
    body["lines"][0]["sku"] = "N1"
    body["lines"][1]["sku"] = "N2"
    told = problem(caller.post(body), 422, "unknown_sku")
    assert told["codes"] == ["N1", "N2"]
    message = InboundMessage.objects.get(pk=told["message"])
    assert (message.state, message.reason, message.source) == ("failed", "unknown_sku", "erp")
    assert message.facts["summary"]["number"] == "#A1"

    for code in ("N1", "N2"):
        add_alias(source="erp", code=code, item=make_item(sku=f"OUR-{code}"))
    message.requeue()
    work()

    order = Order.objects.get()
    assert caller.get(URL, external_id="A-1").json()["id"] == order.pk
    assert (order.pickup_store, order.placed_at.isoformat()) == (store, "2026-03-01T09:00:00+00:00")


def test_an_order_that_is_mended_by_its_sender_waits_no_more(caller, body):
    bad = body | {"lines": [{"sku": "N1", "quantity": 1, "price": 1}]}
    for _time in range(2):
        problem(caller.post(bad), 422, "unknown_sku")
    message = InboundMessage.objects.get()
    assert message.repeats == 1
    assert caller.post(body).status_code == 201
    message.refresh_from_db()
    assert (message.state, message.subject) == ("done", f"order:{Order.objects.get().pk}")


def test_an_unknown_store_is_refused_and_kept(caller, body):
    told = problem(caller.post(body | {"pickup_store": "NOWHERE"}), 422, "unknown_store")
    assert InboundMessage.objects.get(pk=told["message"]).facts["store_code"] == "NOWHERE"


# --- who may what ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x", "Bearer x.y", "Basic x.y", "Bearer " + "x." * 200, "Bearer \xff.\xff"],
)
def test_nobody_gets_in_without_a_key(store, body, header):
    headers = {"Idempotency-Key": "k"} | ({"Authorization": header} if header else {})
    answer = Client().post(URL, body, content_type="application/json", headers=headers)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert not Order.objects.exists()


def test_a_key_ends_by_date_and_by_hand(body, store):
    problem(Caller(days=-1).post(body), 401, "authentication_failed")
    caller = Caller(source="other")
    ApiKey.objects.update(revoked_at=timezone.now())
    problem(caller.post(body), 401, "authentication_failed")


def test_the_secret_is_kept_as_a_hash(caller):
    assert caller.token.partition(".")[2] not in str(ApiKey.objects.values().get())


def test_a_key_may_do_what_its_verbs_say(body, store):
    reader, writer = Caller(verbs=VERBS[1:]), Caller(verbs=VERBS[:1], source="writer")
    problem(reader.post(body), 403, "permission_denied")
    problem(writer.get(URL, external_id="A-1"), 403, "permission_denied")
    assert writer.post(body).status_code == 201


def test_a_stores_key_speaks_for_its_store_alone(caller, body, store):
    other = make_store("LEEDS")
    local = Caller(other, source="erp")
    order = order_for(store, (Item.objects.first(), 1), source="erp", external_id="B-1")
    for answer in (local.get(f"{URL}/{order.pk}"), local.get(URL, external_id="B-1"), local.post(body)):
        problem(answer, 404, "not_found")
    problem(local.post(body | {"pickup_store": "NOWHERE"}), 404, "not_found")
    assert caller.get(f"{URL}/{order.pk}").status_code == 200
    assert Order.objects.count() == 1


def test_a_stores_key_need_not_name_its_store(body, store):
    stock_up(make_store("LEEDS"), Item.objects.get(sku="OUR-IPOD2008RED"), 5)
    local = Caller(store)
    del body["pickup_store"]
    assert local.post(body).json()["pickup_store"] == "CAMDEN"
    store.aliases.create(source="erp", code="shop-7")
    assert local.post(body | {"external_id": "A-2", "pickup_store": "shop-7"}).status_code == 201


def test_a_taken_order_of_another_store_is_not_given_away(caller, body, store):
    caller.post(body)
    local = Caller(make_store("LEEDS"), source="erp")
    told = problem(local.post(body | {"pickup_store": "LEEDS"}), 409, "order_exists")
    assert "order" not in told


# --- limits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("external_id", ""),
        ("external_id", "x" * 101),
        ("external_id", "\x00"),
        ("number", "x" * 41),
        ("method", "drone"),
        ("pickup_store", "x" * 101),
        ("currency", "pounds"),
        ("currency", "GBP!"),
        ("placed_at", "yesterday"),
        ("placed_at", "2999-01-01T00:00:00Z"),
        ("destination", {"latitude": 91, "longitude": 0}),
        ("destination", {"latitude": "NaN", "longitude": 0}),
        ("customer", {"email": "nobody"}),
        ("customer", {"language": "tlh"}),
        ("lines", []),
        ("lines", [{"sku": "A", "quantity": 1, "price": 1}] * 101),
        ("lines", [{"sku": "A", "quantity": 0, "price": 1}]),
        ("lines", [{"sku": "A", "quantity": 10_000, "price": 1}]),
        ("lines", [{"sku": "A", "quantity": 1, "price": -1}]),
        ("lines", [{"sku": "A", "quantity": 1, "price": "1.001"}]),
        ("lines", [{"sku": "A" * 101, "quantity": 1, "price": 1}]),
        ("lines", {"sku": "A"}),
    ],
)
def test_what_is_beyond_the_limits_is_named(caller, body, field, value):
    assert field in problem(caller.post(body | {field: value}), 400, "invalid")["errors"]
    assert not Order.objects.exists()


def test_an_unknown_method_is_told_the_known_ones(caller, body):
    told = problem(caller.post(body | {"method": "drone"}), 400, "invalid")
    assert told["errors"]["method"] == ["It is one of: counter, curbside."]


@pytest.mark.parametrize("raw", ["", "{", "[" * 100_000, "[]", "null", "1"])
def test_what_is_no_order_at_all_is_refused(caller, raw):
    answer = caller.client.post(
        URL, raw, content_type="application/json", headers=caller.headers | {"Idempotency-Key": "k"}
    )
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_other_media_and_methods_are_refused(caller, body):
    headers = caller.headers | {"Idempotency-Key": "k"}
    problem(caller.client.post(URL, "a=b", content_type="text/plain", headers=headers), 415, "unsupported_media_type")
    assert caller.client.delete(URL, headers=headers).status_code in {403, 405}


def test_a_body_beyond_the_limit_is_refused(caller, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000
    problem(caller.post({"external_id": "x" * 1_000}), 413, "too_large")


def test_while_postgresql_is_away_the_caller_is_asked_to_come_again(caller, body, monkeypatch):
    def down(**_arguments):
        raise OperationalError

    monkeypatch.setattr("stores.sync.api.orders.answer_once", down)
    answer = caller.post(body)
    problem(answer, 503, "unavailable")
    assert answer["Retry-After"] == "5"
