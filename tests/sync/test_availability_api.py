"""What stores can promise, asked by other systems: pairs by address or body, one item everywhere, a channel's view."""

import json
from random import Random

import pytest
from django.test import Client

from stores.catalog.actions.add_alias import add_alias
from stores.catalog.models import BundleComponent, Item
from stores.stock.actions.reservations import reserve
from stores.stock.models import Availability, Channel, Condition
from stores.stock.queries.promisable import promisable
from stores.stock.queries.promised_at import promised_by_ids
from stores.sync.actions.make_api_key import make_api_key
from stores.sync.models import ApiKey
from tests.factories import change_items, make_item, make_store, stock_up

URL = "/api/v1/availability"
NOTHING = {"on_hand": None, "reserved": None, "unsellable": None, "safety_stock": None}


class Caller:
    def __init__(self, store=None, *, channel=None, source="shop", verbs=(ApiKey.Verb.AVAILABILITY_READ,)):
        self.client = Client(enforce_csrf_checks=True)
        self.token = make_api_key(name=source, source=source, verbs=verbs, store=store)
        ApiKey.objects.filter(prefix=self.token.partition(".")[0]).update(channel=channel)
        self.headers = {"Authorization": f"Bearer {self.token}"}

    def get(self, **query):
        return self.client.get(URL, query, headers=self.headers)

    def post(self, body):
        return self.client.post(URL, body, content_type="application/json", headers=self.headers)

    def told(self, **query):
        answer = self.get(**query)
        assert answer.status_code == 200, answer.content
        return answer.json()["availability"]


@pytest.fixture
def lantern(store):
    """In Camden: 10 on hand, 2 reserved, 1 damaged, 1 of safety stock."""
    item = make_item("Lantern", sku="85123A")
    stock_up(store, item, 9)
    stock_up(store, item, 1, condition=Condition.DAMAGED)
    reserve(key="r", store_id=store.pk, item_id=item.pk, quantity=2, reference="test:1")
    Availability.objects.filter(store=store, item=item).update(safety_stock=1)
    return item


@pytest.fixture
def leeds(store):
    return make_store("LEEDS", latitude=53.8)


@pytest.fixture
def web():
    return Channel.objects.create(code="web", name="Web", kept_back=2)


@pytest.fixture
def caller(store):
    return Caller()


def make_bundle(sku, *parts):
    bundle = make_item(sku=sku)
    change_items(Item.objects.filter(pk=bundle.pk), is_bundle=True)
    for item, quantity in parts:
        BundleComponent.objects.create(bundle=bundle, component=item, quantity=quantity)
    return bundle


def problem(answer, status, code):
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    told = answer.json()
    assert (told["status"], told["code"]) == (status, code)
    return told


def test_each_pair_is_answered_on_its_own_in_the_order_asked(caller, lantern, leeds):
    retired = make_item(sku="OLD")
    stock_up(leeds, retired, 3)
    change_items(Item.objects.filter(pk=retired.pk), state=Item.State.RETIRED)
    answer = caller.get(pairs="CAMDEN:85123A,NOWHERE:85123A,CAMDEN:NOTHING,LEEDS:OLD,LEEDS:85123A,CAMDEN: 85123a ")
    assert answer.json() == {
        "channel": None,
        "availability": [
            {"store": "CAMDEN", "sku": "85123A", "status": "ok", "atp": 6, "sellable": True}
            | {"on_hand": 10, "reserved": 2, "unsellable": 1, "safety_stock": 1},
            {"store": "NOWHERE", "sku": "85123A", "status": "unknown_store", "atp": 0, "sellable": False} | NOTHING,
            {"store": "CAMDEN", "sku": "NOTHING", "status": "unknown_sku", "atp": 0, "sellable": False} | NOTHING,
            {"store": "LEEDS", "sku": "OLD", "status": "not_sellable", "atp": 0, "sellable": False}
            | {"on_hand": 3, "reserved": 0, "unsellable": 0, "safety_stock": 0},
            {"store": "LEEDS", "sku": "85123A", "status": "not_carried", "atp": 0, "sellable": True} | NOTHING,
            {"store": "CAMDEN", "sku": " 85123a ", "status": "ok", "atp": 6, "sellable": True}
            | {"on_hand": 10, "reserved": 2, "unsellable": 1, "safety_stock": 1},
        ],
    }
    assert answer["Cache-Control"] == "no-store"


