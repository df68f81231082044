"""A session is asked with every request whether it still stands; that costs one query."""

from collections.abc import Callable
from datetime import timedelta
from typing import cast

import pytest
import time_machine
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import Client, RequestFactory
from django.utils import timezone

from stores.journal.models import Event
from stores.models import Device, Store
from stores.staff.access import role_required
from stores.staff.actions.associates import disable_associate
from stores.staff.actions.devices import revoke_device
from stores.staff.http import StoreRequest
from stores.staff.middleware import SignInMiddleware
from stores.staff.models import Associate, BadgeTries, Role, Session
from stores.staff.sessions import SessionStore
from tests.factories import PIN, make_associate, make_device, make_store
from tests.staff.signing_in import enrolled_client, is_signed_in, signed_in_client

View = Callable[[HttpRequest], HttpResponseBase]

pytestmark = pytest.mark.django_db

AGAIN = "/sign-in/again"
IDLE = timedelta(seconds=settings.SESSION_IDLE_SECONDS, milliseconds=100)
SHIFT = timedelta(seconds=settings.SESSION_COOKIE_AGE)


@pytest.fixture
def store() -> Store:
    return make_store(name="Camden")


@pytest.fixture
def device(store: Store) -> Device:
    return make_device(store)


@pytest.fixture
def rosa(store: Store) -> Associate:
    return make_associate(store, badge="4711", name="Rosa Delgado")


@pytest.fixture
def client(rosa: Associate, store: Store, device: Device) -> Client:
    return signed_in_client(rosa, store, device=device)


def test_who_where_on_what_and_as_what_is_one_query(
    client: Client, rosa: Associate, store: Store, device: Device, django_assert_num_queries
) -> None:
    seen = []

    @role_required(Role.ASSOCIATE)
    def idle_page(request: StoreRequest) -> HttpResponse:
        seen.append((request.user, request.user.name, request.store.name, request.device.store_id, request.role))
        return HttpResponse("ok")

    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}
    request.session = SessionStore(request.COOKIES[settings.SESSION_COOKIE_NAME])
    with django_assert_num_queries(1):
        assert SignInMiddleware(cast(View, idle_page))(request).status_code == 200
    assert seen == [(rosa, "Rosa Delgado", "Camden", store.pk, Role.ASSOCIATE)]


