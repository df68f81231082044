"""The item master as a file: safe to open, and taken back without a change."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.reader.excel import load_workbook

from stores.catalog.exporting import COLUMNS
from stores.catalog.importing.cells import quoted, shown
from stores.catalog.models import Barcode, ChangeRequest, FieldChange, Item, Style
from stores.journal import wakeups
from stores.staff.models import Role
from stores.sync.models import InboundMessage
from tests.catalog.importing import bring_in, counts
from tests.factories import change_items, make_associate, make_gtin, make_item, make_store
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "''-x"]


@pytest.fixture(autouse=True)
def silent(monkeypatch) -> None:
    monkeypatch.setattr(wakeups, "_send", lambda task, args: None)


@pytest.fixture
def browser():
    store = make_store()
    return signed_in_client(make_associate(store, role=Role.LEAD), store)


def download(browser, kind: str, query: str = "") -> bytes:
    answer = browser.get(f"/catalog/export/items.{kind}{query}")
    assert answer.status_code == 200
    assert f'.{kind}"' in answer.headers["Content-Disposition"]
    return b"".join(answer.streaming_content)


def rich_item() -> Item:
    item = make_item("Lantern", sku="71053", case_gtin=make_gtin(7001))
    Barcode.objects.create(item=item, gtin=make_gtin(7002))
    style = Style.objects.create(code="LIGHT", name="Light")
    change_items(
        Item.objects.filter(pk=item.pk), style=style, size="M", color="Ochre, pale", pack_count=6, abc_class="A",
        length_mm=10, width_mm=20, height_mm=30, weight_g=250, is_fragile=True, is_cold=True, is_weighed=True,
        price=Decimal("1234.50"),
    )  # fmt: skip
    return item


def test_the_csv_is_the_item_list(browser):
    rich_item()
    text = download(browser, "csv").decode("utf-8-sig")
    heading, line = csv.reader(StringIO(text))
    assert tuple(heading) == COLUMNS
    said = dict(zip(heading, line, strict=True))
    assert said["pack_gtins"] == f"{make_gtin(7001)}=12"
    assert len(said["gtin"].split()) == 2
    wanted = {
        "sku": "71053", "name": "Lantern", "price": "1234.50", "category": "HOME", "style": "LIGHT",
        "color": "Ochre, pale", "weight_g": "250", "is_fragile": "true", "is_hazardous": "false", "state": "active",
        "is_cold": "true", "is_weighed": "true", "is_lot_tracked": "false", "is_expiry_tracked": "false",
    }  # fmt: skip
    assert {name: said[name] for name in wanted} == wanted


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("system", ["storehand", "pos", "erp", "shop"])
def test_what_went_out_comes_back_without_a_change(browser, kind, system):
    rich_item()
    for number, name in enumerate([*FORMULAS, "É à la 北京", 'say "hi"', "_x0041_"]):
        make_item(name, sku=f"{name[:3]}{number}".upper())
    lead = make_associate(make_store())

    done = bring_in(download(browser, kind), system=system, associate=lead)

    assert counts(done) == {"repeated": 10}
    assert not ChangeRequest.objects.exists()
    assert not InboundMessage.objects.exists()
    assert set(FieldChange.objects.values_list("reason", flat=True)) == {"A test wants it so."}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_it_comes_back_into_an_empty_master(browser, kind):
    rich_item()
    content = download(browser, kind)
    was = Item.objects.values().get()
    Item.objects.all().delete()
    assert counts(bring_in(content)) == {"added": 1}
    new = Item.objects.values().get()
    assert {**new, "id": 0} == {**was, "id": 0, "state": "draft"}
    assert Barcode.objects.count() == 3


def test_no_cell_is_run_by_a_spreadsheet(browser):
    for number, name in enumerate(FORMULAS):
        make_item(name, sku=f"N{number}")
    text = download(browser, "csv").decode("utf-8-sig")
    assert all(cell[:1] not in ("=", "+", "-", "@") for row in csv.reader(StringIO(text)) for cell in row)
    book = load_workbook(BytesIO(download(browser, "xlsx")))
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


@given(st.text(max_size=20))
def test_quoting_can_always_be_taken_back(text):
    assert shown(quoted(text)) == text
    assert quoted(text)[:1] not in ("=", "+", "-", "@", "\t", "\r")


NAME = st.text(st.characters(blacklist_categories=("C", "Z")) | st.sampled_from(" =+-@';\",|"), min_size=1, max_size=30)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=NAME.map(lambda text: " ".join(text.split()) + "x"), kind=st.sampled_from(["csv", "xlsx"]))
def test_any_name_goes_out_and_comes_back(browser, name, kind):
    item = Item.objects.filter(sku="ANY").first() or make_item(sku="ANY")
    change_items(Item.objects.filter(pk=item.pk), name=name)
    assert counts(bring_in(download(browser, kind), system="storehand", associate=make_associate(make_store()))) == {
        "repeated": 1
    }


def test_only_what_the_filter_shows_goes_out(browser):
    make_item("Lantern", sku="71053")
    make_item("Heart", sku="85123A")
    lines = download(browser, "csv", "?q=heart").decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["sku", "85123A"]
    page = browser.get("/catalog/export/?q=heart").content.decode()
    assert "1 item" in page
    assert "items.csv?q=heart" in page


def test_the_export_needs_as_many_queries_for_many_as_for_one(browser, django_assert_num_queries):
    for number in range(5):
        make_item(sku=f"Q{number}")
    # The session, a page of items, their barcodes, and the page behind the last.
    with django_assert_num_queries(4):
        download(browser, "csv")
