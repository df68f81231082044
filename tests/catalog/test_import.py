"""Files of items on their way in: what is taken, what waits, and that the sums are exact."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Count

from stores.catalog.actions import read_import
from stores.catalog.actions.review_change import review_change
from stores.catalog.actions.start_import import Upload, start_import
from stores.catalog.import_errors import FileTooLarge, FileUnreadable, NoFiles, NoSystem, TooManyFiles
from stores.catalog.models import Alias, Barcode, ChangeRequest, FieldChange, ImportLine, Item, ItemImport, Style
from stores.journal import wakeups
from stores.journal.models import Event
from stores.staff.models import Role
from stores.sync.models import InboundMessage
from tests.catalog.importing import SALES, bring_in, counts, reasons, retail_files, sales, workbook
from tests.factories import make_associate, make_gtin, make_item, make_store

pytestmark = pytest.mark.django_db

LANTERN = ("71053", "WHITE METAL LANTERN", "3.39")
GOOD = Upload("good.csv", sales(("71053", "WHITE METAL LANTERN", "3.39")).encode())
WHOLE_SAMPLE = {"no_goods": 74, "duplicate_code": 84, "blank_name": 61, "conflicting_name": 33, "no_price": 4}


@pytest.fixture(autouse=True)
def woken(monkeypatch) -> list[tuple[str, tuple[object, ...]]]:
    sent: list[tuple[str, tuple[object, ...]]] = []
    monkeypatch.setattr(wakeups, "_send", lambda task, args: sent.append((task, args)))
    monkeypatch.setattr(wakeups, "_publish", lambda store_id, kind: None)
    return sent


def test_the_whole_retail_sample_adds_up_and_changes_nothing_the_second_time():
    first = bring_in(*retail_files())

    assert (first.state, first.lines_total) == ("done", 16_985)
    assert counts(first) == {"added": 2_269, "repeated": 14_460, "refused": 256}
    assert reasons(first) == WHOLE_SAMPLE
    # Lines that only repeat what is known are counted and not kept.
    assert first.lines.count() == 2_269 + 256
    assert Item.objects.filter(state="draft").count() == 2_269
    waiting = InboundMessage.objects.filter(connector="items", state="failed", source="pos")
    assert dict(waiting.values_list("reason").annotate(count=Count("pk"))) == WHOLE_SAMPLE
    heart = Item.objects.get(sku="85123A")
    assert (heart.name, heart.price) == ("WHITE HANGING HEART T-LIGHT HOLDER", Decimal("2.95"))
    assert Event.objects.filter(kind="catalog.item_added").count() == 2_269

    items = set(Item.objects.values_list("pk", "sku", "name", "price", "state"))
    second = bring_in(*reversed(retail_files()))

    assert counts(second) == {"repeated": 16_729, "known_refused": 256}
    assert reasons(second) == WHOLE_SAMPLE
    assert set(Item.objects.values_list("pk", "sku", "name", "price", "state")) == items
    assert InboundMessage.objects.count() == 256
    assert set(InboundMessage.objects.values_list("repeats", flat=True)) == {1}
    assert not FieldChange.objects.exists()


def test_every_line_becomes_one_thing():
    done = bring_in(
        sales(
            LANTERN,
            LANTERN,
            ("71053", "white metal  lantern.", "3.95"),
            ("71053", "LANTERN OF METAL", "3.39"),
            ("71053", "WHITE METAL LANTERN", "0"),
            ("71053", "", "3.39"),
            ("71053", "?", "0"),
            ("71053", "WHITE METAL LANTERN", "three"),
            ("71053", "WHITE METAL LANTERN", "-3"),
            ("POST", "POSTAGE", "18"),
            ("C2", "", "50"),
            ("BANK CHARGES", "Bank Charges", "15"),
            ("22139", "RETROSPOT TEA SET", "0.0"),
            ("", "NOTHING", "1"),
            ("9" * 41, "TOO LONG", "1"),
        )
    )
    assert counts(done) == {"added": 1, "repeated": 3, "refused": 11}
    assert reasons(done) == {"conflicting_name": 1, "blank_name": 2, "invalid": 4, "no_goods": 3, "no_price": 1}
    assert Item.objects.get().price == Decimal("3.39")


def test_a_code_in_another_case_asks_whether_it_is_the_same_thing():
    done = bring_in(sales(("85123a", "HEART", "2.55"), ("85123A", "HEART", "2.55"), ("84029g", "BOTTLE", "3.39")))
    assert counts(done) == {"added": 2, "refused": 1}
    assert reasons(done) == {"duplicate_code": 1}
    assert set(Item.objects.values_list("sku", flat=True)) == {"85123A", "84029G"}
    # The one way in which a source spells a code is its way.
    assert list(Alias.objects.values_list("source", "code")) == [("pos", "84029g")]
    again = bring_in(sales(("85123a", "HEART", "2.55"), ("85123A", "HEART", "2.55"), ("84029g", "BOTTLE", "3.39")))
    assert counts(again) == {"repeated": 2, "known_refused": 1}


def test_the_most_frequent_name_and_price_win_and_of_two_the_first():
    bring_in(
        sales(("1", "FIRST", "1"), ("1", "SECOND", "2"), ("2", "RARE", "1"), ("2", "OFTEN", "2"), ("2", "OFTEN", "2"))
    )
    assert set(Item.objects.values_list("sku", "name", "price")) == {
        ("1", "FIRST", Decimal("1.00")),
        ("2", "OFTEN", Decimal("2.00")),
    }


def test_what_the_master_knows_is_repeated_and_its_name_stands():
    make_item("Lantern", sku="71053")
    done = bring_in(sales(("71053", "LANTERN", "9.99"), ("71053", "LAMP", "9.99")))
    assert counts(done) == {"repeated": 1, "refused": 1}
    assert Item.objects.get().price == Decimal("2.55")
    facts = InboundMessage.objects.get().facts
    assert (facts["name"], facts["ours"], facts["line"]) == ("LAMP", "Lantern", 3)


def test_an_alias_of_the_source_says_which_item_is_meant():
    item = make_item("Lantern", sku="OURS")
    Alias.objects.create(source="pos", code="T-9", folded="T-9", item=item)
    assert counts(bring_in(sales(("t-9", "LANTERN", "1")))) == {"repeated": 1}
    assert counts(bring_in(sales(("t-9", "LANTERN", "1")), system="shop")) == {"added": 1}


def test_lines_that_are_twice_the_same_wait_twice_and_are_known_again():
    text = sales(("POST", "POSTAGE", "18"), ("POST", "POSTAGE", "18"))
    assert counts(bring_in(text)) == {"refused": 2}
    assert counts(bring_in(text)) == {"known_refused": 2}
    assert counts(bring_in(text, text)) == {"known_refused": 2, "refused": 2}
    assert InboundMessage.objects.count() == 4


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("blank.csv", b"\n \n,,,\n"),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100),
        ("headless.csv", b"85123A,HEART,2.55\n71053,LANTERN,3.39\n"),
        ("broken.xlsx", b"PK\x03\x04 and then nothing that was ever zipped"),
        ("none.xlsx", workbook([["something", "else"], [1, 2]])),
        ("crumbs.csv", b"sku,name\n" + b"a\n" * 1_600_000),
        ("crumbs of old.csv", b"sku,name\r" + b"a\r" * 1_600_000),
    ],
)
def test_a_file_nobody_can_read_is_refused_at_once(name, content):
    with pytest.raises(FileUnreadable) as refusal:
        start_import(
            files=[Upload("good.csv", sales(LANTERN).encode()), Upload(name, content)], system="pos", associate=None
        )
    assert refusal.value.facts["name"] == name
    assert not ItemImport.objects.exists()


def test_limits(monkeypatch):
    for files, system, refusal in (
        ([], "pos", NoFiles),
        ([GOOD] * 21, "pos", TooManyFiles),
        ([GOOD], "somebody", NoSystem),
        ([Upload("large.csv", b"x" * (20 * 1024 * 1024 + 1))], "pos", FileTooLarge),
        ([Upload("large.csv", b"x" * (20 * 1024 * 1024))] * 4, "pos", FileTooLarge),
    ):
        with pytest.raises(refusal):
            start_import(files=files, system=system, associate=None)
    assert not ItemImport.objects.exists()
    monkeypatch.setattr(read_import, "LINES_MAX", 3)
    stopped = bring_in(sales(*[LANTERN] * 4))
    assert (stopped.state, stopped.last_error) == ("failed", "too_many")
    assert not Item.objects.exists()


ITEM_LIST = "sku,name,price,currency,weight_g,gtin,pack_gtins\n"


def test_an_item_list_adds_changes_and_repeats():
    known, other = make_item("Lantern", sku="71053"), make_item("Heart", sku="85123A")
    new, case = make_gtin(900), make_gtin(901)
    lead = make_associate(make_store())
    done = bring_in(
        ITEM_LIST
        + f"71053,Lantern,2.55,GBP,250,{known.barcodes.get().gtin},{case}=12\n"
        + f"85123A,Heart,2.55,GBP,,{other.barcodes.get().gtin},\n"
        + f"22139,Tea set,4.95,GBP,800,{new},\n"
        + f"22139,Tea set,4.95,GBP,800,{new},\n"
        + "22139,Tea pot,4.95,GBP,800,,\n"
        + f"37370,Mug,1.25,GBP,,{known.barcodes.get().gtin},\n"
        + "37371,,1.25,GBP,,,\n"
        + "37372,Cup,,GBP,,,\n"
        + "37373,Jug,free,GBP,,,\n"
        + "37374,Jar,1,GBP,,123,\n",
        system="erp",
        associate=lead,
    )
    assert counts(done) == {"added": 1, "changed": 1, "repeated": 2, "refused": 6}
    assert reasons(done) == {"duplicate_code": 1, "duplicate_gtin": 1, "blank_name": 1, "no_price": 1, "invalid": 2}
    known.refresh_from_db()
    assert known.weight_g == 250
    assert Barcode.objects.get(gtin=case).pack_quantity == 12
    tea = Item.objects.get(sku="22139")
    assert (tea.weight_g, tea.state, tea.barcodes.get().gtin) == (800, "draft", new)


def test_a_field_of_another_system_waits_and_waits_only_once():
    make_item("Lantern", sku="71053")
    text = "sku,name,price\n71053,Lantern,9.99\n"
    assert counts(bring_in(text, system="erp")) == {"refused": 1}
    assert counts(bring_in(text, system="erp")) == {"known_refused": 1}
    assert InboundMessage.objects.get().reason == "not_owner"
    assert Item.objects.get().price == Decimal("2.55")


def test_storehands_own_list_asks_for_a_change_of_what_is_on_sale():
    make_item("Lantern", sku="71053")
    lead = make_associate(make_store())
    text = "sku,name\n71053,Big lantern\n"
    assert counts(bring_in(text, system="storehand", associate=lead)) == {"changed": 1}
    assert ChangeRequest.objects.get().changes == {"name": {"was": "Lantern", "wanted": "Big lantern"}}
    assert counts(bring_in(text, system="storehand", associate=lead)) == {"repeated": 1}
    assert Item.objects.get().name == "Lantern"


def test_what_a_leads_file_changes_on_sale_waits_for_a_manager_whosever_word_it_is():
    item = make_item("Lantern", sku="71053")
    store = make_store()
    lead, manager = make_associate(store, role=Role.LEAD), make_associate(store, role=Role.MANAGER)
    text = "sku,price,weight_g\n71053,0.01,5\n71054,1.00,5\n"
    # The tills own the price, and the ERP the weight: that one waits in the exception queue as ever.
    assert counts(bring_in(text, associate=lead, needs_review=True)) == {"refused": 2}
    request = ChangeRequest.objects.get()
    assert (request.changes, request.system) == ({"price": {"was": "2.55", "wanted": "0.01"}}, "pos")
    assert Item.objects.get(pk=item.pk).price == Decimal("2.55")
    with transaction.atomic():
        review_change(request=request, approve=True, associate=manager)
    assert Item.objects.get(pk=item.pk).price == Decimal("0.01")
    change = FieldChange.objects.get(item=item, field="price")
    assert (change.system, change.associate_id, change.request_id) == ("pos", lead.pk, request.pk)


def test_a_managers_file_is_its_systems_word():
    item = make_item("Lantern", sku="71053")
    manager = make_associate(make_store(), role=Role.MANAGER)
    assert counts(bring_in("sku,price\n71053,3.00\n", associate=manager)) == {"changed": 1}
    assert (Item.objects.get(pk=item.pk).price, ChangeRequest.objects.exists()) == (Decimal("3.00"), False)


def test_a_variant_that_a_style_has_already_is_refused():
    from_list = "sku,name,price,style,size\nA-1,Shirt,10,SHIRT,M\nA-2,Shirt again,10,SHIRT,M\nA-3,Shirt,10,SHIRT,L\n"

    Style.objects.create(code="SHIRT", name="Shirt")
    done = bring_in(from_list)
    assert counts(done) == {"added": 2, "refused": 1}
    assert reasons(done) == {"invalid": 1}


def test_lines_keep_no_customer():
    bring_in(SALES + "536365,POST,POSTAGE,1,2010-12-01,18,17850.0,France\n")
    assert "17850" not in str(ImportLine.objects.get().values)
    assert "17850" not in InboundMessage.objects.get().body
