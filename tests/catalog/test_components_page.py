"""The page on which a lead puts a bundle together."""

from uuid import uuid4

import pytest

from stores.catalog.actions.lifecycle import retire_item
from stores.catalog.models import BundleComponent, Category, Item
from stores.staff.models import Role
from tests.factories import make_associate, make_bundle, make_item, make_store
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def lead(store):
    return signed_in_client(make_associate(store, role=Role.LEAD), store)


@pytest.fixture
def pot(db):
    return make_item("Teapot", sku="POT")


@pytest.fixture
def tea(db):
    category = Category.objects.create(code="SETS", name="Sets")
    return Item.objects.create(sku="TEA", name="Tea set", price=10, category=category)


def put(client, bundle, **fields):
    form = {"quantity": "1", "key": str(uuid4())} | fields
    return client.post(f"/catalog/items/{bundle.pk}/components/", form)


def inside():
    return list(BundleComponent.objects.order_by("component__sku").values_list("component__sku", "quantity"))


def test_a_component_is_put_in_by_its_barcode_and_by_its_sku(lead, tea, pot):
    cup = make_item("Cup", sku="CUP")
    assert put(lead, tea, code=pot.barcodes.get().gtin).status_code == 200
    answer = put(lead, tea, code="cup", quantity="4")
    assert "4 in each" in answer.text
    assert inside() == [("CUP", 4), ("POT", 1)]
    assert put(lead, tea, item_id=cup.pk, quantity="6").status_code == 200
    assert inside() == [("CUP", 6), ("POT", 1)]


def test_the_same_form_twice_puts_in_once(lead, tea, pot):
    for _time in range(2):
        assert put(lead, tea, code="POT", key="once").status_code == 200
    assert inside() == [("POT", 1)]


def test_a_word_finds_what_could_be_meant_but_no_bundles(lead, tea, pot):
    other = make_bundle((pot, 1), name="Teapot and cosy")
    answer = put(lead, tea, code="teap", quantity="2")
    assert (answer.status_code, answer.context["band"]) == (200, None)
    assert "1 item could be meant by “teap”." in answer.text
    assert inside() == [("POT", 1)]
    assert f'name="item_id" value="{pot.pk}"' in answer.text
    assert f'name="item_id" value="{other.pk}"' not in answer.text
    assert put(lead, tea, item_id=str(pot.pk), quantity="2").status_code == 200
    assert BundleComponent.objects.get(bundle=tea).quantity == 2


@pytest.mark.parametrize("quantity", ["", "0", "-1", "1.5", "x", "1000", "9" * 30, "²"])
def test_a_strange_quantity_changes_nothing(lead, tea, pot, quantity):
    answer = put(lead, tea, code="POT", quantity=quantity)
    assert answer.status_code == 422
    assert inside() == []


@pytest.mark.parametrize("fields", [{"code": ""}, {"code": "none such"}, {"item_id": "x"}, {"item_id": "9" * 30}])
def test_what_is_no_item_changes_nothing(lead, tea, fields):
    assert put(lead, tea, **fields).status_code == 422
    assert inside() == []


def test_a_component_is_taken_out(lead, tea, pot):
    put(lead, tea, code="POT")
    path = f"/catalog/items/{tea.pk}/components/remove/"
    assert lead.post(path, {"item_id": pot.pk, "key": "1"}).status_code == 200
    assert inside() == []
    assert lead.post(path, {"item_id": pot.pk, "key": "2"}).status_code == 409


def test_a_settled_bundle_is_shown_and_says_how_to_change_it(lead, pot):
    light = make_bundle((pot, 1), name="Light")
    page = lead.get(f"/catalog/items/{light.pk}/components/").text
    assert "retire the bundle first" in page
    assert 'name="quantity"' not in page
    assert put(lead, light, code="POT", quantity="3").status_code == 409
    retire_item(item=light)
    page = lead.get(f"/catalog/items/{light.pk}/components/").text
    assert 'name="reason"' in page
    assert put(lead, light, code="POT", quantity="3").status_code == 422
    assert put(lead, light, code="POT", quantity="3", reason="Three in a box").status_code == 200
    assert inside() == [("POT", 3)]


def test_a_single_item_on_sale_stays_one(lead, pot):
    page = lead.get(f"/catalog/items/{pot.pk}/components/").text
    assert "stays a single item" in page
    assert 'name="quantity"' not in page


def test_an_associate_does_not_see_it(store, tea):
    client = signed_in_client(make_associate(store), store)
    assert client.get(f"/catalog/items/{tea.pk}/components/").status_code == 403
    assert put(client, tea, code="POT").status_code == 403


def test_nobody_s_item_is_not_found(lead):
    assert lead.get("/catalog/items/999999/components/").status_code == 404


def test_the_query_count_does_not_grow(lead, tea, django_assert_num_queries):
    for number in range(12):
        put(lead, tea, code=make_item(sku=f"PART{number}").sku)
    # Session, item, components.
    with django_assert_num_queries(3):
        assert lead.get(f"/catalog/items/{tea.pk}/components/").text.count("Take out") == 12


def test_a_bundles_price_stands_beside_the_sum_of_its_parts(lead, tea, pot):
    put(lead, tea, code="POT", quantity="3")
    for path in ("", "components/"):
        page = lead.get(f"/catalog/items/{tea.pk}/{path}").text
        assert "Its parts, bought one by one" in page
        assert "7.65 GBP" in page
        assert "10.00 GBP" in page
