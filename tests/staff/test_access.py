"""Every door says who may open it, and holds to it."""

import re
from typing import cast

import pytest
from asgiref.sync import async_to_sync
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path, reverse

from stores.models import Store
from stores.staff.access import access_mark, api, public, role_required, safe_path, wants_page
from stores.staff.checks import routes
from stores.staff.http import SeenRequest
from stores.staff.models import Role
from tests.factories import make_associate, make_store
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


urlpatterns = [
    path("anybody", public(page)),
    path("forgotten", lambda request: HttpResponse("oops")),
]


@pytest.fixture
def store() -> Store:
    return make_store()


def client_as(store: Store, role: Role) -> Client:
    return signed_in_client(make_associate(store, role=role), store)


def test_every_url_of_the_project_says_who_may_open_it() -> None:
    assert [route for route, view in routes() if not access_mark(view)] == []


@override_settings(ROOT_URLCONF="tests.staff.test_access")
def test_a_forgotten_view_fails_the_system_check() -> None:
    errors = [problem for problem in run_checks(tags=["urls"]) if problem.id == "staff.E001"]
    assert [problem.msg for problem in errors] == ["The view of /forgotten does not say who may open it."]


def test_marks_survive_decorators_and_stand_on_classes() -> None:
    class View:
        pass

    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    view.view_class = View  # type: ignore[attr-defined]  # What as_view() leaves on the function.
    assert access_mark(view) == ""
    api(View)
    assert access_mark(view) == "api"
    assert role_required(Role.LEAD)(page).required_role == Role.LEAD  # type: ignore[attr-defined]  # Set on the view.


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("handheld:home", Role.ASSOCIATE),
        ("staff:devices", Role.MANAGER),
        ("staff:associates", Role.MANAGER),
    ],
)
@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_what_it_may_and_is_told_about_the_rest(
    store: Store, name: str, least: Role, role: Role
) -> None:
    answer = client_as(store, role).get(reverse(name))
    assert answer.status_code == (200 if role >= least else 403)
    if role < least:
        words = answer.content.decode()
        assert f"This page is for the role {least.label}; you are signed in as {role.label}." in words


@pytest.mark.parametrize("name", ["staff:make_code"])
@pytest.mark.parametrize("role", [Role.ASSOCIATE, Role.LEAD])
def test_posts_are_held_to_the_same_rule(store: Store, name: str, role: Role) -> None:
    assert client_as(store, role).post(reverse(name), {"key": "k", "uses": "1"}).status_code == 403
    assert not store.enrolment_codes.exists()


def test_a_person_without_a_session_is_led_to_the_sign_in_page_and_back() -> None:
    answer = Client().get("/devices/?page=2")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=%2Fdevices%2F%3Fpage%3D2")


def test_after_a_post_the_page_it_came_from_is_the_way_back() -> None:
    answer = Client().post("/devices/code/", headers={"Referer": "http://testserver/devices/"})
    assert answer["Location"] == "/sign-in/?next=%2Fdevices%2F"
    answer = Client().post("/devices/code/", headers={"Referer": "https://evil.example/devices/"})
    assert answer["Location"] == "/sign-in/?next=%2F"


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true"},
        {"Sec-Fetch-Mode": "cors", "Accept": "text/html"},
        {"Accept": "application/json"},
        {"Accept": "text/event-stream"},
    ],
)
def test_a_script_without_a_session_gets_401_and_never_a_redirect(headers: dict[str, str]) -> None:
    for answer in (Client().get("/devices/", headers=headers), Client().post("/devices/code/", headers=headers)):
        assert answer.status_code == 401
        assert "Location" not in answer


def test_what_somebody_signed_in_sees_is_kept_by_no_cache(store: Store) -> None:
    assert client_as(store, Role.ASSOCIATE).get("/").headers["Cache-Control"] == "no-store"


def test_a_view_of_the_live_server_is_held_to_the_same_rule() -> None:
    @role_required(Role.ASSOCIATE)
    async def stream(request: HttpRequest) -> HttpResponse:
        return HttpResponse("live")

    request = cast(SeenRequest, RequestFactory(headers={"Accept": "text/event-stream"}).get("/"))
    request.role = None
    assert async_to_sync(stream)(request).status_code == 401
    request.role = Role.LEAD
    assert async_to_sync(stream)(request).content == b"live"


@pytest.mark.parametrize(
    ("headers", "page_wanted"),
    [({}, True), ({"Sec-Fetch-Mode": "navigate"}, True), ({"Accept": "*/*"}, False), ({"HX-Request": "true"}, False)],
)
def test_who_asks_for_a_page(headers: dict[str, str], page_wanted: bool) -> None:
    assert wants_page(RequestFactory(headers=headers).get("/")) is page_wanted


@pytest.mark.parametrize(
    ("address", "path_only"),
    [
        ("/pick/1/?line=2", "/pick/1/?line=2"),
        ("http://testserver/pick/1/", "/pick/1/"),
        ("https://evil.example/pick/1/", "/"),
        ("http://testserver//evil.example/", "/"),
        ("", "/"),
    ],
)
def test_only_paths_of_this_host_are_safe_to_go_on_to(address: str, path_only: str) -> None:
    assert safe_path(RequestFactory().get("/"), address) == path_only


def doors() -> list[tuple[str, Role]]:
    """Every path of the project that asks for a role, with made-up ids."""
    filled = {"int": "1", "uuid": "7f6cbd0c-3a3b-4f44-8d5e-0c3c6a0d9b11"}
    return [
        ("/" + re.sub(r"<(?:(\w+):)?\w+>", lambda part: filled.get(part[1], "x"), route), view.required_role)
        for route, view in routes()
        if access_mark(view) == "role"
    ]


def knock(client: Client, path: str, **headers: str) -> int:
    """The answer to the method the door takes."""
    answer = client.get(path, headers=headers)
    if answer.status_code == 405:
        answer = client.post(path, headers=headers)
    return answer.status_code


def test_no_door_opens_to_a_stranger_or_to_a_lower_role(store: Store) -> None:
    assert len(doors()) > 20
    as_role = {role: client_as(store, role) for role in Role}
    for door, least in doors():
        assert knock(Client(), door) == 302, door
        assert knock(Client(), door, **{"HX-Request": "true"}) == 401, door
        for role in Role:
            if role < least:
                assert knock(as_role[role], door) == 403, door
