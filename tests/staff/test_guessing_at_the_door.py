"""Guesses in parallel through the real page, and what a stolen cookie is worth."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from stores.staff.actions import check_pin
from stores.staff.models import BadgeTries, Session
from tests.factories import PIN, make_associate, make_device, make_store
from tests.racing import at_once
from tests.staff.signing_in import enrolled_client, is_signed_in, signed_in_client


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/again"])
def test_guesses_at_once_through_the_page_are_counted_one_by_one(path, monkeypatch):
    # However long this machine takes for twelve requests, the wait after the third miss is not over by then.
    monkeypatch.setattr(check_pin, "DELAYS", (0, 0, *(3600,) * 7))
    store = make_store()
    rosa = make_associate(store)
    device = make_device(store)
    clients = [enrolled_client(device) for _ in range(12)]
    work = [
        lambda one=one: one.post(path, {"badge": rosa.badge, "pin": f"{uuid4().int}"[:6]}).status_code
        for one in clients
    ]
    answers = at_once(*work)
    assert set(answers) <= {422, 409}
    # Two misses are free, each further one costs a wait: of those sent at once no more than three were checked.
    assert answers.count(422) <= 3
    assert BadgeTries.objects.get(badge=rosa.badge).misses == answers.count(422)
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_a_stolen_session_opens_nothing_on_another_device_and_a_stolen_device_nothing_without_a_pin():
    store = make_store()
    rosa = make_associate(store)
    victim = signed_in_client(rosa, store, device=make_device(store, "Mine"))
    thief = enrolled_client(make_device(store, "Theirs"))
    thief.cookies[settings.SESSION_COOKIE_NAME] = victim.cookies[settings.SESSION_COOKIE_NAME].value
    assert not is_signed_in(thief)
    assert thief.get("/").status_code == 302
    alone = Client()
    alone.cookies[settings.DEVICE_COOKIE_NAME] = victim.cookies[settings.DEVICE_COOKIE_NAME].value
    assert not is_signed_in(alone)
    assert alone.get("/").status_code == 302


@pytest.mark.django_db
def test_a_session_planted_before_signing_in_is_not_the_one_that_opens():
    store = make_store()
    rosa = make_associate(store)
    client = enrolled_client(make_device(store))
    client.cookies[settings.SESSION_COOKIE_NAME] = "planted" * 4
    assert client.post("/sign-in/", {"badge": rosa.badge, "pin": PIN}).status_code == 303
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "planted" * 4
    assert is_signed_in(client)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "https://evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "///evil.example",
        "/%2f/evil.example",
        "https:///evil.example",
        "\x00//evil.example",
        " //evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
    ],
)
def test_nobody_is_led_elsewhere_after_signing_in(address):
    store = make_store()
    rosa = make_associate(store)
    client = enrolled_client(make_device(store))
    answer = client.post("/sign-in/", {"badge": rosa.badge, "pin": PIN, "next": address})
    assert answer.status_code == 303
    target = answer["Location"]
    assert target.startswith("/")
    assert target[1:2] not in ("/", "\\", "\t", "\n")