def test_stores_and_skus_are_asked_each_with_each(caller, lantern, leeds):
    told = caller.told(store="LEEDS,CAMDEN", sku="OUR-IPOD2008RED,85123A")
    assert [(one["store"], one["sku"], one["atp"]) for one in told] == [
        ("LEEDS", "OUR-IPOD2008RED", 0),
        ("LEEDS", "85123A", 0),
        ("CAMDEN", "OUR-IPOD2008RED", 10),
        ("CAMDEN", "85123A", 6),
    ]


def test_a_body_may_hold_codes_that_an_address_cannot(caller, store):
    item = make_item(sku="A,B:C")
    stock_up(store, item, 4)
    store.aliases.create(source="shop", code="gid://shop/Location:7,1")
    pairs = [{"store": "gid://shop/Location:7,1", "sku": "a,b:c"}, {"store": "CAMDEN", "sku": "A,B:C"}]
    answer = caller.post({"pairs": pairs})
    assert [one["atp"] for one in answer.json()["availability"]] == [4, 4]
    answer = caller.post({"store": ["CAMDEN"], "sku": ["A,B:C", "NONE"]})
    assert [one["status"] for one in answer.json()["availability"]] == ["ok", "unknown_sku"]


def test_what_the_source_calls_things_goes_before_our_own_codes(caller, lantern, store, leeds):
    other = make_item("Other", sku="OTHER")
    stock_up(store, other, 3)
    add_alias(source="shop", code="85123a", item=other)
    add_alias(source="till", code="OTHER", item=lantern)
    leeds.aliases.create(source="shop", code="CAMDEN")
    (camden_by_name,) = caller.told(pairs="CAMDEN:85123A")
    assert (camden_by_name["atp"], camden_by_name["status"]) == (0, "not_carried")
    [told] = Caller(source="till").told(pairs="CAMDEN:other")
    assert told["atp"] == 6


def test_a_bundle_is_as_many_as_its_scarcest_part(caller, lantern, store, leeds):
    candle = make_item("Candle", sku="CANDLE")
    stock_up(store, candle, 9)
    make_bundle("SET", (lantern, 1), (candle, 4))
    [here, there] = caller.told(store="CAMDEN,LEEDS", sku="SET")
    assert here == {"store": "CAMDEN", "sku": "SET", "status": "ok", "atp": 2, "sellable": True} | NOTHING
    assert (there["status"], there["atp"]) == ("not_carried", 0)
    change_items(Item.objects.filter(pk=candle.pk), state=Item.State.RETIRED)
    [here] = caller.told(pairs="CAMDEN:SET")
    assert (here["status"], here["atp"], here["sellable"]) == ("not_sellable", 0, False)


def test_a_channel_sees_less_and_only_the_promise(caller, lantern, store, web):
    make_bundle("PAIR", (lantern, 2))
    seen = [
        {"store": "CAMDEN", "sku": "85123A", "status": "ok", "atp": 4, "sellable": True},
        # Two of each part are kept back, so four are left for pairs of them.
        {"store": "CAMDEN", "sku": "PAIR", "status": "ok", "atp": 2, "sellable": True},
    ]
    asked = "CAMDEN:85123A,CAMDEN:PAIR"
    expected = {"channel": "web", "availability": seen}
    assert Caller(channel=web, source="web").get(pairs=asked).json() == expected
    assert Caller(channel=web, source="web2").get(pairs=asked, channel="web").json() == expected
    assert caller.get(pairs=asked, channel="web").json() == expected
    Channel.objects.update(kept_back=100)
    assert {one["atp"] for one in caller.told(pairs=asked, channel="web")} == {0}