def test_a_visitor_without_a_cookie_costs_no_query(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        Client().get("/health/live")


def test_a_made_up_key_opens_nothing_and_loses_its_cookie(device: Device) -> None:
    client = enrolled_client(device)
    client.cookies[settings.SESSION_COOKIE_NAME] = "0123456789abcdef0123456789abcdef"
    assert client.get("/").status_code == 302
    assert client.cookies[settings.SESSION_COOKIE_NAME].value == ""


def test_disabling_somebody_ends_their_sessions_at_once(client: Client, rosa: Associate, store: Store) -> None:
    boss = make_associate(store, role=Role.MANAGER)
    disable_associate(associate=rosa, by=boss, store=store)
    assert not is_signed_in(client)
    assert not Session.objects.exists()


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_active": True}])
def test_every_request_asks_whether_the_associate_is_active(client: Client, change: dict[str, bool]) -> None:
    Associate.objects.update(**change)
    assert is_signed_in(client) is change["is_active"]


def test_revoking_a_device_ends_its_sessions_at_once(client: Client, store: Store, device: Device) -> None:
    revoke_device(store=store, pk=device.pk, by=make_associate(store, role=Role.MANAGER))
    assert client.get("/").status_code == 302
    assert "This device is not let in yet" in client.get("/sign-in/").content.decode()
    assert not Session.objects.exists()


def test_a_session_does_not_work_on_another_device(client: Client, store: Store) -> None:
    other = enrolled_client(make_device(store, "Handheld 2"))
    other.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert not is_signed_in(other)
    assert is_signed_in(client)


def test_presence_is_written_every_thirty_seconds_and_no_oftener(client: Client) -> None:
    start = timezone.now()
    with time_machine.travel(start + timedelta(seconds=20), tick=False):
        is_signed_in(client)
        assert Session.objects.get().last_seen_at < start
    with time_machine.travel(start + timedelta(seconds=40), tick=False):
        is_signed_in(client)
        assert Session.objects.get().last_seen_at == start + timedelta(seconds=40)


def test_a_session_in_use_never_idles_but_ends_with_the_shift(client: Client) -> None:
    start = timezone.now()
    for hours in range(12):
        for minutes in range(0, 60, 10):
            with time_machine.travel(start + timedelta(hours=hours, minutes=minutes), tick=False):
                assert is_signed_in(client)
    with time_machine.travel(start + SHIFT + timedelta(seconds=1), tick=False):
        answer = client.post(AGAIN, {"pin": PIN})
        assert answer.json()["message"].startswith("This is not a badge")


def test_an_idle_session_asks_for_the_pin_alone_and_goes_on(client: Client, rosa: Associate) -> None:
    end = Session.objects.get().expire_date
    with time_machine.travel(timezone.now() + IDLE):
        assert client.get("/pick/1/", headers={"HX-Request": "true"}).status_code == 401
        page = client.get("/sign-in/").content.decode()
        assert "Rosa Delgado, enter your PIN to go on." in page
        answer = client.post(AGAIN, {"pin": PIN})
        assert answer.json() == {"ok": True, "csrf": answer.json()["csrf"], "badge": "4711"}
        assert is_signed_in(client)
    session = Session.objects.get()
    assert (session.associate, session.expire_date) == (rosa, end)
    assert Event.objects.latest("pk").kind == "staff.unlocked"


def test_unlocking_changes_the_key(client: Client) -> None:
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/sign-in/lock")
    client.post(AGAIN, {"pin": PIN})
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before


def test_a_locked_session_stays_locked_until_the_right_pin(client: Client) -> None:
    assert client.post("/sign-in/lock").status_code == 204
    assert client.post("/sign-in/lock").status_code == 204
    assert not is_signed_in(client)
    answer = client.post(AGAIN, {"pin": "111213"})
    assert (answer.status_code, answer.json()["code"]) == (422, "wrong_badge_or_pin")
    assert not is_signed_in(client)
    assert BadgeTries.objects.get().misses == 1
    assert client.post(AGAIN, {"pin": PIN}).json()["ok"]
    assert Event.objects.filter(kind="staff.locked").count() == 1


def test_the_pin_alone_opens_nothing_on_another_device(client: Client, store: Store) -> None:
    client.post("/sign-in/lock")
    other = enrolled_client(make_device(store, "Handheld 2"))
    other.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert other.post(AGAIN, {"pin": PIN}).json()["code"] == "not_a_badge"


def test_the_pin_alone_opens_nothing_for_a_session_that_is_not_locked(client: Client) -> None:
    assert client.post(AGAIN, {"pin": PIN}).json()["code"] == "not_a_badge"


def test_no_pin_at_all_counts_no_miss(client: Client) -> None:
    client.post("/sign-in/lock")
    assert client.post(AGAIN, {"badge": "4711", "pin": "B:4711"}).json()["message"] == "Now your PIN"
    assert not BadgeTries.objects.exists()


def test_a_colleague_who_signs_in_over_a_locked_page_is_sent_home(client: Client, store: Store) -> None:
    make_associate(store, badge="4712")
    client.post("/sign-in/lock")
    answer = client.post(AGAIN, {"badge": "B:4712", "pin": PIN}).json()
    assert (answer["ok"], answer["redirect"]) == (True, "/")
    assert Session.objects.filter(associate__badge="4712").count() == Session.objects.count() == 1


def test_badge_and_pin_sign_in_again_after_the_session_was_lost(client: Client) -> None:
    Session.objects.all().delete()
    answer = client.post(AGAIN, {"badge": "4711", "pin": PIN}).json()
    assert answer["ok"]
    assert "redirect" not in answer
    assert is_signed_in(client)


def test_the_new_csrf_token_works_and_the_old_one_does_not(rosa: Associate, store: Store, device: Device) -> None:
    client = enrolled_client(device, enforce_csrf_checks=True)
    old = str(client.get("/sign-in/").context["csrf_token"])
    answer = client.post(AGAIN, {"badge": "4711", "pin": PIN}, headers={"X-CSRFToken": old}).json()
    refused = client.post("/sign-in/lock", headers={"X-CSRFToken": old, "Accept": "application/json"})
    assert (refused.status_code, refused.json()["ok"]) == (403, False)
    assert client.post("/sign-in/lock", headers={"X-CSRFToken": answer["csrf"]}).status_code == 204


def test_a_device_that_was_never_let_in_cannot_sign_in(rosa: Associate) -> None:
    answer = Client().post(AGAIN, {"badge": "4711", "pin": PIN})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_enrolled")
    assert not Session.objects.exists()
    assert "This device is not let in yet" in Client().post("/sign-in/", {"badge": "4711", "pin": PIN}).content.decode()


def test_data_kept_in_a_session_survives_a_lock(client: Client) -> None:
    session = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    session["last_bin"] = "A-01-1"
    session.save()
    client.post("/sign-in/lock")
    client.post(AGAIN, {"pin": PIN})
    assert SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)["last_bin"] == "A-01-1"
