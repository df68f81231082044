"""What comes out of the printer can be read by people and by scanners."""

from datetime import UTC, datetime
from typing import Any

import pytest
import zplkit
import zxingcpp
from django.utils import translation

from stores.models import Store
from stores.printing.demo.pictures import CannotDraw, draw
from stores.printing.labels import render_label, words

STAGING: dict[str, Any] = {
    "store_name": "Camden",
    "order_number": "#1001",
    "customer_short_name": "B. Norman",
    "bin_code": "S-04",
    "label_code": "F-12",
    "method": "counter",
    "bags": "1 of 2",
    "ready_at": datetime(2026, 7, 3, 13, 5, tzinfo=UTC),
    "collect_by": datetime(2026, 7, 10, 13, 5, tzinfo=UTC),
}


def staging_label(dots_per_mm: int = 8, **facts: object) -> str:
    store = Store(name="Camden", time_zone="Europe/London")
    context = {**STAGING, **facts}
    return render_label(template="pickup/staging_label.zpl", context=context, store=store, dots_per_mm=dots_per_mm)


def barcodes_on(zpl: str, dpi: int = 203) -> list[tuple[str, str]]:
    raster = zplkit.render(zpl, zplkit.Options(dpi=dpi)).labels[0].rasterize()
    picture = memoryview(raster.pixels).cast("B", shape=[raster.height, raster.width])
    return [(found.text, found.format.name) for found in zxingcpp.read_barcodes(picture)]


def test_the_staging_label_says_where_whose_and_which() -> None:
    assert words(staging_label()) == [
        "COUNTER",
        "1 of 2",
        "S-04",
        "B. Norman",
        "#1001",
        "F-12",
        "Ready Fri 3 Jul 14:05",  # 13:05 UTC on the store's clock.
        "Collect by Fri 10 Jul",
        "Camden",
    ]


def test_curbside_is_told_apart() -> None:
    assert words(staging_label(method="curbside"))[0] == "CURBSIDE"


def test_the_team_reads_it_whoever_prints_it() -> None:
    with translation.override("es"):
        assert words(staging_label())[0] == "COUNTER"


@pytest.mark.parametrize(("dots_per_mm", "dpi"), [(8, 203), (12, 300)])
@pytest.mark.parametrize("code", ["F-1", "F-12", "F-1234567", "F-123456789012"])
def test_a_scanner_reads_the_code(code: str, dots_per_mm: int, dpi: int) -> None:
    assert barcodes_on(staging_label(dots_per_mm, label_code=code), dpi) == [(code, "Code128")]


def test_a_long_name_and_a_long_bin_code_do_not_hide_the_barcode() -> None:
    label = staging_label(
        customer_short_name="W" * 120,
        bin_code="STAGING-COLD-SHELF-12-AB",
        order_number="SHOP-2026-" + "9" * 30,
        store_name="Manchester Trafford Centre Flagship",
        bags="99 of 99",
    )
    assert barcodes_on(label) == [("F-12", "Code128")]


def test_the_label_is_100_by_75_mm() -> None:
    label = zplkit.render(staging_label()).labels[0]
    assert (label.width, label.height) == (800, 600)


def test_hostile_names_stay_text() -> None:
    name = "^XZ^XA~JA_^FD\\&"
    label = staging_label(customer_short_name=name)
    assert words(label)[3] == name
    assert (label.count("^XA"), label.count("^XZ"), label.count("~")) == (1, 1, 0)


def test_accents_survive_to_the_printer_and_fold_in_the_picture() -> None:
    label = staging_label(customer_short_name="Zoë Ł漢")
    assert "^FDZo_C3_AB _C5_81_E6_BC_A2^FS" in label
    assert draw(label).startswith(b"\x89PNG")


def test_the_test_label_reads_too() -> None:
    store = Store(name="Camden", time_zone="Europe/London")
    context = {"printer_name": "Counter", "store_name": "Camden", "printed_at": STAGING["ready_at"]}
    label = render_label(template="printing/test_label.zpl", context=context, store=store, dots_per_mm=8)
    assert barcodes_on(label) == [("TEST-12345678", "Code128")]
    assert words(label) == ["Test label", "Camden", "Counter", "3 Jul 2026 14:05", "TEST-12345678"]


@pytest.mark.parametrize("junk", ["", "hello", "^XA^QQ^XZ", "\0\0\0"])
def test_what_is_no_label_cannot_be_drawn(junk: str) -> None:
    with pytest.raises(CannotDraw):
        draw(junk)
