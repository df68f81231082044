"""Logs go to people and places that customers' pages and names must not go to."""

import json
import logging
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.module_loading import import_string

from config.logs import masked
from pickup.links import sign
from tests.factories import make_item, make_store, order_for
from tests.pickup.conftest import start_pickup


@pytest.fixture
def lines():
    """What the house's own handler writes, as text."""
    stream = StringIO()
    options: dict[str, Any] = dict(settings.LOGGING["formatters"]["json"])
    factory = options.pop("()")
    formatter = (import_string(factory) if isinstance(factory, str) else factory)(**options)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


@pytest.mark.django_db
def test_a_refused_customers_page_leaves_no_address_behind(lines):
    pickup = start_pickup().make_ready()
    client = Client(raise_request_exception=False)
    good, bad = pickup.page, f"/c/{sign('a token of nobody')}/"
    client.get(bad)
    client.post(bad + "here/", {"car": "red van"})
    client.get(good + "nowhere/")
    client.get("/enrol/ABCDEFGH23/x/")
    written = lines.getvalue()
    assert "/c/***/" in written
    assert "/enrol/***/" in written
    for secret in (pickup.link.token, "token of nobody", sign("a token of nobody"), "ABCDEFGH23", "red van"):
        assert secret not in written
    assert all(json.loads(line) for line in written.splitlines())


@pytest.mark.django_db
def test_names_that_were_searched_for_are_not_kept(lines):
    Client().post("/counter/find/?q=Norman")
    assert "Norman" not in lines.getvalue()
    assert "/counter/find/?***" in lines.getvalue()


@pytest.mark.django_db
def test_what_the_database_quotes_of_a_row_is_not_kept(lines):
    store, item = make_store(), make_item()
    order = order_for(store, (item, 1))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO orders_ordercontact (order_id, name, email, phone, language) "
                "VALUES (%s, 'Bob Norman', 'bob@shop.example', NULL, 'en')",
                [order.pk],
            )
    except IntegrityError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", "/somewhere/")
    written = lines.getvalue()
    assert "null value in column" in written
    assert "Norman" not in written
    assert "bob@" not in written


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("GET /c/abc.def/state/?seen=READY", "GET /c/***/state/?***"),
        ("Not Found: /c/abc.def", "Not Found: /c/***"),
        ("GET /pick/12/", "GET /pick/12/"),
        ("what? nothing", "what? nothing"),
    ],
)
def test_what_is_masked_and_what_is_left(text, kept):
    assert masked(text) == kept
