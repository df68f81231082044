"""The API keeps what its document says, for requests that a machine makes up."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from stores.journal.models import Receipt
from stores.stock.models import Channel
from stores.sync.actions.make_api_key import make_api_key
from stores.sync.models import ApiKey
from tests.factories import make_item, make_store

# The requests pass through the WSGI application itself, which ends each with its database connection.
pytestmark = pytest.mark.django_db(transaction=True)

OPERATIONS = [
    ("/api/v1/orders", "POST"),
    ("/api/v1/orders", "GET"),
    ("/api/v1/orders/{id}", "GET"),
    ("/api/v1/orders/cancel", "POST"),
    ("/api/v1/orders/change", "POST"),
    ("/api/v1/availability", "GET"),
    ("/api/v1/availability", "POST"),
    ("/api/v1/availability/changes", "GET"),
    ("/api/v1/carts/{cart}", "PUT"),
    ("/api/v1/carts/{cart}", "GET"),
    ("/api/v1/carts/{cart}", "DELETE"),
    ("/api/v1/carts/{cart}/extend", "POST"),
    ("/api/v1/items/{sku}", "GET"),
    ("/api/v1/items/{sku}", "PATCH"),
]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def document(transactional_db):
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)


def test_the_document_lists_the_operations(document):
    found = {operation.ok().label for operation in document.get_all_operations()}
    assert found == {f"{method} {path}" for path, method in OPERATIONS}


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_a_documented_one(document, path, method):
    make_store("CAMDEN")
    make_item(sku="0")
    channel = Channel.objects.create(code="web", name="Web")
    token = make_api_key(name="erp", source="erp", verbs=ApiKey.Verb.values, channel=channel, system="erp")
    statuses = set()

    @settings(
        max_examples=60,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=document[path][method].as_strategy())
    def check(case):
        answer = case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)
        statuses.add(answer.status_code)

    check()
    assert statuses <= {200, 201, 202, 400, 404, 409, 410, 422}
    if (path, method) == ("/api/v1/orders", "POST"):
        assert 422 in statuses
        assert Receipt.objects.exists()
