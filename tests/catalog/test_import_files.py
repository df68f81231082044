"""Files as the world writes them: encodings, delimiters, quotes, spreadsheets, and what is only pretending."""

import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.catalog.importing import files
from stores.catalog.importing.files import Unreadable, sheets_of, text_rows
from stores.catalog.importing.headings import Kind, recognise
from stores.catalog.importing.judging import Known, Said, judge_code
from stores.catalog.importing.lines import name_key, read_price
from stores.catalog.models import Item
from tests.catalog.importing import SALES, bring_in, counts, reasons, sales, workbook

LINE = ("71053", "CAFÉ LANTERN", "3.39")


def cells(content: bytes) -> list[list[str]]:
    return [list(row.cells) for row in text_rows(content)]


@pytest.mark.parametrize(
    "content",
    [
        sales(LINE).encode(),
        b"\xef\xbb\xbf" + sales(LINE).encode(),
        sales(LINE).encode("cp1252"),
        sales(LINE).encode("utf-16"),
        sales(LINE).replace("\n", "\r\n").encode(),
        sales(LINE).replace("\n", "\r").encode(),
        sales(LINE).replace(",", ";").encode(),
        sales(LINE).replace(",", "\t").encode(),
        sales(LINE).replace(",", "|").encode(),
        sales(LINE).replace("71053", '"71053"').encode(),
        ("\n\n" + sales(LINE).replace("\n", "\n\n \n,,,,,,,\n")).encode(),
        (sales(LINE) + SALES).encode(),
        sales(LINE).removesuffix("\n").encode(),
        sales(LINE).replace(",France", "").encode(),
        sales(LINE).replace("France", "France,,,").encode(),
        sales(LINE).replace("71053", " 71053.0 ").encode(),
        b"unit price;Stock Code;DESCRIPTION;Qty\n\xa33,39;71053;CAF\xc9 LANTERN;1\n",
        b"Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
        b"536365,71053,CAF\xc3\x89 LANTERN,6,2010-12-01,3.39,1,France\n",
    ],
)
@pytest.mark.django_db
def test_the_same_line_however_it_is_written(content):

    assert counts(bring_in(content)) == {"added": 1}
    item = Item.objects.get()
    assert (item.sku, item.name, item.price) == ("71053", "CAFÉ LANTERN", Decimal("3.39"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "bad",
    [
        "536365,71054,SHORT\n",
        "536365,71054,LONG,6,2010-12-01,3.39,1,France,Paris\n",
        "536365,71054,NU\0L,6,2010-12-01,3.39,1,France\n",
        "536365,71054,BE\x07LL,6,2010-12-01,3.39,1,France\n",
        '536365,71054,"NEVER CLOSED,6,2010-12-01,3.39,1,France\n',
        '536365,71054,"CLOSED" TOO EARLY,6,2010-12-01,3.39,1,France\n',
        "536365,71054," + "X" * 150_000 + ",6,2010-12-01,3.39,1,France\n",
        "," * 300 + "x\n",
    ],
)
def test_a_broken_line_waits_and_swallows_no_other(bad):
    good = sales(*((str(number), f"ITEM {number}", "1") for number in range(100, 120)))
    done = bring_in(sales(LINE) + bad + good.removeprefix(SALES))
    assert (counts(done), reasons(done)) == ({"added": 21, "refused": 1}, {"unreadable": 1})
    again = bring_in(sales(LINE) + bad + good.removeprefix(SALES))
    assert counts(again) == {"repeated": 21, "known_refused": 1}


def test_quotes_hold_delimiters_line_breaks_and_quotes():
    assert cells(b'a,b\n"x,y","two\nlines"\n"say ""hi""",5" PLATE\n') == [
        ["a", "b"],
        ["x,y", "two\nlines"],
        ['say "hi"', '5" PLATE'],
    ]


@given(st.lists(st.text(alphabet='ab,"\n \0', max_size=12), min_size=1, max_size=30))
def test_no_line_is_lost_whatever_the_quotes(texts):
    marked = [f"m{number},{text}" for number, text in enumerate(texts)]
    content = ("h,i\n" + "\n".join(marked)).encode()
    said = "\n".join(",".join(row.cells) for row in text_rows(content))
    assert all(f"m{number}" in said for number in range(len(texts)))


@pytest.mark.django_db
def test_a_workbook_as_spreadsheets_make_them():

    heading = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice"]
    when = datetime(2010, 12, 1, 8, 26, tzinfo=UTC).replace(tzinfo=None)
    book = workbook(
        [
            heading,
            [536365.0, 71053.0, "WHITE METAL LANTERN", 6, when, 3.39],
            [536365, "85123A", "HEART ", 6.0, when, 2.5500000000000003],
            [None] * 6,
            [536366, 22139, "#N/A", 1, when, 4.25],
            [536366, 22140, "=1+1", 1, when, 4.25],
            ["C536366", 71053, "WHITE METAL LANTERN", -1, when, 3.39],
        ],
        [[*reversed(heading)], [1.25, when, 1, "MUG", 37370, 1]],
        [["Notes of the month"], ["Nothing to say"]],
        [],
    )
    done = bring_in(book)
    # A formula that was never calculated has no value.
    assert counts(done) == {"added": 3, "repeated": 1, "refused": 4}
    assert reasons(done) == {"blank_name": 2, "unreadable": 2}
    assert set(Item.objects.values_list("sku", "name", "price")) == {
        ("71053", "WHITE METAL LANTERN", Decimal("3.39")),
        ("85123A", "HEART", Decimal("2.55")),
        ("37370", "MUG", Decimal("1.25")),
    }
    assert done.lines.get(reason="blank_name", number=3).file_line == 5


def test_a_workbook_that_unpacks_to_far_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(files, "UNPACKED_MAX", 100_000)
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 10_000_000)
    # What the archive says of itself may be a lie.
    content = packed.getvalue().replace((10_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    with pytest.raises(Unreadable, match="too_large"):
        list(sheets_of(content))


def test_a_workbook_that_packs_far_better_than_any_table_is_not_read():
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"<sst>" + b"<si><t>a</t></si>" * 400_000 + b"</sst>")
    assert len(packed.getvalue()) < 30_000
    with pytest.raises(Unreadable, match="too_large"):
        list(sheets_of(packed.getvalue()))


def test_a_workbook_is_no_bomb_of_entities_or_of_far_cells():
    book = workbook([["sku", "name"], ["1", "A"]])
    inside = zipfile.ZipFile(BytesIO(book))
    for old, new in (
        (b"<worksheet", b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet'),
        (b'r="B2"', b'r="XFD1048576"'),
    ):
        changed = BytesIO()
        with zipfile.ZipFile(changed, "w") as archive:
            for name in inside.namelist():
                content = inside.read(name)
                archive.writestr(name, content.replace(old, new, 1) if "sheet1" in name else content)
        try:
            rows = [row for sheet in sheets_of(changed.getvalue()) for row in sheet]
        except Unreadable:
            continue
        assert len(rows) < 10


def altered(book: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with one thing in its first sheet written otherwise."""
    inside, changed = zipfile.ZipFile(BytesIO(book)), BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        for name in inside.namelist():
            content = inside.read(name)
            archive.writestr(name, content.replace(old, new, 1) if "sheet1" in name else content)
    return changed.getvalue()


def test_a_row_that_says_it_is_further_down_than_any_spreadsheet_goes_holds_nobody_up():
    book = altered(workbook([["sku", "name"], ["1", "A"]]), b'<row r="2"', b'<row r="999999999999"')
    with pytest.raises(Unreadable, match="damaged"):
        list(next(sheets_of(book)))


def test_a_row_with_something_far_to_the_right_alone_is_not_lost():
    [heading, row] = [row for sheet in sheets_of(workbook([["sku"], [None] * 300 + ["1"]])) for row in sheet]
    assert (heading.line, row.line, row.problem) == (1, 2, "too_long")


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country", Kind.SALES),
        ("DESCRIPTION,unit_price,stock code", Kind.SALES),
        ("sku,name,price,quantity", Kind.SALES),
        ("sku,name,price,currency,gtin", Kind.ITEMS),
        ("SKU,Colour", Kind.ITEMS),
        ("sku", None),
        ("85123A,HEART,2.55", None),
        ("StockCode,Description", None),
    ],
)
def test_headings(heading, kind):
    layout = recognise(heading.split(","))
    assert (layout.kind if layout else None) == kind


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("2.55", "2.55"), ("2,55", "2.55"), ("£ 2.55", "2.55"), ("1,234.50", "1234.50"), ("1.234,50", "1234.50"),
        ("1,234", "1234.00"), ("12,5", "12.50"), ("0.001", "0.00"), ("2.5500000000000003", "2.55"), ("1e2", "100.00"),
        ("5.", "5.00"), (".5", "0.50"), ("-1", None), ("", None), ("three", None), ("1.2.3", None), ("NaN", None),
        ("99999999999", None), ("١", None),
    ],
)  # fmt: skip
def test_prices(text, price):
    assert read_price(text) == (Decimal(price) if price else None)


def test_names_that_are_one_name():
    assert name_key(" Red  woolly hottie WHITE HEART. ") == name_key("RED WOOLLY HOTTIE WHITE HEART")
    assert name_key("SET OF 6") != name_key("SET OF 8")


SAID = st.builds(
    Said,
    code=st.sampled_from(["1a", "1A"]),
    key=st.sampled_from(["X", "Y"]),
    name=st.just("n"),
    price=st.sampled_from([Decimal(0), Decimal(1), Decimal(2)]),
    lines=st.integers(1, 5),
    first=st.integers(1, 10_000),
)
SAID_ONCE = st.lists(
    SAID, min_size=1, max_size=8, unique_by=(lambda one: one.first, lambda one: (one.code, one.key, one.price))
)


@given(SAID_ONCE, st.randoms())
def test_a_code_is_judged_the_same_in_any_order_and_again_once_it_is_known(said, chance):
    verdict = judge_code("1A", said, None)
    shuffled = said.copy()
    chance.shuffle(shuffled)
    other = judge_code("1A", shuffled, None)
    assert other.new == verdict.new
    assert dict(zip(shuffled, other.reasons, strict=True)) == dict(zip(said, verdict.reasons, strict=True))
    if verdict.new is None:
        assert "" not in verdict.reasons
        return
    assert verdict.new.price > 0
    brought = next(one for one in said if one.first == verdict.new.line)
    known = Known(1, "n", brought.key, frozenset({"1A", verdict.new.code}))
    assert judge_code("1A", said, known).reasons == verdict.reasons
