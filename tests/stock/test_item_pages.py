"""The pages that say where an item lies and what can be promised of it."""

import pytest

from stores.staff.models import Role
from tests.factories import make_associate, make_item, make_store
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


def test_an_item_that_the_store_never_had_has_nothing_free() -> None:
    store, item = make_store(), make_item()
    client = signed_in_client(make_associate(store, role=Role.ASSOCIATE), store)
    page = client.get(f"/items/{item.pk}/").content.decode()
    assert "None in this store" in page
    assert '<td class="number big">0</td>' in page


def test_a_name_finds_the_item() -> None:
    store, item = make_store(), make_item()
    client = signed_in_client(make_associate(store, role=Role.ASSOCIATE), store)
    assert f'href="/items/{item.pk}/"' in client.get("/items/", {"q": item.sku}).content.decode()
