"""The menu: what a role may open, with the page that is open, or the room it lies in, marked."""

import pytest
from django.test import Client

from stores.models import Store
from stores.staff.models import Role
from tests.factories import make_associate, make_store
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return make_store()


@pytest.mark.parametrize(
    ("path", "marked"),
    [
        ("/", []),
        ("/catalog/items/", [("/catalog/items/", "page")]),
        ("/catalog/requests/", [("/catalog/items/", "true")]),
        ("/items/", [("/items/", "page")]),
        ("/stock/", [("/stock/", "page")]),
        ("/devices/", [("/devices/", "page")]),
    ],
)
def test_the_open_page_or_its_room_is_marked_and_nothing_else(
    store: Store, path: str, marked: list[tuple[str, str]]
) -> None:
    manager = signed_in_client(make_associate(store, role=Role.MANAGER), store)
    page = manager.get(path)
    assert [(link.url, link.current) for link in page.context["nav"]() if link.current] == marked


def grouped(client: Client) -> list[tuple[str, list[str]]]:
    menu = client.get("/stock/").context["menu"]()
    return [(str(group.label), [str(link.label) for link in group.links]) for group in menu]


def test_few_entries_stand_in_one_row(store: Store) -> None:
    associate = signed_in_client(make_associate(store), store)
    ((label, entries),) = grouped(associate)
    assert (label, entries[:3]) == ("", ["Counter", "Stage", "Hand over"])


def test_what_a_manager_has_is_folded_into_groups(store: Store) -> None:
    manager = signed_in_client(make_associate(store, role=Role.MANAGER), store)
    menu = dict(grouped(manager))
    assert list(menu) == ["Work", "Stock", "Systems", "Team"]
    assert menu["Work"] == ["Counter", "Picking", "Stage", "Hand over", "Exceptions", "Orders"]
    assert menu["Stock"] == ["Item master", "Stock", "Items", "Floor plan"]
    assert menu["Team"] == ["Associates", "Devices"]
    every = [link.url for link in manager.get("/stock/").context["nav"]()]
    page = manager.get("/orders/").content.decode()
    assert [url for url in every if f'href="{url}"' not in page] == []
    assert '<summary aria-current="true">Work</summary>' in page
