"""Badge and PIN open a session, on an enrolled device only."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from stores.journal.models import Event
from stores.models import Device, Store
from stores.staff.models import Associate, BadgeTries, Membership, Role, Session
from tests.factories import PIN, make_associate, make_device, make_store
from tests.staff.signing_in import enrolled_client, is_signed_in

pytestmark = pytest.mark.django_db

SIGN_IN = "/sign-in/"


@pytest.fixture
def store() -> Store:
    return make_store(name="Camden")


@pytest.fixture
def device(store: Store) -> Device:
    return make_device(store)


@pytest.fixture
def client(device: Device) -> Client:
    return enrolled_client(device)


@pytest.fixture
def rosa(store: Store) -> Associate:
    return make_associate(store, badge="4711", name="Rosa Delgado")


@pytest.mark.parametrize("badge", ["4711", "B:4711", " b:4711 "])
def test_a_badge_scanned_or_typed_and_its_pin_open_a_session(client: Client, rosa: Associate, badge: str) -> None:
    answer = client.post(SIGN_IN, {"badge": badge, "pin": PIN, "next": "/pick/7/"})
    assert (answer.status_code, answer["Location"]) == (303, "/pick/7/")
    session = Session.objects.get()
    assert (session.associate, session.role) == (rosa, Role.ASSOCIATE)
    assert is_signed_in(client)
    event = Event.objects.get()
    assert (event.kind, event.actor_id, event.device_id, event.data) == (
        "staff.signed_in",
        rosa.pk,
        session.device_id,
        {"role": 1},
    )


def test_the_database_holds_neither_the_session_key_nor_the_pin(client: Client, rosa: Associate) -> None:
    client.post(SIGN_IN, {"badge": "4711", "pin": PIN})
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert not Session.objects.filter(session_key=key).exists()
    assert rosa.password.startswith("argon2$argon2id$")
    assert PIN not in rosa.password


def test_signing_in_changes_the_session_key_and_the_csrf_secret(device: Device, rosa: Associate) -> None:
    client = enrolled_client(device, enforce_csrf_checks=True)
    page = client.get(SIGN_IN)
    secret = client.cookies[settings.CSRF_COOKIE_NAME].value
    posted = {"badge": "4711", "pin": PIN, "csrfmiddlewaretoken": str(page.context["csrf_token"])}
    client.post(SIGN_IN, posted)
    first = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert client.cookies[settings.CSRF_COOKIE_NAME].value != secret
    stale = client.post(SIGN_IN, posted)
    assert stale.status_code == 403
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    client.post(SIGN_IN, posted | {"csrfmiddlewaretoken": token})
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != first
    assert Session.objects.count() == 1


def test_a_sign_in_form_from_elsewhere_is_refused(device: Device, rosa: Associate) -> None:
    client = enrolled_client(device, enforce_csrf_checks=True)
    answer = client.post(SIGN_IN, {"badge": "4711", "pin": PIN})
    assert answer.status_code == 403
    assert "This page is too old" in answer.content.decode()
    assert not Session.objects.exists()


def test_a_wrong_pin_and_an_unknown_badge_get_the_same_words(client: Client, rosa: Associate) -> None:
    wrong = client.post(SIGN_IN, {"badge": "4711", "pin": "111213"})
    unknown = client.post(SIGN_IN, {"badge": "9999", "pin": "111213"})
    for answer in (wrong, unknown):
        assert answer.status_code == 422
        assert answer.context["message"] == "Badge or PIN is not right. Check both and try again."
    assert not Session.objects.exists()
    assert list(Event.objects.order_by("pk").values_list("kind", "subject", "data")) == [
        ("staff.sign_in_refused", f"associate:{rosa.pk}", {"misses": 1}),
        ("staff.sign_in_refused", "associate:unknown", {"misses": 1}),
    ]


def test_what_is_no_badge_is_said_and_counts_nothing(client: Client) -> None:
    answer = client.post(SIGN_IN, {"badge": "(01)09521234543213", "pin": PIN})
    assert answer.context["message"].startswith("This is not a badge")
    assert not BadgeTries.objects.exists()


def test_a_badge_scanned_into_the_pin_field_is_a_badge(client: Client, rosa: Associate) -> None:
    answer = client.post(SIGN_IN, {"badge": "1234", "pin": "B:4711"})
    assert (answer.status_code, answer.context["badge"], answer.context["focus"]) == (200, "B:4711", "pin")
    assert not BadgeTries.objects.exists()


def test_a_disabled_associate_looks_like_nobody(client: Client, rosa: Associate) -> None:
    Associate.objects.update(is_active=False)
    answer = client.post(SIGN_IN, {"badge": "4711", "pin": PIN})
    assert answer.context["message"] == "Badge or PIN is not right. Check both and try again."


def test_somebody_from_another_store_is_told_who_can_help(client: Client) -> None:
    make_associate(make_store(), badge="5000")
    answer = client.post(SIGN_IN, {"badge": "5000", "pin": PIN})
    assert (answer.status_code, answer.context["message"]) == (
        409,
        "You do not work in this store yet. A manager of Camden can give you a role here.",
    )
    assert not Session.objects.exists()


def test_the_best_role_of_store_and_chain_counts(client: Client, rosa: Associate) -> None:
    Membership.objects.create(associate=rosa, store=None, role=Role.LEAD)
    Membership.objects.create(associate=rosa, store=make_store(), role=Role.MANAGER)
    client.post(SIGN_IN, {"badge": "4711", "pin": PIN})
    assert Session.objects.get().role == Role.LEAD


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "\\\\evil.example", "javascript:x"])
def test_signing_in_leads_nowhere_else(client: Client, rosa: Associate, elsewhere: str) -> None:
    assert client.post(SIGN_IN, {"badge": "4711", "pin": PIN, "next": elsewhere})["Location"] == "/"


def test_signing_out_ends_the_session_and_takes_the_cookie(client: Client, rosa: Associate) -> None:
    client.post(SIGN_IN, {"badge": "4711", "pin": PIN})
    answer = client.post(reverse("staff:sign_out"))
    assert (answer.status_code, answer["Location"]) == (303, SIGN_IN)
    assert not Session.objects.exists()
    assert client.cookies[settings.SESSION_COOKIE_NAME].value == ""
    assert client.get("/")["Location"] == "/sign-in/?next=%2F"
    assert Event.objects.latest("pk").kind == "staff.signed_out"


def test_signing_out_by_a_link_is_not_possible(client: Client) -> None:
    assert client.get(reverse("staff:sign_out")).status_code == 405


def test_the_associate_reads_their_own_language(client: Client, rosa: Associate) -> None:
    Associate.objects.update(language="es")
    client.post(SIGN_IN, {"badge": "4711", "pin": PIN})
    assert client.get("/no-such-page/")["Content-Language"] == "es"
