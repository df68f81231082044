"""What a picker must know of an item, or is asked for, on every road that an attribute goes."""

import json
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from stores.catalog.actions.add_item import add_item
from stores.catalog.actions.review_change import review_change
from stores.catalog.models import ChangeRequest, FieldChange, FieldOwner, Item, ItemImport
from stores.journal import wakeups
from stores.staff.models import Role
from stores.sync.actions.make_api_key import make_api_key
from stores.sync.models import ApiKey
from tests.catalog.importing import bring_in, counts
from tests.factories import change_items, make_associate, make_item, make_store
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db

# By flag: its label, what the stock look-up calls it, and a heading under which somebody else's file has it.
FLAGS = {
    "is_weighed": ("sold by weight", "Sold by weight", "By weight"),
    "is_lot_tracked": ("lot number needed", "Lot numbers", "Batch tracked"),
    "is_expiry_tracked": ("expiry date needed", "Expires", "Perishable"),
    "is_cold": ("kept cold", "Keep cold", "Refrigerated"),
}
ITEMS = "/catalog/items/"
every_flag = pytest.mark.parametrize("flag", FLAGS)


@pytest.fixture(autouse=True)
def silent(monkeypatch):
    monkeypatch.setattr(wakeups, "_send", lambda task, args: None)


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def lead(store) -> Client:
    return signed_in_client(make_associate(store, role=Role.LEAD), store)


@pytest.fixture
def item() -> Item:
    return make_item("Cheddar", sku="CHEDDAR")


def flags_of(sku: str) -> set[str]:
    item = Item.objects.get(sku=sku)
    return {flag for flag in FLAGS if getattr(item, flag)}


def flagged(item: Item, flag: str) -> None:
    change_items(Item.objects.filter(pk=item.pk), **{flag: True})


@every_flag
def test_a_draft_is_added_with_it_by_action_and_by_form(lead, flag):
    add_item(sku="BRIE", name="Brie", price=Decimal(3), **{flag: True})
    assert flags_of("BRIE") == {flag}
    form = {"sku": "stilton", "name": "Stilton", "price": "4", "currency": "GBP", "pack_count": "1", flag: "true"}
    assert lead.post(f"{ITEMS}add/", {**form, "key": str(uuid4())}).status_code == 303
    assert flags_of("STILTON") == {flag}
    stilton = Item.objects.get(sku="STILTON")
    lead.post(f"{ITEMS}{stilton.pk}/edit/", {"key": str(uuid4()), "name": "Stilton"})
    assert flags_of("STILTON") == set()


@every_flag
def test_the_list_is_narrowed_by_it_and_pages_show_it(lead, item, flag):
    make_item("Lantern", sku="LANTERN")
    flagged(item, flag)
    label, looked_up, _heading = FLAGS[flag]
    page = lead.get(f"{ITEMS}?flag={flag}")
    assert [line.item.sku for line in page.context["page"].lines] == ["CHEDDAR"]
    assert label.capitalize() in page.text
    assert f'<span class="chip look">{label.capitalize()}</span>' in lead.get(f"{ITEMS}{item.pk}/").text
    assert looked_up in lead.get(f"/items/{item.pk}/").text
    change_items(Item.objects.filter(pk=item.pk), **{flag: False})
    assert looked_up not in lead.get(f"/items/{item.pk}/").text


@every_flag
def test_what_is_approved_gets_it_by_request_and_the_history_tells(store, lead, item, flag):
    form = {"key": str(uuid4()), "name": "Cheddar", "price": "2.55", "currency": "GBP", "category": "HOME"}
    lead.post(f"{ITEMS}{item.pk}/edit/", {**form, "pack_count": "1", flag: "true", "reason": "The new counter"})
    request = ChangeRequest.objects.get()
    assert request.changes == {flag: {"was": "false", "wanted": "true"}}
    with transaction.atomic():
        review_change(request=request, approve=True, associate=make_associate(store, role=Role.MANAGER, name="Gareth"))
    assert flags_of("CHEDDAR") == {flag}
    change = FieldChange.objects.get()
    assert (change.field, change.was, change.became, change.reason) == (flag, "false", "true", "The new counter")
    assert FLAGS[flag][0].capitalize() in lead.get(f"{ITEMS}{item.pk}/history/").text


@every_flag
def test_it_has_an_owner_that_a_manager_can_change(store, flag):
    manager = signed_in_client(make_associate(store, role=Role.MANAGER), store)
    assert FieldOwner.objects.get(field=flag).system == "storehand"
    answer = manager.post(
        f"/catalog/owners/{flag}/", {"key": str(uuid4()), "system": "erp", "reason": "The ERP knows the goods"}
    )
    assert answer.status_code == 200
    assert FieldOwner.objects.get(field=flag).system == "erp"


@every_flag
@pytest.mark.parametrize("head", ["name", "label", "words"])
def test_a_file_brings_it_under_the_words_people_use(flag, head):
    label, _looked_up, words = FLAGS[flag]
    heading = {"name": flag, "label": label.title(), "words": words}[head]
    done = bring_in(f"SKU,Name,Price,{heading}\nBRIE,Brie,3.00,yes\nLAMP,Lamp,2.00,no\n", system="storehand")
    assert counts(done) == {"added": 2}
    assert (flags_of("BRIE"), flags_of("LAMP")) == ({flag}, set())


def test_a_column_of_dates_or_numbers_is_no_flag():
    done = bring_in("SKU,Name,Price,Expiry date,Lot number,Serial number\nBRIE,Brie,3.00,2027-01-31,L4,77\n")
    assert counts(done) == {"added": 1}
    assert ItemImport.objects.get().refused == 0
    assert flags_of("BRIE") == set()


@every_flag
def test_the_system_that_owns_it_says_it_by_api(item, flag):
    FieldOwner.objects.filter(field=flag).update(system="erp")
    token = make_api_key(
        name="erp", source="erp", verbs=[ApiKey.Verb.ITEMS_READ, ApiKey.Verb.ITEMS_WRITE], system="erp"
    )
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "one"}
    answer = Client().patch(
        "/api/v1/items/CHEDDAR", json.dumps({flag: True}), content_type="application/json", headers=headers
    )
    assert (answer.status_code, answer.json()["outcomes"][0]["outcome"]) == (200, "changed")
    assert answer.json()["item"][flag] is True
    assert flags_of("CHEDDAR") == {flag}
