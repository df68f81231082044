"""The page that explains the API says what the document says, and its examples are true."""

import json

import pytest

from stores.orders import hooks
from stores.orders.models import Order
from stores.sync.actions.make_api_key import make_api_key
from stores.sync.api.reference import Reference
from stores.sync.models import ApiKey, InboundMessage
from tests.factories import make_item, make_store, stock_up

ORIGIN = "https://storehand.example"


@pytest.fixture
def document(client):
    return client.get("/api/schema/?format=json").json()


@pytest.fixture
def operations(document):
    return {operation.name: operation for operation in Reference(document, origin=ORIGIN).operations()}


def test_the_page_tells_every_operation_and_every_field(client, document):
    answer = client.get("/api/docs/")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'href="/api/schema/"' in page
    for path, item in document["paths"].items():
        for method, told in item.items():
            assert f'data-method="{method.upper()}">{method.upper()}</span> <code>{path}</code>' in page
            assert told["summary"] in page
    for schema in document["components"]["schemas"].values():
        for name in schema.get("properties", {}):
            assert f"<code>{name}</code>" in page


def test_every_word_that_a_caller_needs_is_in_the_document(operations):
    for operation in operations.values():
        assert operation.summary
        assert all(answer.description for answer in operation.answers)
        assert all(field.description for field in [*operation.body, *operation.parameters])
        assert all(parameter.example for parameter in operation.parameters)


def test_fields_within_fields_follow_theirs_with_their_limits(operations):
    body = {field.parents + field.name: field for field in operations["place_order"].body}
    names = list(body)
    assert names[names.index("lines") + 1] == "lines[].sku"
    assert (body["lines[].sku"].depth, body["lines[].sku"].required) == (1, True)
    assert body["lines"].kind == "array of object"
    assert body["lines"].limits == ["1 to 100 entries"]
    assert body["lines[].quantity"].limits == ["1 to 9999"]
    # A string that may be blank is two schemas in the document, and one to its reader.
    assert (body["customer.email"].kind, body["customer.email"].required) == ("string (email)", False)
    assert body["customer.email"].limits == ["up to 254 characters", 'default `""`']
    assert body["placed_at"].kind == "string (date-time)"


def test_the_requests_can_be_copied(operations):
    assert operations["place_order"].curl.splitlines()[:2] == [
        f"curl -X POST {ORIGIN}/api/v1/orders \\",
        "  -H 'Authorization: Bearer <prefix>.<secret>' \\",
    ]
    assert operations["read_order"].curl.startswith(f"curl {ORIGIN}/api/v1/orders/12 ")
    assert operations["find_order"].curl.startswith(f"curl '{ORIGIN}/api/v1/orders?external_id=450789469' ")


def test_the_examples_are_true(client, operations, db):
    store = make_store("CAMDEN")
    headers = {"Authorization": f"Bearer {make_api_key(name='shop', source='shop', verbs=ApiKey.Verb.values)}"}
    operation = operations["place_order"]
    examples = {answer.status: json.loads(answer.example) for answer in operation.answers if answer.example}

    def place(key):
        return client.post(
            operation.path,
            operation.body_example,
            content_type=operation.body_type,
            headers=headers | {"Idempotency-Key": key},
        )

    refused = place("before")
    assert refused.status_code == 422
    assert refused.json() | {"message": 0} == examples["422"] | {"message": 0}

    stock_up(store, make_item(sku="IPOD2008RED"), 2)
    placed = place(operation.parameters[0].example)
    assert placed.status_code == 201
    assert _shape(placed.json()) == _shape(examples["201"])
    assert placed.json() | {"id": 0, "fulfillments": []} == examples["201"] | {"id": 0, "fulfillments": []}
    assert Order.objects.get().external_id == "450789469"


def _shape(value):
    """Names and types, down to the leaves."""
    if isinstance(value, dict):
        return {name: _shape(inner) for name, inner in value.items()}
    return [_shape(inner) for inner in value] if isinstance(value, list) else type(value)


def test_the_examples_of_cancelling_and_lowering_are_true(client, operations, db, monkeypatch):
    monkeypatch.setattr(hooks, "_allocated", [])
    store = make_store("CAMDEN")
    headers = {"Authorization": f"Bearer {make_api_key(name='shop', source='shop', verbs=ApiKey.Verb.values)}"}
    stock_up(store, make_item(sku="IPOD2008RED"), 2)

    def send(name, key):
        operation = operations[name]
        answer = client.post(
            operation.path,
            operation.body_example,
            content_type=operation.body_type,
            headers=headers | {"Idempotency-Key": key},
        )
        examples = {one.status: json.loads(one.example) for one in operation.answers if one.example}
        example = examples[str(answer.status_code)]
        changing = {"id": 0, "fulfillments": [], "message": 0, "until": ""}
        known = {name: value for name, value in changing.items() if name in example}
        assert _shape(answer.json()) == _shape(example)
        assert answer.json() | known == example | known
        return answer.status_code

    assert send("change_order", "early") == 202
    InboundMessage.objects.all().delete()
    assert send("place_order", "place") == 201
    assert send("change_order", "change") == 200
    assert send("cancel_order", "cancel") == 200
