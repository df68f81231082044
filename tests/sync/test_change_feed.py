"""Following availability by the API: all there is, then what changes; cursors; who may follow what."""

import pytest
from django.db import transaction
from django.test import Client

from stores.catalog.actions.add_alias import add_alias
from stores.catalog.actions.lifecycle import retire_item
from stores.catalog.models import BundleComponent
from stores.models import Store
from stores.stock.models import Channel
from stores.stock.queries import changes
from stores.sync.api.availability import views as availability
from stores.sync.models import ApiKey
from tests.factories import make_item, make_store, stock_up
from tests.horizon import look_here_alone, wait_for_horizon
from tests.sync.test_availability_api import Caller, make_bundle, problem

URL = "/api/v1/availability/changes"

# What a test has written in a transaction of its own would never be told.
pytestmark = pytest.mark.django_db(transaction=True)


class Follower(Caller):
    """Applies every page to `seen`: (store, sku) → ATP."""

    def __init__(self, *args, limit=1000, stores="", **kwargs):
        super().__init__(*args, **kwargs)
        self.seen, self.cursor, self.limit, self.stores = {}, "", limit, stores
        self.last = []

    def page(self, **query):
        query = {"limit": self.limit, "store": self.stores, "after": self.cursor} | query
        return self.client.get(URL, query, headers=self.headers)

    def follow(self):
        """All that has been written so far; returns the pairs it was told, in order."""
        wait_for_horizon()
        told, self.last = [], []
        while not self.last or self.last[-1]["more"]:
            answer = self.page()
            assert answer.status_code == 200, answer.content
            page = answer.json()
            self.last.append(page)
            self.cursor = page["next"]
            self.seen |= {(one["store"], one["sku"]): one["atp"] for one in page["changes"]}
            told += [(one["store"], one["sku"]) for one in page["changes"]]
        return told


def retire(item):
    with transaction.atomic():
        retire_item(item=item)


@pytest.fixture(autouse=True)
def horizon(monkeypatch):
    look_here_alone(monkeypatch)


@pytest.fixture
def store(transactional_db):
    return make_store("CAMDEN")


@pytest.fixture
def lantern(store):
    item = make_item("Lantern", sku="85123A")
    stock_up(store, item, 10)
    return item


@pytest.fixture
def candle(store):
    item = make_item("Candle", sku="CANDLE")
    stock_up(store, item, 9)
    return item


def test_everything_is_told_first_and_then_what_changes(store, lantern, candle):
    follower = Follower()
    assert follower.follow() == [("CAMDEN", "85123A"), ("CAMDEN", "CANDLE")]
    assert follower.follow() == []
    stock_up(store, candle, 1)
    stock_up(store, candle, 1)
    assert follower.follow() == [("CAMDEN", "CANDLE")]
    assert follower.seen == {("CAMDEN", "85123A"): 10, ("CAMDEN", "CANDLE"): 11}


def test_a_change_says_all_that_an_answer_says(store, lantern):
    store.aliases.create(source="shop", code="shop-7")
    add_alias(source="shop", code="lamp", item=lantern)
    follower = Follower()
    follower.follow()
    first = follower.last[0]
    assert set(first) == {"channel", "changes", "next", "more", "poll_seconds", "behind_seconds"}
    assert (first["channel"], follower.last[-1]["more"], follower.last[-1]["poll_seconds"]) == (None, False, 5)
    stock_up(store, lantern, 1)
    follower.follow()
    told = [one for page in follower.last for one in page["changes"]]
    assert told == [
        {"store": "CAMDEN", "sku": "85123A", "status": "ok", "atp": 11, "sellable": True, "on_hand": 11}
        | {"reserved": 0, "unsellable": 0, "safety_stock": 0, "store_codes": ["shop-7"], "sku_codes": ["lamp"]}
    ]


def test_pages_of_any_size_tell_everything(store):
    items = [make_item() for _ in range(7)]
    for item in items:
        stock_up(store, item, 3)
    for limit in (1, 2, 3, 7):
        follower = Follower(limit=limit, source=f"shop{limit}")
        assert follower.follow() == [("CAMDEN", item.sku) for item in items]
        for item in items:
            stock_up(store, item, 1)
        assert follower.follow() == [("CAMDEN", item.sku) for item in items]
        assert all(len(page["changes"]) <= limit for page in follower.last)


