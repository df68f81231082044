"""What a scanner types and what it means. The table is the sample of real input in tests/data/barcodes.csv."""

import csv
import time
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from biip.checksums import gs1_standard_check_digit
from hypothesis import example, given
from hypothesis import strategies as st

from stores.catalog.barcodes import (
    BrokenMessage,
    Code,
    CodeHasControls,
    CodeHasStrangeSigns,
    CodeTooLong,
    NoItemLink,
    NothingScanned,
    UnreadableCode,
    WrongCheckDigit,
    has_valid_check_digit,
    read_code,
)

SAMPLE = Path(__file__).parent.parent / "data" / "barcodes.csv"
ITEM = "09521234543213"

MEANINGS: dict[str, Code | type[UnreadableCode]] = {
    "9521234543213": Code("9521234543213", gtins=(ITEM,)),
    "09521234543213": Code("09521234543213", gtins=(ITEM,)),
    "19521234543210": Code("19521234543210", gtins=("19521234543210",)),
    "952123454324": Code("952123454324", gtins=("00952123454324",)),
    "01234565": Code("01234565", gtins=("00000001234565", "00012345000065")),
    "]C1010952123454321310ABC123": Code("010952123454321310ABC123", gtins=(ITEM,), lot="ABC123"),
    "010952123454321317270131": Code("010952123454321317270131", gtins=(ITEM,), expiry=date(2027, 1, 31)),
    "https://id.gs1.org/01/09521234543213/10/ABC123": Code(
        "https://id.gs1.org/01/09521234543213/10/ABC123", gtins=(ITEM,), lot="ABC123"
    ),
    "]C100009520123456789120": Code("00009520123456789120", sscc="009520123456789120"),
    "9521234543214": WrongCheckDigit,
    "A-03-2": Code("A-03-2"),
    "TOTE-0007": Code("TOTE-0007"),
    "B:4711": Code("B:4711", badge="4711"),
}


