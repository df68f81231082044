"""Text on a label cannot command the printer."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st
from zplkit.parse import parse

from stores.printing.labels import words
from stores.printing.templatetags.zpl import NotAHouseCode, house_code, zpl

NASTY = st.text(
    alphabet=st.one_of(st.sampled_from("^~_\\\r\n\0XAZFSD5E,é漢"), st.characters(exclude_categories=["Cs"]))
)


@given(NASTY)
def test_only_plain_ascii_and_hex_escapes_leave_the_filter(text: str) -> None:
    assert re.fullmatch(r"(?:[^\x00-\x1f\x7f-\U0010ffff^~_\\]|_[0-9A-F]{2})*", zpl(text, 10_000))


@given(NASTY)
def test_the_printer_reads_back_what_was_written(text: str) -> None:
    assert words(f"^FH^FD{zpl(text, 10_000)}^FS") == [text]


@given(NASTY)
def test_no_text_adds_a_command_to_a_label(text: str) -> None:
    def commands(name: str) -> list[bytes]:
        label = Template("{% load zpl %}^XA^CI28^FO1,1^A0N,30^FH^FD{{ name|zpl }}^FS^XZ").render(
            Context({"name": name})
        )
        return [bytes(element)[:3] for element in parse(label.encode()).elements]

    assert commands(text) == commands("Bob Norman")


def test_command_signs_are_escaped() -> None:
    assert zpl("a^XZ~JA_5E\\&") == "a_5EXZ_7EJA_5F5E_5C&"
    assert zpl("Café") == "Caf_C3_A9"
    assert zpl("two\r\nlines") == "two_0D_0Alines"


def test_html_signs_are_left_alone() -> None:
    assert Template("{% load zpl %}{{ name|zpl }}").render(Context({"name": "O'Neill & <Co>"})) == "O'Neill & <Co>"


@pytest.mark.parametrize(("text", "shown"), [("Norman", "Norman"), ("Normann", "Norm.."), ("Nor mann", "Nor..")])
def test_long_text_is_cut_and_says_so(text: str, shown: str) -> None:
    assert zpl(text, 6) == shown


def test_a_cut_never_splits_an_escape() -> None:
    assert zpl("^" * 300) == "_5E" * 198 + ".."


def test_a_lone_surrogate_ends_as_a_question_mark() -> None:
    assert zpl("a\ud800b") == "a_3Fb"


@pytest.mark.parametrize("code", ["F-12", "STAGING-COLD-SHELF-12-AB"])
def test_house_codes_go_into_barcodes(code: str) -> None:
    assert house_code(code) == code


@pytest.mark.parametrize("code", ["", "f-12", "F>0", "F^12", "F 12", "F-12\n", "F-" * 13, "Ä"])
def test_nothing_else_does(code: str) -> None:
    with pytest.raises(NotAHouseCode):
        house_code(code)


@pytest.mark.parametrize(("dots_per_mm", "dots"), [(8, "3"), (12, "4"), (24, "9")])
def test_lengths_follow_the_printer(dots_per_mm: int, dots: str) -> None:
    assert Template("{% load zpl %}{% mm 0.375 %}").render(Context({"dots_per_mm": dots_per_mm})) == dots


def test_no_length_becomes_zero() -> None:
    assert Template("{% load zpl %}{% mm 0.01 %}").render(Context({"dots_per_mm": 8})) == "1"


def label_templates() -> list[Path]:
    return sorted(Path(settings.BASE_DIR, "templates").rglob("*.zpl"))


@pytest.mark.parametrize("path", label_templates(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_value_on_every_label_goes_through_a_filter_that_escapes(path: Path) -> None:
    values = re.findall(r"\{\{(.*?)\}\}", path.read_text())
    unsafe = [value for value in values if not re.search(r"\|(zpl(:\d+)?|house_code)\s*$", value)]
    assert unsafe == []
    assert not re.search(r"\{% (translate|blocktranslate|trans|now)\b|\|safe\b", path.read_text())
