"""Whatever a stranger or a broken scanner sends, every address answers with less than 500, and says what is wrong."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from stores.staff.access import access_mark
from stores.staff.checks import routes
from stores.staff.models import Role
from tests.architecture.doors import House, build_house, undone

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r"""(?:POST|GET)\.get(?:list)?\(\s*"(\w+)"|posted_(?:text|lines?)\(request, "(\w+)\"""")
FIELDS = sorted(
    {
        name
        for top in ("stores", "picking", "pickup")
        for path in (ROOT / top).rglob("*.py")
        for found in READ.findall(path.read_text())
        for name in found
        if name and name != "key"
    }
)
STRANGE = {
    "nul": "a\0b",
    "controls": "\x01\x1d\x7f\x85\r\nX: 1",
    "huge": "9" * 30,
    "long": "A" * 5000,
    "eastern digits": "٣٣٣٣٣٣",
    "superscript": "²",
    "format": "{0}{x.__class__}%s%(x)s",
    "markup": "'\"><script>alert(1)</script>",
    "customer code": "C-999999999999999999-123456",
    "bag label": "F-999999999999999999-9999",
}

KEYS = ("\0", "k" * 65, "k" * 100_000, "", " ", "\r\nX-Evil: 1", "\u202e", "\ud7ff\ue000")
NUMBERS = ("0", "9223372036854775808", "99999999999999999999", "9" * 5000)
BODIES = [
    (b"code=%ff%fe%00&key=%f0%28", "application/x-www-form-urlencoded"),
    (b"\xff\xfe\x00=\xff", "application/x-www-form-urlencoded"),
    (b"key=1", "application/x-www-form-urlencoded; charset=no-such"),
    (b"key=1", "application/x-www-form-urlencoded; charset=utf-16"),
    (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
    (b"x", "multipart/form-data"),
    (
        b'--x\r\nContent-Disposition: form-data; name="key"; filename="\0"\r\n\r\n1\r\n--x--',
        "multipart/form-data; boundary=x",
    ),
    (b"[" * 100_000, "application/json"),
    (b"&".join(b"a%d=1" % number for number in range(300)), "application/x-www-form-urlencoded"),
    (b"code=" + b"A" * 2_000_000, "application/x-www-form-urlencoded"),
]
ADDRESSES = [
    "/%ff",
    "/c/%00/",
    "/c/%F0%9F%92%A9.x/",
    "/enrol/%00/",
    "/enrol/%ff%fe/",
    "/pick/%D9%A3/",
    "/printed/x%00.png",
    "//evil.example/",
    "/pick/1",
    "/c/" + "A" * 5000 + "/",
    "/sign-in/?next=%00//evil",
    "/items/?q=%00%ff",
    "/?%00=1",
]


@pytest.fixture
def house() -> House:
    return build_house()


def clients(house: House) -> list[Client]:
    """A manager, who gets everywhere and holds what can be held, and a stranger."""
    both = [house.clients[Role.MANAGER], Client()]
    for client in both:
        client.raise_request_exception = False
    pick, ready = house.ids["pick/"]["pk"], house.ids["handover/"]["pk"]
    for path, fields in (
        (f"/pick/{pick}/start/", {}),
        (f"/pick/{pick}/scan/", {"code": "TOTE-0003"}),
        (f"/pick/{pick}/scan/", {"code": "A-01-1"}),
        (f"/handover/{ready}/claim/", {}),
    ):
        answer = both[0].post(path, {"key": f"{path}{fields}"[:64], **fields}, headers={"HX-Request": "true"})
        assert answer.status_code == 200, path
    return both


@contextmanager
def unchanged(client: Client) -> Iterator[None]:
    """What is stored is taken back, and whoever was signed out is signed in again."""
    cookies = deepcopy(client.cookies)
    with undone():
        yield
    client.cookies = cookies


def bad(answer: Any) -> bool:
    return bool(answer.status_code >= 500)


def why(answer: Any) -> object:
    return answer.exc_info and answer.exc_info[1]


def paths(house: House, *marks: str) -> list[str]:
    return [house.fill(route) for route, view in routes() if access_mark(view) in marks]


@pytest.mark.parametrize("kind", STRANGE)
def test_strange_text_in_any_field(house: House, kind: str) -> None:
    value = STRANGE[kind]
    broken = []
    manager, stranger = clients(house)
    for client, marks in ((manager, ("role", "public")), (stranger, ("public",))):
        for path in paths(house, *marks):
            form = dict.fromkeys(FIELDS, value)
            # One at a time too where a first refusal would hide the next field.
            forms = [form, {**form, "quantity": "1", "reason": "damaged", "code": "A-01-1", "spot": "bay-1"}]
            for number, fields in enumerate(forms):
                with unchanged(client):
                    answer = client.post(path, {"key": f"{kind} {number}", **fields}, headers={"HX-Request": "true"})
                if bad(answer):
                    broken.append((path, number, answer.status_code, why(answer)))
            with unchanged(client):
                answer = client.get(path, form)
            if bad(answer):
                broken.append((path, -1, answer.status_code, why(answer)))
    assert broken == []


def test_strange_keys(house: House) -> None:
    client = clients(house)[0]
    broken = []
    for key, path in product(KEYS, paths(house, "role", "public")):
        with unchanged(client):
            answer = client.post(path, {"key": key, **dict.fromkeys(FIELDS, "1")})
        if bad(answer):
            broken.append((key[:80], path, answer.status_code, why(answer)))
    assert broken == []


def test_strange_numbers_in_addresses(house: House) -> None:
    broken = []
    numbered = [route for route, _view in routes() if "<int:" in route]
    for client, number, route in product(clients(house), NUMBERS, numbered):
        path = "/" + re.sub(r"<int:\w+>", number, route)
        for send in (client.get, client.post):
            with unchanged(client):
                answer = send(path, {"key": "n", "quantity": "1", "reason": "damaged", "code": "A-01-1"})
            if answer.status_code not in (302, 401, 403, 404, 405):
                broken.append((path[:80], send.__name__, answer.status_code, why(answer)))
    assert broken == []


def test_bodies_that_are_no_forms(house: House) -> None:
    broken = []
    for client in clients(house):
        # Bodies are read before any view: a few of each kind will do.
        for (body, kind), path in product(BODIES, paths(house, "role", "public")[::4]):
            with unchanged(client):
                answer = client.generic("POST", path, body, kind)
            if bad(answer):
                broken.append((body[:80], kind, path, answer.status_code, why(answer)))
    assert broken == []


def test_strange_addresses(house: House) -> None:
    broken = []
    for client, path in product(clients(house), ADDRESSES):
        for send in (client.get, client.post):
            with unchanged(client):
                answer = send(path)
            if bad(answer):
                broken.append((path[:80], send.__name__, answer.status_code, why(answer)))
    assert broken == []
