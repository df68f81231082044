"""Carts over the API: who may hold, what is held, for how long, and what an order gets of it."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from stores.catalog.actions.add_alias import add_alias
from stores.journal.models import Event
from stores.orders.models import Order
from stores.stock.models import Cart
from stores.sync.actions.make_api_key import make_api_key
from stores.sync.api.carts.described import CART, CART_STATUS, SHORT
from stores.sync.models import ApiKey, InboundMessage
from tests.architecture.doors import fingerprint
from tests.factories import atp, make_bundle, make_item, make_store, stock_up
from tests.stock.carts import age, make_channel

URL = "/api/v1/carts/c-1"


class Caller:
    """A shop with a key of its own."""

    def __init__(self, channel=None, *, store=None, source="shop", verbs=ApiKey.Verb.values):
        self.client = Client(enforce_csrf_checks=True)
        token = make_api_key(name=source, source=source, verbs=verbs, store=store, channel=channel)
        self.headers = {"Authorization": f"Bearer {token}"}

    def put(self, *lines, url=URL):
        body = {"lines": [dict(zip(("sku", "quantity", "store"), line, strict=False)) for line in lines]}
        return self.client.put(url, body, content_type="application/json", headers=self.headers)

    def get(self, url=URL):
        return self.client.get(url, headers=self.headers)

    def extend(self, url=URL):
        return self.client.post(f"{url}/extend", headers=self.headers)

    def delete(self, url=URL):
        return self.client.delete(url, headers=self.headers)

    def order(self, *lines, **fields):
        body = {
            "external_id": str(uuid4()),
            "number": "#1",
            "pickup_store": "CAMDEN",
            "lines": [{"sku": sku, "quantity": quantity, "price": "1"} for sku, quantity in lines],
            "currency": "GBP",
            **fields,
        }
        headers = self.headers | {"Idempotency-Key": str(uuid4())}
        return self.client.post("/api/v1/orders", body, content_type="application/json", headers=headers)


@pytest.fixture
def camden(db):
    return make_store("CAMDEN")


@pytest.fixture
def leeds(db):
    return make_store("LEEDS")


@pytest.fixture
def lantern(camden, leeds):
    item = make_item("Lantern", sku="LANTERN")
    stock_up(camden, item, 5)
    stock_up(leeds, item, 3)
    return item


@pytest.fixture
def web(db):
    return make_channel("web", hold_minutes=15, hold_minutes_max=60)


@pytest.fixture
def shop(web, lantern):
    return Caller(web)


def problem(answer, status, code):
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    assert told["title"]
    return told


# --- holding ----------------------------------------------------------------------------------------------------------


def test_a_cart_is_held_and_read(shop, camden, lantern):
    answer = shop.put(("LANTERN", 2, "CAMDEN"))
    assert answer.status_code == 200
    told = answer.json()
    assert (told["id"], told["channel"], told["hold"]) == ("c-1", "web", "held")
    assert 890 <= told["seconds_left"] <= 900
    assert told["lines"] == [{"sku": "LANTERN", "store": "CAMDEN", "quantity": 2}]
    assert atp(camden, lantern) == 3
    read = shop.get().json()
    assert read | {"seconds_left": 0} == told | {"seconds_left": 0}


def test_names_of_the_source_are_understood(shop, camden, leeds, lantern):
    add_alias(source="shop", code="sh-lantern", item=lantern)
    leeds.aliases.create(source="shop", code="77")
    told = shop.put(("SH-LANTERN", 1, "77"), ("LANTERN", 1, "CAMDEN")).json()
    assert [(line["sku"], line["store"]) for line in told["lines"]] == [("LANTERN", "LEEDS"), ("LANTERN", "CAMDEN")]


def test_a_bundle_is_one_line(shop, camden, lantern):
    mug = make_item(sku="MUG")
    stock_up(camden, mug, 8)
    make_bundle((lantern, 1), (mug, 4), sku="PICNIC")
    assert shop.put(("PICNIC", 2, "CAMDEN")).json()["lines"] == [{"sku": "PICNIC", "store": "CAMDEN", "quantity": 2}]
    assert (atp(camden, lantern), atp(camden, mug)) == (3, 0)


def test_the_same_lines_again_change_nothing(shop):
    first = shop.put(("LANTERN", 2, "CAMDEN")).json()
    before = fingerprint()
    again = shop.put(("LANTERN", 2, "CAMDEN")).json()
    assert fingerprint() == before
    assert again | {"seconds_left": 0} == first | {"seconds_left": 0}


def test_other_lines_replace_them(shop, camden, leeds, lantern):
    shop.put(("LANTERN", 5, "CAMDEN"))
    assert shop.put(("LANTERN", 3, "LEEDS")).json()["lines"] == [{"sku": "LANTERN", "store": "LEEDS", "quantity": 3}]
    assert (atp(camden, lantern), atp(leeds, lantern)) == (5, 0)


def test_every_short_line_is_named_and_nothing_is_held(shop, camden, leeds, lantern):
    shop.put(("LANTERN", 1, "CAMDEN"))
    before = fingerprint()
    told = problem(shop.put(("LANTERN", 6, "CAMDEN"), ("LANTERN", 4, "LEEDS")), 409, "cart_short")
    assert told["lines"] == [
        {"sku": "LANTERN", "store": "CAMDEN", "wanted": 6, "available": 5},
        {"sku": "LANTERN", "store": "LEEDS", "wanted": 4, "available": 3},
    ]
    assert fingerprint() == before


def test_every_unknown_name_is_named(shop):
    before = fingerprint()
    told = problem(shop.put(("LANTERN", 1, "CAMDEN"), ("N1", 1, "CAMDEN"), ("N2", 1, "NOWHERE")), 422, "unknown_lines")
    assert told["lines"] == [
        {"line": 2, "sku": "N1", "store": "CAMDEN", "problem": "unknown_sku"},
        {"line": 3, "sku": "N2", "store": "NOWHERE", "problem": "unknown_store"},
        {"line": 3, "sku": "N2", "store": "NOWHERE", "problem": "unknown_sku"},
    ]
    assert "line 3: store NOWHERE" in told["detail"]
    assert fingerprint() == before


@pytest.mark.parametrize(
    "lines",
    [[], [("LANTERN", 0, "CAMDEN")], [("LANTERN", -1, "CAMDEN")], [("LANTERN", 10_000, "CAMDEN")], [("LANTERN", 1)],
     [("LANTERN", 1.5, "CAMDEN")], [("LANTERN", 1, "CAMDEN")] * 101],
)  # fmt: skip
def test_what_no_cart_could_be_is_refused(shop, lines):
    assert "lines" in problem(shop.put(*lines), 400, "invalid")["errors"]
    assert not Cart.objects.exists()


@pytest.mark.parametrize("name", [".", "a b", "x" * 101, "é", "%00", "-a", "a'b"])
def test_what_no_id_could_be_is_refused(shop, name):
    url = f"/api/v1/carts/{name}"
    for answer in (shop.put(("LANTERN", 1, "CAMDEN"), url=url), shop.get(url), shop.extend(url), shop.delete(url)):
        assert "cart" in problem(answer, 400, "invalid")["errors"]
    assert not Cart.objects.exists()


# --- time -------------------------------------------------------------------------------------------------------------


def test_extending_and_the_end_of_it(shop, camden, lantern):
    shop.put(("LANTERN", 5, "CAMDEN"))
    cart = Cart.objects.get()
    age(cart, minutes=10)
    assert 295 <= shop.get().json()["seconds_left"] <= 300
    assert 890 <= shop.extend().json()["seconds_left"] <= 900
    age(cart, minutes=16)
    told = shop.get().json()
    assert (told["hold"], told["seconds_left"]) == ("expired", 0)
    assert problem(shop.extend(), 409, "cart_not_held")["detail"].startswith("It is expired.")
    # It begins anew.
    assert shop.put(("LANTERN", 5, "CAMDEN")).json()["hold"] == "held"


def test_releasing_twice_is_releasing_once(shop, camden, lantern):
    shop.put(("LANTERN", 5, "CAMDEN"))
    answer = shop.delete()
    assert (answer.status_code, answer.content) == (204, b"")
    assert atp(camden, lantern) == 5
    before = fingerprint()
    assert shop.delete().status_code == 204
    assert fingerprint() == before
    assert shop.get().json()["hold"] == "released"
    problem(shop.extend(), 409, "cart_not_held")


def test_a_cart_that_never_was_is_not_found(shop):
    for answer in (shop.get(), shop.extend(), shop.delete()):
        problem(answer, 404, "not_found")


# --- who may what -----------------------------------------------------------------------------------------------------


def test_a_key_without_a_channel_holds_nothing(lantern):
    keyless = Caller(None)
    for answer in (keyless.put(("LANTERN", 1, "CAMDEN")), keyless.get(), keyless.extend(), keyless.delete()):
        assert "no channel" in problem(answer, 403, "permission_denied")["detail"]
    assert not Cart.objects.exists()


def test_a_key_needs_the_verb(web, lantern):
    reader = Caller(web, verbs=[ApiKey.Verb.ORDERS_WRITE, ApiKey.Verb.AVAILABILITY_READ])
    for answer in (reader.put(("LANTERN", 1, "CAMDEN")), reader.get(), reader.extend(), reader.delete()):
        problem(answer, 403, "permission_denied")
    assert Client().put(URL, {}, content_type="application/json").status_code == 401


def test_another_sources_cart_is_another_cart(shop, web, camden, lantern):
    shop.put(("LANTERN", 2, "CAMDEN"))
    other = Caller(web, source="other")
    problem(other.get(), 404, "not_found")
    assert other.put(("LANTERN", 1, "CAMDEN")).status_code == 200
    assert Cart.objects.count() == 2
    assert other.delete().status_code == 204
    assert shop.get().json()["hold"] == "held"


def test_a_stores_key_holds_there_alone(shop, web, leeds, camden, lantern):
    local = Caller(web, store=leeds)
    assert local.put(("LANTERN", 1)).json()["lines"] == [{"sku": "LANTERN", "store": "LEEDS", "quantity": 1}]
    for foreign in ("CAMDEN", "NOWHERE"):
        told = problem(local.put(("LANTERN", 1, foreign)), 422, "unknown_lines")
        assert told["lines"] == [{"line": 1, "sku": "LANTERN", "store": foreign, "problem": "unknown_store"}]
    shop.put(("LANTERN", 1, "LEEDS"), ("LANTERN", 1, "CAMDEN"), url="/api/v1/carts/c-2")
    before = fingerprint()
    url = "/api/v1/carts/c-2"
    for answer in (local.put(("LANTERN", 2), url=url), local.get(url), local.extend(url), local.delete(url)):
        problem(answer, 404, "not_found")
    assert fingerprint() == before


# --- orders -----------------------------------------------------------------------------------------------------------


def test_an_order_gets_what_the_cart_holds(shop, camden, lantern):
    shop.put(("LANTERN", 5, "CAMDEN"))
    assert shop.order(("LANTERN", 1)).json()["state"] == "backordered"
    told = shop.order(("LANTERN", 5), cart="c-1").json()
    assert (told["state"], told["cart"]) == ("allocated", {"id": "c-1", "hold": "given"})
    assert shop.get().json()["hold"] == "ordered"
    second = shop.order(("LANTERN", 5), cart="c-1").json()
    assert (second["state"], second["cart"]["hold"]) == ("backordered", "ordered")


def test_an_order_is_told_that_the_hold_had_run_out(shop, camden, lantern):
    shop.put(("LANTERN", 5, "CAMDEN"))
    age(Cart.objects.get(), minutes=16)
    told = shop.order(("LANTERN", 2), cart="c-1").json()
    assert (told["state"], told["cart"]) == ("allocated", {"id": "c-1", "hold": "expired"})
    shop.put(("LANTERN", 2, "CAMDEN"))
    shop.delete()
    assert shop.order(("LANTERN", 1), cart="c-1").json()["cart"]["hold"] == "released"
    assert shop.order(("LANTERN", 1), cart="never").json()["cart"]["hold"] == "unknown"
    assert "cart" not in shop.order(("LANTERN", 1)).json()


def test_an_order_elsewhere_is_told_that_the_hold_was_of_no_use(shop, camden, leeds, lantern):
    shop.put(("LANTERN", 5, "CAMDEN"))
    told = shop.order(("LANTERN", 1), cart="c-1", pickup_store="LEEDS").json()
    assert (told["state"], told["cart"]["hold"]) == ("allocated", "unused")
    assert atp(camden, lantern) == 5


def test_an_order_of_one_store_ends_no_other_stores_cart(shop, web, camden, leeds, lantern):
    shop.put(("LANTERN", 5, "CAMDEN"))
    local = Caller(web, store=leeds)
    told = local.order(("LANTERN", 1), cart="c-1", pickup_store="LEEDS").json()
    assert told["cart"]["hold"] == "unknown"
    assert shop.get().json()["hold"] == "held"


def test_an_order_that_is_kept_still_knows_its_cart(shop, camden, lantern, work):
    shop.put(("LANTERN", 5, "CAMDEN"))
    problem(shop.order(("NEW", 5), cart="c-1", external_id="A-1"), 422, "unknown_sku")
    assert shop.get().json()["hold"] == "held"
    add_alias(source="shop", code="NEW", item=lantern)
    InboundMessage.objects.get().requeue()
    work()
    assert Order.objects.get(external_id="A-1").state == "allocated"
    assert shop.get().json()["hold"] == "ordered"
    assert Event.objects.filter(kind="stock.cart_ordered").count() == 1


def test_a_refused_order_leaves_the_cart_alone(shop, camden, lantern):
    shop.put(("LANTERN", 2, "CAMDEN"))
    shop.order(("LANTERN", 1), external_id="A-1")
    problem(shop.order(("LANTERN", 2), external_id="A-1", cart="c-1"), 409, "order_exists")
    assert shop.get().json()["hold"] == "held"


# --- the document -----------------------------------------------------------------------------------------------------


def test_the_examples_are_true(web, db):
    caller = Caller(web)
    store, item = make_store("CAMDEN"), make_item(sku="IPOD2008RED")
    stock_up(store, item, 1)
    url = f"/api/v1/carts/{CART_STATUS['id']}"

    def put():
        return caller.client.put(url, json.dumps(CART), content_type="application/json", headers=caller.headers)

    assert problem(put(), 409, "cart_short") == SHORT
    stock_up(store, item, 1)
    clock = {"expires_at": "", "expires_at_max": "", "seconds_left": 0}
    assert put().json() | clock == CART_STATUS | clock
