"""Every address × every role × another store's things, drawn from the router: nothing opens, nothing changes."""

from typing import Any

import pytest
from django.test import Client

from stores.models import Device
from stores.staff.models import Associate, Role
from tests.architecture.doors import House, all_routes, build_house, fingerprint, role_doors, undone

pytestmark = pytest.mark.django_db

# What belongs to the whole chain, or to nobody: every store sees the same.
CHAIN = ("items/", "channels/", "catalog/", "exceptions/messages/", "exceptions/items/", "printed/")


@pytest.fixture
def house() -> House:
    return build_house()


@pytest.fixture
def other() -> House:
    return build_house()


def knock(client: Client, path: str, line: str = "", **headers: str) -> Any:
    """The answer to the method the door takes, with the tables it `changed`; whatever it did is undone."""
    with undone():
        before = fingerprint()
        answer: Any = client.get(path, headers=headers)
        assert fingerprint() == before, f"GET {path} changed something"
        if answer.status_code == 405:
            form = {"key": f"key of {path}"[:64], "quantity": "1", "reason": "damaged", "line": line}
            answer = client.post(path, form, headers=headers)
        answer.changed = [name for name, digest in fingerprint().items() if digest != before[name]]
    return answer


def test_every_address_with_an_id_is_filled(house: House) -> None:
    unfilled = [route for route in all_routes() if "<" in route and "x" in house.fill(route).split("/")]
    assert unfilled == []


def test_nobody_gets_in_without_a_session(house: House) -> None:
    for route, _least in role_doors():
        path = house.fill(route)
        answer = knock(Client(), path)
        assert (answer.status_code, answer.changed) == (302, []), path
        answer = knock(Client(), path, **{"HX-Request": "true"})
        assert (answer.status_code, answer.changed) == (401, []), path


def test_a_lower_role_is_refused_and_changes_nothing(house: House) -> None:
    for route, least in role_doors():
        for role, client in house.clients.items():
            if role < least:
                answer = knock(client, house.fill(route))
                assert (answer.status_code, answer.changed) == (403, []), (route, role)


@pytest.mark.parametrize("role", list(Role))
def test_another_stores_things_are_not_there(house: House, other: House, role: Role) -> None:
    for route, least in role_doors():
        if "<" in route and role >= least and not route.startswith(CHAIN):
            answer = knock(house.clients[role], other.fill(route))
            assert (answer.status_code, answer.changed) == (404, []), (other.fill(route), role)


def test_another_stores_line_on_ones_own_list_is_not_there(house: House, other: House) -> None:
    own, theirs = house.ids["pick/"]["pk"], other.ids["pick/"]["line_pk"]
    client = house.clients[Role.ASSOCIATE]
    assert client.post(f"/pick/{own}/start/", {"key": "start"}).status_code == 303
    for what in ("quantity", "short"):
        answer = knock(client, f"/pick/{own}/{what}/", line=str(theirs))
        assert (answer.status_code, answer.changed) == (404, []), what


def test_no_get_changes_anything(house: House) -> None:
    for route in all_routes():
        for client in (*house.clients.values(), Client()):
            before = fingerprint()
            client.get(house.fill(route))
            assert fingerprint() == before, route
    assert Device.objects.filter(revoked_at=None).exists()
    assert Associate.objects.filter(is_active=False).count() == 0