def test_another_channel_is_unknown(caller, lantern, web):
    Channel.objects.create(code="till", name="Till")
    for answer in (
        caller.get(pairs="CAMDEN:85123A", channel="none"),
        caller.get(pairs="CAMDEN:85123A", channel="\0"),
        Caller(channel=web, source="web").get(pairs="CAMDEN:85123A", channel="till"),
    ):
        problem(answer, 422, "unknown_channel")


def test_one_item_is_looked_up_in_every_store_the_nearest_first(caller, lantern, store, leeds):
    leeds.aliases.create(source="shop", code="shop-9")
    told = caller.told(sku="85123a")
    assert [(one["store"], one["status"], one["store_codes"]) for one in told] == [
        ("CAMDEN", "ok", []),
        ("LEEDS", "not_carried", ["shop-9"]),
    ]
    told = caller.told(sku="85123a", near="53.8,-0.14")
    assert [(one["store"], one["distance_km"]) for one in told] == [("LEEDS", 0.0), ("CAMDEN", 934.0)]
    body = {"sku": ["85123a"], "near": {"latitude": 53.8, "longitude": -0.14}}
    assert caller.post(body).json()["availability"] == told
    assert {one["status"] for one in caller.told(sku="NONE")} == {"unknown_sku"}


def test_a_stores_key_sees_its_store_alone(lantern, store, leeds):
    stock_up(leeds, lantern, 5)
    local = Caller(leeds)
    store.aliases.create(source="shop", code="shop-1")
    told = local.told(pairs="LEEDS:85123A,CAMDEN:85123A,shop-1:85123A,NOWHERE:85123A")
    assert told[0]["atp"] == 5
    # Not a word more than about a store that does not exist.
    hidden = {"sku": "85123A", "status": "unknown_store", "atp": 0, "sellable": False} | NOTHING
    assert told[1:] == [{"store": code, **hidden} for code in ("CAMDEN", "shop-1", "NOWHERE")]
    assert [one["store"] for one in local.told(sku="85123A")] == ["LEEDS"]


def test_a_thousand_pairs_and_not_one_more(caller, lantern):
    pairs = [{"store": "CAMDEN", "sku": "85123A"}] * 1000
    assert [one["atp"] for one in caller.post({"pairs": pairs}).json()["availability"]] == [6] * 1000
    told = problem(caller.post({"pairs": [*pairs, pairs[0]]}), 422, "too_many_pairs")
    assert told["count"] == 1001
    told = problem(caller.get(store=",".join("A" * 40), sku=",".join("B" * 26)), 422, "too_many_pairs")
    assert told["count"] == 1040


@pytest.mark.parametrize("pairs", [1, 1000])
def test_two_statements_whatever_is_asked(caller, lantern, django_assert_num_queries, pairs):
    with django_assert_num_queries(2):
        caller.post({"pairs": [{"store": "CAMDEN", "sku": "85123A"}] * pairs})


