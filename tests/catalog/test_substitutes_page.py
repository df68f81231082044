"""The page on which a lead says what may be given in an item's place."""

from uuid import uuid4

import pytest

from stores.catalog.actions.set_substitutes import set_substitutes
from stores.catalog.models import FieldOwner, Item, Substitute
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
def lamp():
    return make_item("Lamp", sku="LAMP")


@pytest.fixture
def tall():
    return make_item("Tall lantern", sku="TALL")


def post(client, item, part="", **fields):
    return client.post(f"/catalog/items/{item.pk}/substitutes/{part}", {"key": str(uuid4())} | fields)


def named(item):
    return list(Substitute.objects.filter(item=item).order_by("rank").values_list("substitute__sku", flat=True))


def test_one_is_added_by_its_barcode_its_sku_and_from_what_is_found(lead, lamp, tall):
    short, flat = make_item("Short one", sku="SHORT"), make_item("Flat lantern", sku="FLAT")
    answer = post(lead, lamp, code=tall.barcodes.get().gtin)
    assert (answer.status_code, answer.context["band"].title) == (200, "Tall lantern may stand in")
    assert post(lead, lamp, code="short").status_code == 200
    answer = post(lead, lamp, code="lant")
    assert (answer.status_code, answer.context["band"]) == (200, None)
    assert "1 item could be meant by “lant”." in answer.text
    assert named(lamp) == ["TALL", "SHORT"]
    assert post(lead, lamp, item_id=flat.pk).status_code == 200
    assert named(lamp) == ["TALL", "SHORT", "FLAT"]
    answer = post(lead, lamp, code="one")
    assert f'name="item_id" value="{short.pk}">' in answer.text
    make_item("One more", sku="MORE")
    assert "1 item could be meant by “one”." in post(lead, lamp, code="one").text


def test_a_word_does_not_offer_bundles_or_the_item_itself(lead, lamp, tall):
    make_bundle((tall, 2), name="Lamps by the dozen")
    assert post(lead, lamp, code="lam").status_code == 422
    assert named(lamp) == []


def test_the_order_is_changed_and_one_is_taken_out(lead, lamp, tall):
    short = make_item("Short one", sku="SHORT")
    set_substitutes(item=lamp, substitutes=[tall, short])
    assert post(lead, lamp, "forward/", item_id=short.pk).status_code == 200
    assert named(lamp) == ["SHORT", "TALL"]
    assert post(lead, lamp, "remove/", item_id=short.pk).status_code == 200
    assert named(lamp) == ["TALL"]
    for part in ("remove/", "forward/"):
        assert post(lead, lamp, part, item_id=short.pk).status_code == 409
        assert post(lead, lamp, part, item_id="x").status_code == 422
    assert named(lamp) == ["TALL"]


def test_the_same_form_twice_counts_once(lead, lamp, tall):
    for _time in range(2):
        assert post(lead, lamp, code="TALL", key="once").status_code == 200
    assert named(lamp) == ["TALL"]
    assert post(lead, lamp, code="TALL").status_code == 422


@pytest.mark.parametrize("fields", [{"code": ""}, {"code": "none such"}, {"item_id": "x"}, {"item_id": "9" * 30}])
def test_what_is_no_item_changes_nothing(lead, lamp, fields):
    assert post(lead, lamp, **fields).status_code == 422
    assert named(lamp) == []


def test_the_items_page_shows_both_directions(lead, lamp, tall):
    set_substitutes(item=lamp, substitutes=[tall])
    page = lead.get(f"/catalog/items/{lamp.pk}/").text
    assert "Change the substitutes" in page
    assert f'href="/catalog/items/{tall.pk}/"' in page
    page = lead.get(f"/catalog/items/{tall.pk}/").text
    assert "Add a substitute" in page
    assert "Stands in for" in page
    assert f'<a href="/catalog/items/{lamp.pk}/">Lamp</a>' in page
    assert "Stands in for" in lead.get(f"/catalog/items/{tall.pk}/substitutes/").text
    assert "TALL" in lead.get(f"/catalog/items/{lamp.pk}/history/").text


def test_many_that_it_stands_in_for_are_cut_short(lead, tall):
    for number in range(7):
        set_substitutes(item=make_item(f"Lamp {number}"), substitutes=[tall])
    page = lead.get(f"/catalog/items/{tall.pk}/").text
    assert "Lamp 4</a>, …" in page
    assert "Lamp 5" not in page
    page = lead.get(f"/catalog/items/{tall.pk}/substitutes/").text
    assert "Lamp 6" in page
    assert "And for others." not in page


def test_a_bundle_has_none(lead, lamp, tall):
    bundle = make_bundle((tall, 2), name="Pair")
    assert "Change the substitutes" not in lead.get(f"/catalog/items/{bundle.pk}/").text
    page = lead.get(f"/catalog/items/{bundle.pk}/substitutes/").text
    assert "A bundle has none" in page
    assert 'name="code"' not in page
    assert post(lead, bundle, code="LAMP").status_code == 409


def test_what_is_not_on_sale_says_so(lead, lamp):
    Item.objects.create(sku="NEW", name="New lamp", price=1, state="approved")
    answer = post(lead, lamp, code="NEW")
    assert answer.context["band"].detail == "It is offered once it is on sale."
    assert "Approved" in lead.get(f"/catalog/items/{lamp.pk}/substitutes/").text


def test_a_list_of_another_system_is_changed_there(lead, lamp, tall):
    set_substitutes(item=lamp, substitutes=[tall])
    FieldOwner.objects.create(field="substitutes", system="erp")
    page = lead.get(f"/catalog/items/{lamp.pk}/substitutes/").text
    assert "Kept by ERP: change it there." in page
    assert "Tall lantern" in page
    assert "Take out" not in page
    assert 'name="code"' not in page
    other = make_item(sku="OTHER")
    for part, item in (("", other), ("forward/", tall), ("remove/", tall)):
        answer = post(lead, lamp, part, item_id=item.pk)
        assert (answer.status_code, answer.context["band"].title) == (409, "Substitutes belongs to another system")
    assert named(lamp) == ["TALL"]
    # Of a draft nothing is sold yet.
    draft = Item.objects.create(sku="NEW", name="New lamp", price=1)
    assert post(lead, draft, code="TALL").status_code == 200


def test_a_full_list_says_so(lead, lamp):
    set_substitutes(item=lamp, substitutes=[make_item() for _number in range(10)])
    page = lead.get(f"/catalog/items/{lamp.pk}/substitutes/").text
    assert "An item has up to 10 substitutes." in page
    assert 'name="code"' not in page


def test_an_associate_does_not_see_it(store, lamp):
    client = signed_in_client(make_associate(store), store)
    assert client.get(f"/catalog/items/{lamp.pk}/substitutes/").status_code == 403
    for part in ("", "forward/", "remove/"):
        assert post(client, lamp, part, code="LAMP").status_code == 403


def test_nobody_s_item_is_not_found(lead):
    assert lead.get("/catalog/items/999999/substitutes/").status_code == 404
    assert lead.post("/catalog/items/999999/substitutes/remove/", {"key": "k"}).status_code == 404


def test_the_query_count_does_not_grow(lead, lamp, django_assert_num_queries):
    set_substitutes(item=lamp, substitutes=[make_item() for _number in range(9)])
    # The session, the item, its substitutes, what it stands in for, and whose list it is.
    with django_assert_num_queries(5):
        assert lead.get(f"/catalog/items/{lamp.pk}/substitutes/").text.count("Take out") == 9
