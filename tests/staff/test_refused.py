"""Pages for "no" say what happened in plain words, in the shape that was asked for."""

import pytest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from stores.staff.access import public
from stores.staff.sessions import SessionStore
from tests.factories import make_associate, make_device, make_store
from tests.staff.signing_in import enrolled_client, signed_in_client


@public
def broken(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@public
def cut_off(request: HttpRequest) -> HttpResponse:
    raise OperationalError("server closed the connection")


@public
def closed(request: HttpRequest) -> HttpResponse:
    raise InterfaceError("the connection is closed")


urlpatterns = [path("broken", broken), path("cut-off", cut_off), path("closed", closed)]
handler404 = "stores.staff.views.refused.not_found"
handler500 = "stores.staff.views.refused.server_error"

no_database_needed = override_settings(ROOT_URLCONF="tests.staff.test_refused")


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@no_database_needed
@pytest.mark.parametrize("where", ["/cut-off", "/closed"])
def test_a_database_that_does_not_answer_is_a_503_to_try_again(client: Client, where: str) -> None:
    answer = client.get(where)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "The database does not answer. Nothing was lost" in answer.content.decode()


@no_database_needed
def test_also_when_it_is_the_session_that_cannot_be_read(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_answer(self: SessionStore) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(SessionStore, "row", property(no_answer))
    answer = client.get("/broken")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")


@no_database_needed
def test_an_error_nobody_foresaw_gives_no_details_away(client: Client) -> None:
    answer = client.get("/broken")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.content.decode()
    assert "ZeroDivisionError" not in answer.content.decode()


@no_database_needed
def test_scripts_get_the_same_words_as_json(client: Client) -> None:
    answer = client.get("/cut-off", headers={"Accept": "application/json"})
    assert answer.status_code == 503
    assert answer.json()["message"].startswith("One moment, please.")


@no_database_needed
def test_a_page_that_is_not_there_offers_strangers_no_way_in(client: Client) -> None:
    answer = client.get("/nothing")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()
    assert 'href="/"' not in answer.content.decode()


@pytest.mark.django_db
def test_somebody_signed_in_finds_the_way_home() -> None:
    store = make_store()
    page = signed_in_client(make_associate(store), store).get("/nothing-here/")
    assert page.status_code == 404
    assert 'href="/"' in page.content.decode()


@pytest.mark.django_db
def test_an_old_page_is_told_so() -> None:
    client = enrolled_client(make_device(make_store()), enforce_csrf_checks=True)
    answer = client.post("/sign-out", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["ok"]) == (403, False)
    assert answer.json()["message"].startswith("This page is too old.")
