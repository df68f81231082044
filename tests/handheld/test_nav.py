"""The menu: what a role may open, with the page that is open, or the room it lies in, marked."""

import pytest

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