def test_what_changes_during_the_first_reading_is_told_after_it(store, lantern, candle):
    follower = Follower(limit=1)
    page = follower.page().json()
    assert [one["sku"] for one in page["changes"]] == ["85123A"]
    stock_up(store, lantern, 5)
    late = make_item("Late", sku="LATE")
    stock_up(store, late, 2)
    follower.cursor = page["next"]
    follower.follow()
    assert follower.seen == {("CAMDEN", "85123A"): 15, ("CAMDEN", "CANDLE"): 9, ("CAMDEN", "LATE"): 2}


def test_a_bundle_comes_with_its_components(store, lantern, candle):
    make_bundle("SET", (lantern, 1), (candle, 4))
    follower = Follower()
    follower.follow()
    assert follower.seen["CAMDEN", "SET"] == 2
    stock_up(store, candle, 3)
    assert follower.follow() == [("CAMDEN", "CANDLE"), ("CAMDEN", "SET")]
    assert follower.seen["CAMDEN", "SET"] == 3


def test_what_is_taken_off_sale_is_told_with_its_bundles(store, lantern, candle):
    leeds = make_store("LEEDS")
    stock_up(leeds, lantern, 1)
    make_bundle("SET", (lantern, 1), (candle, 4))
    follower = Follower()
    follower.follow()
    retire(lantern)
    assert set(follower.follow()) == {(code, sku) for code in ("CAMDEN", "LEEDS") for sku in ("85123A", "SET")}
    assert follower.seen == {
        ("CAMDEN", "85123A"): 0, ("CAMDEN", "SET"): 0, ("CAMDEN", "CANDLE"): 9,
        ("LEEDS", "85123A"): 0, ("LEEDS", "SET"): 0,
    }  # fmt: skip


def test_a_bundle_that_is_taken_off_sale_or_made_of_something_else_is_told(store, lantern, candle):
    bundle = make_bundle("SET", (lantern, 1))
    follower = Follower()
    follower.follow()
    assert follower.seen["CAMDEN", "SET"] == 10
    bundle.components.update(component=candle)
    assert follower.follow() == [("CAMDEN", "SET")]
    assert follower.seen["CAMDEN", "SET"] == 9
    bundle.components.all().delete()
    follower.follow()
    assert follower.seen["CAMDEN", "SET"] == 0
    BundleComponent.objects.create(bundle=bundle, component=lantern, quantity=5)
    follower.follow()
    assert follower.seen["CAMDEN", "SET"] == 2
    retire(bundle)
    follower.follow()
    assert follower.seen["CAMDEN", "SET"] == 0


def test_an_item_with_no_stock_anywhere_is_not_worth_a_word(store, lantern):
    nothing = make_item()
    follower = Follower()
    follower.follow()
    retire(nothing)
    assert follower.follow() == []


def test_a_new_share_of_its_channel_tells_everything_again(store, lantern, candle):
    channel = Channel.objects.create(code="web", name="Web", kept_back=1)
    follower = Follower(channel=channel)
    follower.follow()
    assert follower.seen == {("CAMDEN", "85123A"): 9, ("CAMDEN", "CANDLE"): 8}
    assert follower.last[0]["channel"] == "web"
    Channel.objects.update(kept_back=4)
    assert follower.follow() == [("CAMDEN", "85123A"), ("CAMDEN", "CANDLE")]
    assert follower.seen == {("CAMDEN", "85123A"): 6, ("CAMDEN", "CANDLE"): 5}
    assert follower.follow() == []


# --- who may follow what --------------------------------------------------------------------------------------------


def test_a_stores_key_follows_its_store_alone(store, lantern):
    leeds = make_store("LEEDS")
    stock_up(leeds, lantern, 3)
    make_bundle("SET", (lantern, 1))
    local = Follower(leeds)
    assert set(local.follow()) == {("LEEDS", "85123A"), ("LEEDS", "SET")}
    stock_up(store, lantern, 1)
    retire(lantern)
    assert set(local.follow()) == {("LEEDS", "85123A"), ("LEEDS", "SET")}
    for code in ("CAMDEN", "NOWHERE"):
        told = problem(local.page(store=f"LEEDS,{code}", after=""), 422, "unknown_store")
        assert told["codes"] == [code]


def test_some_stores_can_be_followed(store, lantern):
    for code in ("LEEDS", "YORK"):
        stock_up(make_store(code), lantern, 3)
    Store.objects.get(code="YORK").aliases.create(source="shop", code="shop-9")
    follower = Follower(stores="LEEDS,shop-9")
    assert set(follower.follow()) == {("LEEDS", "85123A"), ("YORK", "85123A")}
    stock_up(store, lantern, 1)
    assert follower.follow() == []
    stock_up(Store.objects.get(code="YORK"), lantern, 1)
    assert follower.follow() == [("YORK", "85123A")]