def sample_rows() -> list[dict[str, str]]:
    with SAMPLE.open(newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("row", sample_rows(), ids=lambda row: row["typed_by_scanner"])
def test_every_row_of_the_sample(row: dict[str, str]) -> None:
    typed = row["typed_by_scanner"]
    meaning = MEANINGS[typed]
    if isinstance(meaning, Code):
        assert read_code(typed) == meaning
        assert not row["means"].startswith("refused")
    else:
        assert row["means"] == "refused: wrong check digit"
        with pytest.raises(meaning) as refused:
            read_code(typed)
        assert refused.value.headline == f"Wrong check digit: {typed}"
        assert refused.value.status == 422


@pytest.mark.parametrize(
    ("typed", "meaning"),
    [
        (" 9521234543213\r\n", Code("9521234543213", gtins=(ITEM,))),
        ("tote-0007\t", Code("TOTE-0007")),
        ("b:4711", Code("B:4711", badge="4711")),
        ("]E09521234543213", Code("9521234543213", gtins=(ITEM,))),
        ("]E3952123454321312", Code("9521234543213", gtins=(ITEM,))),
        # The scanner itself says that this was an EAN-8, so there is nothing to decide.
        ("]E401234565", Code("01234565", gtins=("00000001234565",))),
        ("]I119521234543210", Code("19521234543210", gtins=("19521234543210",))),
        ("]C0A-03-2", Code("A-03-2")),
        ("]d20109521234543213", Code("0109521234543213", gtins=(ITEM,))),
        ("]Q1https://shop.example/01/9521234543213", Code("https://shop.example/01/9521234543213", gtins=(ITEM,))),
        ("172701310109521234543213", Code("172701310109521234543213", gtins=(ITEM,), expiry=date(2027, 1, 31))),
        ("10ABC\x1d0109521234543213", Code("10ABC 0109521234543213", gtins=(ITEM,), lot="ABC")),
        ("\x1d0109521234543213\x1d", Code("0109521234543213", gtins=(ITEM,))),
        ("(01)09521234543213(10)ABC", Code("(01)09521234543213(10)ABC", gtins=(ITEM,), lot="ABC")),
        # A day that does not exist must not hide the item.
        ("010952123454321317270231", Code("010952123454321317270231", gtins=(ITEM,))),
        # No day means the last of the month.
        ("010952123454321317270200", Code("010952123454321317270200", gtins=(ITEM,), expiry=date(2027, 2, 28))),
        ("0109521234543213211234ABC", Code("0109521234543213211234ABC", gtins=(ITEM,), serial="1234ABC")),
        (
            "010952123454321321A-7/x\x1d10L4",
            Code("010952123454321321A-7/x 10L4", gtins=(ITEM,), serial="A-7/x", lot="L4"),
        ),
        (
            "0109521234543213310300123415270131",
            Code("0109521234543213310300123415270131", gtins=(ITEM,), weight_g=1234, best_before=date(2027, 1, 31)),
        ),
        ("(01)09521234543213(3201)000110", Code("(01)09521234543213(3201)000110", gtins=(ITEM,), weight_g=4990)),
        # In kilograms and in pounds: the kilograms need no reckoning.
        (
            "010952123454321331020001233201000271",
            Code("010952123454321331020001233201000271", gtins=(ITEM,), weight_g=1230),
        ),
        # Nothing lay on the scale.
        ("01095212345432133103000000", Code("01095212345432133103000000", gtins=(ITEM,))),
        (
            "https://id.gs1.org/01/09521234543213/21/12?3103=000250&15=270131",
            Code(
                "https://id.gs1.org/01/09521234543213/21/12?3103=000250&15=270131",
                gtins=(ITEM,),
                serial="12",
                weight_g=250,
                best_before=date(2027, 1, 31),
            ),
        ),
        ("009520123456789120", Code("009520123456789120", sscc="009520123456789120")),
        ("85123a", Code("85123A")),
        ("#1001", Code("#1001")),
    ],
)
def test_other_forms_that_scanners_and_people_type(typed: str, meaning: Code) -> None:
    assert read_code(typed) == meaning


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", NothingScanned),
        (" \t\r\n", NothingScanned),
        ("9" * 201, CodeTooLong),
        ("A-03-2\x00", CodeHasControls),
        ("A-03\n-2", CodeHasControls),
        ("A-03-2\x1b[2J", CodeHasControls),
        ("\u202eA-03-2", CodeHasStrangeSigns),
        ("\uff19521234543213", CodeHasStrangeSigns),
        ("^XA^XZ~", CodeHasStrangeSigns),
        ("TOTE\x1d0007", BrokenMessage),
        ("]C1TOTE", BrokenMessage),
        ("]C1", UnreadableCode),
        ("]", UnreadableCode),
        ("952123454325", WrongCheckDigit),
        ("12345678", WrongCheckDigit),
        ("0109521234543214", WrongCheckDigit),
        ("0109521234543214ZZ", WrongCheckDigit),
        ("]C100009520123456789121", WrongCheckDigit),
        ("10A\x1d0109521234543214", WrongCheckDigit),
        ("https://id.gs1.org/01/09521234543214", WrongCheckDigit),
        ("https://id.gs1.org/8006/1", NoItemLink),
        ("https://example.com/c/6d1f", NoItemLink),
        ("http://[", NoItemLink),
        ("javascript:alert(1)//<script>", None),
    ],
)
def test_what_is_refused(typed: str, refusal: type[UnreadableCode] | None) -> None:
    if refusal is None:
        assert read_code(typed).gtins == ()
        return
    with pytest.raises(refusal) as refused:
        read_code(typed)
    assert type(refused.value) is refusal
    assert refused.value.headline
    assert all(sign.isprintable() for sign in refused.value.headline + refused.value.detail)


def test_a_best_before_date_counts_where_there_is_no_expiry_date() -> None:
    both = read_code("01095212345432131527013117270228")
    assert (both.best_before, both.expiry) == (date(2027, 1, 31), date(2027, 2, 28))
    assert both.expiry_or_best_before == date(2027, 2, 28)
    assert read_code("010952123454321315270131").expiry_or_best_before == date(2027, 1, 31)
    # An expiry date nobody can read says nothing.
    assert read_code("01095212345432131527013117270231").expiry_or_best_before == date(2027, 1, 31)
    assert read_code("9521234543213").expiry_or_best_before is None