# --- what is no question --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "sku"),
        ({"pairs": ""}, "pairs"),
        ({"pairs": "CAMDEN"}, "pairs"),
        ({"pairs": "CAMDEN:"}, "pairs"),
        ({"pairs": ":85123A"}, "pairs"),
        ({"pairs": "CAMDEN:85123A,"}, "pairs"),
        ({"pairs": "CAMDEN:" + "A" * 101}, "pairs"),
        ({"pairs": "CAMDEN:85123A", "sku": "85123A"}, "pairs"),
        ({"pairs": "CAMDEN:85123A", "near": "1,1"}, "near"),
        ({"store": "CAMDEN"}, "sku"),
        ({"store": "", "sku": "85123A"}, "store"),
        ({"store": "CAMDEN", "sku": "85123A,"}, "sku"),
        ({"sku": "A,B"}, "store"),
        ({"sku": "A", "near": "91,0"}, "near"),
        ({"sku": "A", "near": "nan,0"}, "near"),
        ({"sku": "A", "near": "1"}, "near"),
        ({"sku": "A", "near": "1,2,3"}, "near"),
        ({"sku": "A", "channel": "c" * 101}, "channel"),
    ],
)
def test_a_wrong_address_is_told_what_is_wrong(caller, query, field):
    assert field in problem(caller.get(**query), 400, "invalid")["errors"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], ""),
        (1, ""),
        ({"pairs": []}, "pairs"),
        ({"pairs": {}}, "pairs"),
        ({"pairs": ["CAMDEN:85123A"]}, "pairs"),
        ({"pairs": [{"store": "CAMDEN"}]}, "pairs"),
        ({"pairs": [{"store": ["CAMDEN"], "sku": {}}]}, "pairs"),
        ({"pairs": [{"store": "CAMDEN", "sku": 7}]}, "pairs"),
        ({"store": [], "sku": ["A"]}, "store"),
        ({"store": "CAMDEN", "sku": ["A"]}, "store"),
        ({"store": ["CAMDEN"], "sku": "A"}, "sku"),
        ({"store": ["CAMDEN"], "sku": [None]}, "sku"),
        ({"sku": ["A"], "near": [1, 2]}, "near"),
        ({"sku": ["A"], "near": {"latitude": "x"}}, "near"),
        ({"sku": ["A"], "near": {"latitude": 10**400, "longitude": 0}}, "near"),
        ({"sku": ["A"], "channel": 7}, "channel"),
        ({"sku": ["A"], "channel": None}, "channel"),
    ],
)
def test_a_wrong_body_is_told_what_is_wrong(caller, body, field):
    assert field in problem(caller.post(json.dumps(body)), 400, "invalid")["errors"]


@pytest.mark.parametrize(
    "code", ["\0", "a\0b", "\r\nX: 1", "٣", "\uffff", "{0}%s", "' OR 1=1 --", "\u202e", "𝄞", "(),{}"]
)
def test_strange_codes_are_unknown_ones(caller, lantern, code):
    [sku, store] = caller.post({"pairs": [{"store": "CAMDEN", "sku": code}, {"store": code, "sku": "85123A"}]}).json()[
        "availability"
    ]
    assert (sku["status"], sku["sku"]) == ("unknown_sku", code)
    assert (store["status"], store["store"]) == ("unknown_store", code)
    assert caller.post({"sku": [code]}).json()["availability"][0]["status"] == "unknown_sku"


def test_half_a_surrogate_pair_is_refused(caller):
    raw = '{"pairs": [{"store": "CAMDEN", "sku": "\\ud800"}]}'
    assert caller.post(raw).status_code == 400


def test_who_may_not_ask_is_told_nothing(lantern, store):
    answer = Client().get(URL, {"pairs": "CAMDEN:85123A"})
    problem(answer, 401, "not_authenticated")
    writer = Caller(verbs=[ApiKey.Verb.ORDERS_READ])
    problem(writer.get(pairs="CAMDEN:85123A"), 403, "permission_denied")
    problem(writer.post({"sku": ["A"]}), 403, "permission_denied")


# --- one rule -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_it_is_what_everybody_else_promises(store, leeds, seed):
    random = Random(seed)
    items = [make_item() for _ in range(8)]
    for item in items:
        for place in (store, leeds):
            if random.random() < 0.7:
                stock_up(place, item, random.randint(1, 12))
    bundles = [
        make_bundle(
            f"B{number}", *((item, random.randint(1, 3)) for item in random.sample(items, random.randint(1, 3)))
        )
        for number in range(5)
    ]
    for item in random.sample(items + bundles, 4):
        change_items(Item.objects.filter(pk=item.pk), state=Item.State.RETIRED)
    pairs = [(place.pk, item.pk) for place in (store, leeds) for item in (*items, *bundles)]
    for kept_back in (0, 1, 3):
        told = [one.atp for one in promised_by_ids(pairs, kept_back=kept_back)]
        assert told == list(promisable(pairs, kept_back=kept_back).values())
    assert any(promisable(pairs).values())
