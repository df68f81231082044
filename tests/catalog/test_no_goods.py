"""Codes that are no goods: seen, taken back, and judged anew."""

from uuid import uuid4

import pytest

from stores.catalog.models import Item, NonGoodsCode
from stores.journal.models import Event
from stores.staff.models import Role
from tests.catalog.importing import bring_in, counts, sales
from tests.factories import make_associate, make_store
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db
URL = "/catalog/imports/no-goods/"


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def lead(store):
    return make_associate(store, role=Role.LEAD, name="Lena")


@pytest.fixture
def browser(lead, store):
    return signed_in_client(lead, store)


def take_back(browser, code: NonGoodsCode, *, htmx: bool = True):
    headers = {"HX-Request": "true"} if htmx else {}
    return browser.post(f"{URL}{code.pk}/take-back/", {"key": str(uuid4())}, headers=headers)


@pytest.mark.parametrize("htmx", [True, False])
def test_a_code_is_taken_back_and_its_lines_are_judged_anew(browser, lead, htmx):
    code = NonGoodsCode.objects.create(source="pos", folded="22139", meaning="TEA SET")
    assert counts(bring_in(sales(("22139", "TEA SET", "4")))) == {"refused": 1}
    assert "when Tills (POS) says it" in browser.get(URL).content.decode()

    answer = take_back(browser, code, htmx=htmx)

    assert "22139 is taken back" in answer.content.decode()
    assert not NonGoodsCode.objects.filter(folded="22139").exists()
    event = Event.objects.get(kind="catalog.no_goods_taken_back")
    assert (event.actor, event.data) == (lead, {"source": "pos", "code": "22139", "meaning": "TEA SET"})
    assert counts(bring_in(sales(("22139", "TEA SET", "4")))) == {"added": 1}
    assert Item.objects.get().sku == "22139"


def test_who_was_slower_is_told(browser):
    code = NonGoodsCode.objects.get(folded="POST")
    assert take_back(browser, code).status_code == 200
    assert take_back(browser, code).status_code == 409
    assert Event.objects.filter(kind="catalog.no_goods_taken_back").count() == 1


def test_a_code_that_never_was_is_not_found(browser):
    for number in (0, 2**63, 10**30):
        assert take_back(browser, NonGoodsCode(pk=number)).status_code == 404


def test_a_code_is_found_among_many(browser, django_assert_num_queries):
    NonGoodsCode.objects.bulk_create(NonGoodsCode(source="pos", folded=f"Z{number:03}") for number in range(120))
    # The session, how many there are, a page of them.
    with django_assert_num_queries(3):
        page = browser.get(URL).content.decode()
    assert page.count('class="code"') == 50
    assert browser.get(f"{URL}?page=99").status_code == 200
    page = browser.get(URL, {"q": "z077"}).content.decode()
    assert page.count('class="code"') == 1
    assert "No such code is remembered" in browser.get(URL, {"q": "nothing\0"}).content.decode()


def test_it_is_for_leads(store):
    associate = signed_in_client(make_associate(store), store)
    code = NonGoodsCode.objects.get(folded="POST")
    assert associate.get(URL).status_code == 403
    assert take_back(associate, code).status_code == 403
    assert NonGoodsCode.objects.filter(pk=code.pk).exists()
