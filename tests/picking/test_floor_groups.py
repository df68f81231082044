"""A large store's plan: its bins stay folded by aisle, so that the page is as short as its list of aisles."""

import pytest

from stores.models import Aisle, Bin, BinKind, Store
from stores.staff.models import Role
from tests.factories import make_associate, make_store
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    """40 aisles with 1,200 bins, besides the few every store has, which have no place."""
    store = make_store("LEEDS")
    aisles = Aisle.objects.bulk_create(
        Aisle(store=store, code=f"W{number:02}", x_m=2.5 * number, from_y_m=0, to_y_m=40) for number in range(40)
    )
    Bin.objects.bulk_create(
        Bin(store=store, code=f"{aisle.code}-{place:02}", kind=BinKind.SHELF, aisle=aisle, x_m=aisle.x_m, y_m=place)
        for aisle in aisles
        for place in range(30)
    )
    return store


@pytest.fixture
def manager(store):
    return signed_in_client(make_associate(store, role=Role.MANAGER), store)


def opened(page):
    return [group.aisle.code if group.aisle else group.key for group in page.context["groups"] if group.is_open]


def test_bins_are_folded_until_somebody_opens_their_aisle(manager, store, django_assert_num_queries):
    with django_assert_num_queries(3):
        page = manager.get("/pick/floor/")
    groups = page.context["groups"]
    assert [len(group.bins) for group in groups] == [30] * 40 + [6]
    assert (opened(page), page.content.count(b"/pick/floor/bins/")) == ([], 0)
    aisle = store.aisles.get(code="W07")
    with django_assert_num_queries(3):
        page = manager.get(f"/pick/floor/?aisle={aisle.pk}")
    assert (opened(page), page.content.count(b"/pick/floor/bins/")) == (["W07"], 30)
    assert (b"W07-29" in page.content, f'action="/pick/floor/aisles/{aisle.pk}/"' in page.text) == (True, True)


@pytest.mark.parametrize("key", ["none", "nowhere", "0", "' or 1", "9" * 30])
def test_what_names_no_aisle_opens_none(manager, key):
    page = manager.get("/pick/floor/", {"aisle": key})
    assert (page.status_code, opened(page)) == (200, ["none"] if key == "none" else [])


def test_a_bin_is_shown_among_those_of_its_aisle(manager, store):
    page = manager.get(f"/pick/floor/bins/{store.bins.get(code='W03-04').pk}/")
    assert opened(page) == ["W03"]


def test_an_aisle_that_was_changed_stays_open(manager, store):
    aisle = store.aisles.get(code="W07")
    form = {"key": "k", "code": "V7", "x_m": "18", "from_y_m": "0", "to_y_m": "40"}
    page = manager.post(f"/pick/floor/aisles/{aisle.pk}/", form, headers={"HX-Request": "true"})
    assert (page.status_code, opened(page)) == (200, ["V7"])


def test_a_small_store_sees_all_at_once(db):
    store = make_store("YORK")
    manager = signed_in_client(make_associate(store, role=Role.MANAGER), store)
    page = manager.get("/pick/floor/")
    assert (opened(page), page.content.count(b"/pick/floor/bins/")) == (["none"], 6)