@given(digits=st.integers(0, 999_999), point=st.integers(0, 5), separator=st.sampled_from(["", "\x1d"]))
def test_a_weight_in_kilograms_is_whole_grams_to_the_nearest(digits: int, point: int, separator: str) -> None:
    read = read_code(f"0109521234543213310{point}{digits:06}{separator}10L1")
    assert (read.gtins, read.lot) == ((ITEM,), "L1")
    exact = Fraction(digits * 1000, 10**point)
    assert (read.weight_g is None) == (exact < Fraction(1, 2))
    assert abs((read.weight_g or 0) - exact) <= Fraction(1, 2)


@given(digits=st.integers(0, 999_999), point=st.integers(0, 5))
def test_a_weight_in_pounds_is_whole_grams_to_the_nearest(digits: int, point: int) -> None:
    read = read_code(f"0109521234543213320{point}{digits:06}")
    exact = Fraction(digits, 10**point) * Fraction("453.59237")
    assert (read.weight_g is None) == (exact < Fraction(1, 2))
    assert abs((read.weight_g or 0) - exact) <= Fraction(1, 2)


# What GS1 allows in a serial number (character set 82), as far as a scanner's text may hold it.
SERIAL_SIGNS = st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcxyz!\"%&'()*+,-./_:;<=>?")


@given(serial=st.text(SERIAL_SIGNS, min_size=1, max_size=20), lot=st.text(SERIAL_SIGNS, min_size=1, max_size=20))
def test_serial_and_lot_come_back_as_they_were_printed(serial: str, lot: str) -> None:
    read = read_code(f"]C1010952123454321321{serial}\x1d10{lot}")
    assert (read.gtins, read.serial, read.lot) == ((ITEM,), serial, lot)


@given(st.integers(min_value=0, max_value=10**17 - 1).map(str))
def test_check_digits_agree_with_the_library(payload: str) -> None:
    right = gs1_standard_check_digit(payload)
    fitting = [digit for digit in range(10) if has_valid_check_digit(f"{payload}{digit}")]
    assert fitting == [right]


ALPHABET = st.sampled_from("0123456789" * 4 + "AZaz]CEeQd:/.?=&%()[]- \x1d\x00\r\n\u00fc\U0001f600")
BEGINNINGS = st.sampled_from(
    [
        "",
        "]C1",
        "]d2",
        "]Q1",
        "]E0",
        "01",
        "00",
        "17",
        "(01)",
        "(",
        "http://",
        "https://id.gs1.org/01/",
        "0109521234543213",
    ]
)


@given(BEGINNINGS, st.one_of(st.text(max_size=220), st.text(ALPHABET, max_size=220)))
@example("https://id.gs1.org/01/09521234543213", "?17=%00&10=%1D")
@example("0109521234543213", "3920" + "9" * 15)
@example("(01)", "(" * 196)
@example("", "\x1d")
@example("]C1", "\x1d\x1d")
def test_any_text_is_read_or_refused_and_quickly(beginning: str, rest: str) -> None:
    started = time.thread_time()
    code, words = read_or_words(beginning + rest)
    # Far above what it takes, far below what a hanging pattern would; other programs' time does not count.
    assert time.thread_time() - started < 0.5
    assert words.isprintable()
    if code is None:
        assert words
        return
    assert 0 < len(code.text) <= 200
    assert code.text.isprintable()
    assert all(len(gtin) == 14 and has_valid_check_digit(gtin) for gtin in code.gtins)
    assert len(code.serial) <= 20
    assert code.weight_g is None or code.weight_g > 0
    assert not code.sscc or (len(code.sscc) == 18 and has_valid_check_digit(code.sscc))


def read_or_words(text: str) -> tuple[Code | None, str]:
    """The code, or the words of the refusal. Anything else that is raised fails the test."""
    try:
        return read_code(text), ""
    except UnreadableCode as refusal:
        return None, f"{refusal.headline} {refusal.detail}"


def test_the_common_scans_cost_microseconds() -> None:
    best = min(_seconds_for_a_thousand("9521234543213", "A-03-2") for _round in range(5))
    assert best < 0.05


def _seconds_for_a_thousand(*codes: str) -> float:
    started = time.thread_time()
    for _turn in range(500):
        for code in codes:
            read_code(code)
    return time.thread_time() - started
