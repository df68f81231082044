"""Every answer carries its shields: policy, frames, sniffing, cookies; over https the cookies are bound to the host."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from stores.catalog.models import Item
from stores.handheld.middleware import PERMISSIONS
from stores.models import Device, Store, Zone
from stores.orders.models import Order, OrderContact
from stores.staff.models import Associate, Role
from tests.architecture.doors import House, all_routes, build_house, undone
from tests.factories import change_items

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
POLICY = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'")


@pytest.fixture
def house() -> House:
    return build_house()


def missing(answer) -> list[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    absent = [part for part in POLICY if part not in policy]
    absent += [word for word in ("unsafe-inline", "unsafe-eval", "*") if word in policy]
    expected = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
    expected["Permissions-Policy"] = PERMISSIONS
    return absent + [name for name, value in expected.items() if answer.headers.get(name) != value]


def test_every_page_and_every_refusal_is_shielded(house: House) -> None:
    manager = house.clients[Role.MANAGER]
    bare = {}
    for route in all_routes():
        for client in (manager, Client()):
            for send in (client.get, client.post, client.put):
                with undone():
                    answer = send(house.fill(route))
                if lacks := missing(answer):
                    bare[route, send.__name__, answer.status_code] = lacks
    assert bare == {}


@pytest.mark.parametrize("path", ["/nowhere/", "/c/none/", "/%ff", "/pick/99999999999999999999/"])
def test_error_pages_are_shielded(path: str) -> None:
    assert missing(Client().get(path)) == []


def test_a_defect_of_ours_is_shielded_and_tells_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    client = house.clients[Role.MANAGER]
    client.raise_request_exception = False
    monkeypatch.setattr("stores.handheld.home.by_urgency", lambda sections: 1 / 0)
    answer = client.get("/")
    assert answer.status_code == 500
    assert missing(answer) == []
    assert "ZeroDivision" not in answer.text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "testserver@evil.example", "testserver\n", ""])
def test_a_strange_host_is_refused(settings, host: str) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    answer = Client(raise_request_exception=False).get("/sign-in/", headers={"host": host})
    assert answer.status_code == 400


def test_a_post_without_its_token_is_refused_everywhere(house: House) -> None:
    client = house.clients[Role.MANAGER]
    client.handler.enforce_csrf_checks = True
    open_to_forgery = []
    for route in all_routes():
        if route.startswith(("api/", "hooks/")):
            continue  # They carry a key or a signature, and look at no cookie.
        with undone():
            answer = client.post(house.fill(route), {"key": "k"})
        if answer.status_code not in (403, 405):
            open_to_forgery.append((route, answer.status_code))
    assert open_to_forgery == []


def test_markup_in_names_is_text_on_every_page(house: House) -> None:
    evil = "<script>alert(1)</script>'\"{{7*7}}"
    change_items(Item.objects.all(), name=evil)
    OrderContact.objects.update(name=evil, email=evil[:20], phone=evil[:20])
    Order.objects.update(number=evil[:40])
    Associate.objects.update(name=evil)
    Zone.objects.update(name=evil)
    Store.objects.update(name=evil, address=evil)
    Device.objects.filter(pk=house.ids["devices/"]["pk"]).update(name=evil)
    guilty = []
    for route in all_routes():
        for client in (house.clients[Role.MANAGER], Client()):
            answer = client.get(house.fill(route), {"q": evil})
            if answer.headers.get("Content-Type", "").startswith("text/html") and "<script>alert" in answer.text:
                guilty.append(route)
    assert guilty == []


def test_over_https_cookies_are_bound_to_the_host() -> None:
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings as s\n"
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.DEVICE_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_DOMAIN,"
        " s.SESSION_COOKIE_PATH, s.CSRF_COOKIE_DOMAIN, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS > 0)"
    )
    environment = {**os.environ, "HTTPS": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = ["__Host-session", "__Host-csrf", "__Host-device"]
    assert run.stdout.split() == [*names, *["True"] * 4, "None", "/", "None", "True", "True"]
