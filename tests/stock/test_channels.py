"""The channels' page: what each sees and holds, changed by a manager who says why."""

import pytest

from stores.journal.models import Event
from stores.staff.models import Role
from stores.stock.models import Channel
from tests.architecture.doors import fingerprint
from tests.factories import make_associate, make_item, make_store, stock_up
from tests.staff.signing_in import signed_in_client
from tests.stock.carts import age, fill_cart, make_channel, minutes_left

pytestmark = pytest.mark.django_db

WANTED = {"kept_back": "2", "hold_minutes": "5", "hold_minutes_max": "15", "reason": "Returns from there are slow"}


@pytest.fixture
def store():
    return make_store("CAMDEN")


@pytest.fixture
def boss(store):
    return make_associate(store, role=Role.MANAGER, name="Gareth")


@pytest.fixture
def manager(boss, store):
    return signed_in_client(boss, store)


@pytest.fixture
def web():
    return make_channel("web", hold_minutes=15, hold_minutes_max=60)


def change(client, code="web", key="k1", **fields):
    return client.post(f"/channels/{code}/change/", WANTED | fields | {"key": key}, headers={"HX-Request": "true"})


def test_the_page_tells_what_is_held_by_channel(manager, store, web, django_assert_max_num_queries):
    other, item = make_store("LEEDS"), make_item()
    stock_up(store, item, 9)
    stock_up(other, item, 9)
    make_channel("counter")
    fill_cart(web, (store, item, 2), (other, item, 3))
    fill_cart(web, (other, item, 1), cart="c-2")
    age(fill_cart(web, (store, item, 1), cart="late"), minutes=16)
    with django_assert_max_num_queries(4):
        page = manager.get("/channels/")
    held = {one.channel.code: (one.carts, one.units, one.units_here) for one in page.context["channels"]}
    assert held == {"web": (2, 6, 2), "counter": (0, 0, 0)}
    assert "Units in this store" in page.content.decode()


def test_a_manager_changes_a_channel_and_says_why(manager, boss, store, web):
    answer = change(manager)
    assert (answer.status_code, "Carts that are held keep" in answer.content.decode()) == (200, True)
    web.refresh_from_db()
    assert (web.kept_back, web.hold_minutes, web.hold_minutes_max) == (2, 5, 15)
    event = Event.objects.get(kind="stock.channel_changed")
    assert (event.subject, event.actor_id) == (f"channel:{web.pk}", boss.pk)
    assert event.data == {
        "channel": "web",
        "reason": "Returns from there are slow",
        "changes": {
            "kept_back": {"was": 0, "became": 2},
            "hold_minutes": {"was": 15, "became": 5},
            "hold_minutes_max": {"was": 60, "became": 15},
        },
    }


def test_a_change_is_for_carts_to_come(manager, store, web):
    item = make_item()
    stock_up(store, item, 3)
    cart = fill_cart(web, (store, item, 3))
    change(manager)
    assert minutes_left(cart) == pytest.approx(15, abs=0.1)


def test_the_same_numbers_again_are_no_change(manager, web):
    change(manager)
    assert "It is so already." in change(manager, key="k2").content.decode()
    assert Event.objects.filter(kind="stock.channel_changed").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": " "},
        {"kept_back": "-1"},
        {"kept_back": "1000"},
        {"kept_back": "٣"},
        {"hold_minutes": "0"},
        {"hold_minutes": "16"},
        {"hold_minutes_max": "1441"},
        {"hold_minutes_max": ""},
    ],
)
def test_numbers_that_do_not_fit_and_no_reason_are_refused(manager, web, wrong):
    before = fingerprint()
    answer = change(manager, **wrong)
    assert answer.status_code == 422
    assert fingerprint() == before
    # What was typed is still there, in an open form.
    assert answer.context["open_code"] == "web"
    assert answer.context["typed"]["hold_minutes"] == wrong.get("hold_minutes", "5")


def test_a_channel_is_added_once(manager, boss):
    wanted = WANTED | {"code": "Market", "name": "  The  marketplace ", "key": "k1"}
    assert manager.post("/channels/add/", wanted).status_code == 200
    channel = Channel.objects.get()
    assert (channel.code, channel.name, channel.kept_back, channel.hold_minutes) == ("market", "The marketplace", 2, 5)
    assert Event.objects.get(kind="stock.channel_added").actor_id == boss.pk
    assert manager.post("/channels/add/", wanted | {"key": "k2"}).status_code == 409
    for wrong in ({"code": ""}, {"code": "a b"}, {"code": "x" * 25}, {"name": ""}, {"code": "new", "kept_back": "x"}):
        assert manager.post("/channels/add/", wanted | {"key": f"k{wrong}"} | wrong).status_code == 422
    assert Channel.objects.count() == 1


def test_only_managers_see_it(store, web):
    lead = signed_in_client(make_associate(store, role=Role.LEAD), store)
    assert lead.get("/channels/").status_code == 403
    assert change(lead).status_code == 403


def test_a_channel_that_is_not_there_is_not_found(manager):
    assert change(manager, "none").status_code == 404
