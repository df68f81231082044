"""What the API's document says of availability is so: its examples are sent, its answers compared."""

import json

import pytest
from django.test import Client

from stores.stock.actions.reservations import reserve
from stores.stock.models import Channel, Condition
from stores.sync.actions.make_api_key import make_api_key
from stores.sync.api.reference import Reference
from stores.sync.models import ApiKey
from tests.factories import make_item, make_store, stock_up
from tests.sync.test_api_docs import ORIGIN, _shape


@pytest.fixture
def reference(client, db):
    return Reference(client.get("/api/schema/?format=json").json(), origin=ORIGIN)


@pytest.fixture
def operations(reference):
    return {operation.name: operation for operation in reference.operations()}


@pytest.fixture
def examples(reference):
    return {shape.name: json.loads(shape.example) for shape in reference.shapes()}


@pytest.fixture
def headers(db):
    """With what the examples tell of in stock."""
    store, item = make_store("CAMDEN"), make_item(sku="IPOD2008RED")
    store.aliases.create(source="shop", code="shop-7")
    stock_up(store, item, 8)
    stock_up(store, item, 2, condition=Condition.DISPLAY)
    reserve(key="r", store_id=store.pk, item_id=item.pk, quantity=2, reference="test:1")
    Channel.objects.create(code="web", name="Web", kept_back=1)
    return {"Authorization": f"Bearer {make_api_key(name='shop', source='shop', verbs=ApiKey.Verb.values)}"}


def test_the_example_by_address_is_answered_as_told(client, operations, examples, headers):
    operation = operations["read_availability"]
    [pairs] = [one for one in operation.parameters if one.name == "pairs"]
    answer = client.get(operation.path, {"pairs": pairs.example}, headers=headers)
    assert answer.json() == examples["Availability"]
    assert operation.curl.startswith(f"curl '{ORIGIN}/api/v1/availability?pairs=CAMDEN%3AIPOD2008RED%2CCAMDEN%3A")
    assert "near" not in operation.curl


def test_the_example_by_body_is_answered_as_told(client, operations, examples, headers):
    operation = operations["ask_availability"]
    answer = client.post(operation.path, operation.body_example, content_type=operation.body_type, headers=headers)
    assert answer.json() == examples["Availability"]


def test_every_parameters_example_is_one(client, operations, headers):
    example = {one.name: one.example for one in operations["read_availability"].parameters}
    for names in (("store", "sku", "channel"), ("sku", "near"), ("sku", "channel")):
        answer = client.get("/api/v1/availability", {name: example[name] for name in names}, headers=headers)
        assert answer.status_code == 200, answer.content


@pytest.mark.django_db(transaction=True)
def test_what_is_followed_looks_as_told(operations, examples, headers):
    operation = operations["follow_availability"]
    example = {one.name: one.example for one in operation.parameters}
    query = {name: example[name] for name in ("limit", "store", "channel")}
    told = Client().get(operation.path, query, headers=headers).json()
    assert _shape(told) == _shape({**examples["AvailabilityChanges"]}) | {"changes": _shape(told["changes"])}
    [change], [expected] = told["changes"], examples["AvailabilityChanges"]["changes"]
    assert change == expected
    assert operation.curl.startswith(f"curl '{ORIGIN}/api/v1/availability/changes?limit=500' ")
