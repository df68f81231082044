"""Every answer says in whose session it was made; what another associate has made is refused in it."""

import pytest
from django.test import Client
from django.urls import reverse

from stores.models import Store
from stores.staff.models import Associate
from tests.factories import make_associate, make_store
from tests.staff.signing_in import is_signed_in, signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return make_store()


@pytest.fixture
def rosa(store: Store) -> Associate:
    return make_associate(store)


def test_an_answer_says_whose_session_it_was_made_in(store: Store, rosa: Associate) -> None:
    assert signed_in_client(rosa, store).get("/")["Storehand-Who"] == str(rosa.pk)
    assert Client().get("/")["Storehand-Who"] == "nobody"
    # A token that is old is no judgement, but it is the server's own answer.
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("staff:sign_in"))["Storehand-Who"] == "nobody"


def test_so_does_the_answer_that_the_server_is_ready() -> None:
    assert Client().get("/health/ready")["Storehand-Who"] == "nobody"


def test_what_another_has_made_is_refused_and_changes_nothing(store: Store, rosa: Associate) -> None:
    client = signed_in_client(rosa, store)
    answer = client.post(reverse("staff:sign_out"), headers={"Storehand-Who": str(rosa.pk + 1)})
    assert answer.status_code == 403
    assert answer["Storehand-Who"] == str(rosa.pk)
    assert is_signed_in(client)
    assert client.post(reverse("staff:sign_out"), headers={"Storehand-Who": str(rosa.pk)}).status_code == 303


def test_without_a_session_it_is_asked_for(rosa: Associate) -> None:
    answer = Client().post("/pick/1/scan/", headers={"Storehand-Who": str(rosa.pk), "HX-Request": "true"})
    assert (answer.status_code, answer["Storehand-Who"]) == (401, "nobody")