# --- cursors --------------------------------------------------------------------------------------------------------


def test_a_cursor_works_with_another_key_for_the_same(store, lantern):
    follower = Follower()
    follower.follow()
    successor = Follower(source="shop2")
    successor.cursor = follower.cursor
    assert successor.follow() == []


def test_a_cursor_for_other_stores_must_start_over(store, lantern):
    follower = Follower()
    follower.follow()
    problem(follower.page(store="CAMDEN"), 410, "cursor_gone")
    ApiKey.objects.update(store=store)
    problem(follower.page(), 410, "cursor_gone")


@pytest.mark.parametrize("part", ["pg_control_system()", "pg_control_checkpoint()", "pg_database"])
def test_after_a_restore_a_cursor_must_start_over(store, lantern, monkeypatch, part):
    """Another cluster, another timeline, another database: what a follower was told may not be so."""
    follower = Follower()
    follower.follow()
    other = {
        "pg_control_system()": ("system_identifier", "7::bigint"),
        "pg_control_checkpoint()": ("timeline_id", "7::int"),
        "pg_database": ("oid", "7::oid"),
    }[part]
    sql = changes._HORIZON_SQL
    assert part in sql
    monkeypatch.setattr(changes, "_HORIZON_SQL", sql.replace(f"SELECT {other[0]}", f"SELECT {other[1]} AS {other[0]}"))
    problem(follower.page(), 410, "cursor_gone")
    follower.cursor = ""
    assert follower.follow() == [("CAMDEN", "85123A")]


def test_a_cursor_from_the_future_must_start_over(store, lantern, monkeypatch):
    follower = Follower()
    follower.follow()
    behind = changes.read_horizon()._replace(transaction=3)
    monkeypatch.setattr(availability, "read_horizon", lambda: behind)
    problem(follower.page(), 410, "cursor_gone")


@pytest.mark.parametrize("cursor", ["x", "a.b", "\0", "A" * 5000, "WyIiXQ.x", "٣", "{0}"])
def test_what_is_no_cursor_must_start_over(store, cursor):
    problem(Follower().page(after=cursor), 410, "cursor_gone")


def test_a_cursor_cannot_be_made_up(store, lantern):
    follower = Follower()
    follower.follow()
    body, _dot, signature = follower.cursor.rpartition(".")
    problem(follower.page(after=f"{other_than(body)}.{signature}"), 410, "cursor_gone")
    problem(follower.page(after=f"{body}.{other_than(signature)}"), 410, "cursor_gone")


def other_than(text):
    """Differs in its first letter: several last letters of base64 mean the same bytes."""
    return ("B" if text[0] == "A" else "A") + text[1:]


@pytest.mark.parametrize("limit", ["0", "1001", "-1", "x", "٣", "1e3", "99999999999999999999", " 1"])
def test_strange_limits_are_refused(store, limit):
    assert "limit" in problem(Follower().page(limit=limit), 400, "invalid")["errors"]


@pytest.mark.parametrize("codes", ["A,", "\0", "A" * 101, ",".join(["A"] * 1001)])
def test_strange_stores_are_refused(store, codes):
    assert Follower().page(store=codes).status_code in {400, 422}


def test_who_may_not_ask_is_told_nothing(store):
    problem(Client().get(URL), 401, "not_authenticated")
    problem(Follower(verbs=[ApiKey.Verb.ORDERS_READ]).page(), 403, "permission_denied")


def test_an_empty_chain_can_be_followed(transactional_db):
    follower = Follower()
    assert follower.follow() == []
    store, item = make_store("CAMDEN"), make_item(sku="A")
    stock_up(store, item, 1)
    assert follower.follow() == [("CAMDEN", "A")]


def test_the_price_of_a_page_does_not_grow(store, django_assert_num_queries):
    items = [make_item() for _ in range(30)]
    for item in items:
        stock_up(store, item, 3)
    make_bundle("SET", (items[0], 1), (items[1], 1))
    follower = Follower()
    wait_for_horizon()
    with django_assert_num_queries(7):
        follower.cursor = follower.page().json()["next"]
    stock_up(store, items[0], 1)
    wait_for_horizon()
    with django_assert_num_queries(8):
        follower.page()
