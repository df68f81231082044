"""Everybody reads in their own language, on every device."""

import pytest
from django.test import Client

from stores.journal.models import Event
from stores.models import Store
from stores.staff.models import Associate
from tests.factories import make_associate, make_device, make_store
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return make_store()


@pytest.fixture
def rosa(store: Store) -> Associate:
    return make_associate(store, name="Rosa")


def choose(phone: Client, language: str, key: str = "k1") -> str:
    return phone.post("/language/", {"key": key, "language": language}, follow=True).content.decode()


def test_a_tap_on_the_home_screen_changes_the_language_here_and_elsewhere(store: Store, rosa: Associate) -> None:
    phone = signed_in_client(rosa, store)
    assert 'value="es" lang="es" class="button quiet">Español<' in phone.get("/").content.decode()
    page = choose(phone, "es")
    assert "Storehand te habla en español." in page
    assert "Tu trabajo" in page
    assert 'value="en" lang="en" class="button quiet">English<' in page
    other = signed_in_client(rosa, store, device=make_device(store, "Zebra 4"))
    other.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "Tu trabajo" in other.get("/").content.decode()
    event = Event.objects.get(kind="staff.language_set")
    assert (event.subject, event.data) == (f"associate:{rosa.pk}", {"language": "es"})
    assert "Your work" in choose(phone, "en", "k2")


@pytest.mark.parametrize("language", ["", "xx", "es-MX", "../es"])
def test_a_language_nobody_speaks_changes_nothing(store: Store, rosa: Associate, language: str) -> None:
    page = choose(signed_in_client(rosa, store), language)
    assert "Storehand does not speak this language" in page
    rosa.refresh_from_db()
    assert rosa.language == "en"
    assert not Event.objects.filter(kind="staff.language_set").exists()
