"""The history of an item: every field, whoever changed it, on whichever road."""

import pytest
from django.db import IntegrityError, connection, transaction

from stores.catalog.actions.lifecycle import retire_item
from stores.catalog.actions.request_change import request_change
from stores.catalog.actions.review_change import review_change
from stores.catalog.actions.write_fields import write_fields
from stores.catalog.models import FieldChange, Item, System
from stores.catalog.queries.history import SHOWN_MAX, item_history
from stores.staff.models import Role
from tests.factories import change_items, make_associate, make_item, make_store
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def rosa(store):
    return make_associate(store, role=Role.LEAD, name="Rosa")


@pytest.fixture
def gareth(store):
    return make_associate(store, role=Role.MANAGER, name="Gareth")


@pytest.fixture
def item():
    return make_item("White lantern", sku="LANTERN")


def told(item, page=1):
    """Each write: reason, who, who approved, and its fields."""
    _page, moments = item_history(item, page)
    return [
        (
            moment.change.reason,
            moment.who,
            moment.approved_by,
            [(one.label, one.was, one.became) for one in moment.fields],
        )
        for moment in moments
    ]


def test_every_road_is_in_it_newest_first(item, rosa, gareth):
    request = request_change(
        item=item, changes={"name": "Cream lantern", "is_fragile": "1"}, reason="Box", associate=rosa
    )
    review_change(request=request, approve=True, associate=gareth)
    write_fields(
        item=item, values={"price": "3"}, system=System.POS, source="till", external_id="x", reason="Prices", body="{}"
    )
    retire_item(item=Item.objects.get(pk=item.pk), associate=gareth, reason="Sold out")
    assert told(item) == [
        ("Sold out", "Gareth", "", [("State", "Active", "Retired")]),
        ("Prices", "Tills (POS)", "", [("Price", "2.55", "3.00")]),
        ("Box", "Rosa", "Gareth", [("Fragile", "no", "yes"), ("Name", "White lantern", "Cream lantern")]),
    ]


def test_a_bulk_write_is_in_it_too_and_none_goes_around_it(item):
    change_items(Item.objects.filter(pk=item.pk), size="L")
    assert told(item) == [("A test wants it so.", "Storehand", "", [("Size", "", "L")])]
    with pytest.raises(IntegrityError, match="only with a reason"), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(size="M")
    with pytest.raises(IntegrityError), transaction.atomic():
        FieldChange.objects.update(reason="Nobody saw it")
    with pytest.raises(IntegrityError), transaction.atomic():
        FieldChange.objects.all().delete()


def test_what_is_no_column_is_in_it_too(item, rosa, store):
    for field in ("components", "no_column_any_more"):
        FieldChange.objects.create(item=item, field=field, was=None, became="2 × LAMP", system="storehand", reason="So")
    assert [label for _reason, _who, _by, fields in told(item) for label, _was, _became in fields] == [
        "Components", "No_column_any_more",
    ]  # fmt: skip
    assert signed_in_client(rosa, store).get(f"/catalog/items/{item.pk}/history/").status_code == 200


def test_the_page_says_who_why_and_when(item, rosa, gareth, store):
    request = request_change(item=item, changes={"color": "<Cream>"}, reason="The box says so", associate=rosa)
    client = signed_in_client(rosa, store)
    assert "Wait for review" in client.get(f"/catalog/items/{item.pk}/history/").content.decode()
    review_change(request=request, approve=True, associate=gareth)
    page = client.get(f"/catalog/items/{item.pk}/history/").content.decode()
    for words in ("The box says so", "Rosa", "approved by Gareth", f"/catalog/requests/{request.pk}/", "&lt;Cream&gt;"):
        assert words in page
    assert "<Cream>" not in page
    assert "Wait for review" not in page


def test_a_page_costs_the_same_however_long_the_history(item, rosa, store, django_assert_num_queries):
    client = signed_in_client(rosa, store)
    change_items(Item.objects.filter(pk=item.pk), size="L")
    for _round in range(2):
        with django_assert_num_queries(5):
            answer = client.get(f"/catalog/items/{item.pk}/history/")
        assert answer.status_code == 200
        for number in range(SHOWN_MAX):
            change_items(Item.objects.filter(pk=item.pk), size=str(number))
    page, moments = item_history(item, 2)
    assert (page.paginator.num_pages, page.paginator.count) == (3, 2 * SHOWN_MAX + 1)
    assert "?page=3" in client.get(f"/catalog/items/{item.pk}/history/?page=2").content.decode()
    for beyond in ("99", "0", "x", "-1", "9" * 30):
        assert client.get(f"/catalog/items/{item.pk}/history/", {"page": beyond}).status_code == 200
    assert len(moments) <= SHOWN_MAX


def test_an_item_without_a_history_says_so(item, rosa, store):
    client = signed_in_client(rosa, store)
    assert "Nothing has changed yet" in client.get(f"/catalog/items/{item.pk}/history/").content.decode()
    assert client.get("/catalog/items/999999/history/").status_code == 404


def test_the_history_is_found_by_its_index(item):
    with connection.cursor() as cursor:
        # Enough of other items that walking through all of it would cost more.
        cursor.execute(
            "INSERT INTO catalog_fieldchange (item_id, field, was, became, system, reason)"
            " SELECT n, 'size', 'S', 'L', 'storehand', 'More of it' FROM generate_series(100000, 105000) n"
        )
        cursor.execute("ANALYZE catalog_fieldchange")
        cursor.execute(f"EXPLAIN {FieldChange.objects.filter(item=item).order_by('-pk')[:50].query}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "fieldchange_item" in plan
    assert "Sort" not in plan
