"""Where bins stand, as a file: one line a bin. Pure: reads bytes and judges them against a store's bins and aisles."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from picking.floor_errors import AisleUnknown, BesideAisle, FileUnreadable, NotMetres, OutsideAisle
from picking.path import Aisle
from stores.catalog.importing.files import Row, Unreadable, text_rows
from stores.refusals import Refusal

COLUMNS = ("bin", "aisle", "x_m", "y_m")
BYTES_MAX = 512 * 1024
LINES_MAX = 5_000
METRES_MAX = 2_000
CODE_LENGTH_MAX = 24


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a bin is to stand: in an aisle (code), on open floor, or (no x, no y) nowhere on the plan."""

    bin: str
    aisle: str = ""
    x_m: float | None = None
    y_m: float | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    line: int
    words: str


def metres(text: str) -> float | None:
    """To the centimetre, with a point or a comma; None for nothing. Raises NotMetres."""
    text = text.strip().replace("−", "-").replace(",", ".")
    if not text:
        return None
    digits = text.removeprefix("-").replace(".", "", 1)
    if not (digits.isascii() and digits.isdigit()) or len(text) > 12 or abs(float(text)) > METRES_MAX:
        raise NotMetres(most=METRES_MAX)
    return round(float(text), 2) + 0.0  # No minus before a zero.


def judge_placing(placing: Placing, aisles: Mapping[str, Aisle]) -> Placing:
    """The same with the aisle's x filled in. Raises NotMetres, AisleUnknown, BesideAisle and OutsideAisle."""
    if not placing.aisle:
        if (placing.x_m is None) != (placing.y_m is None):
            raise NotMetres(most=METRES_MAX)
        return placing
    aisle = aisles.get(placing.aisle)
    if aisle is None:
        raise AisleUnknown(aisle=placing.aisle)
    if placing.y_m is None:
        raise NotMetres(most=METRES_MAX)
    if placing.x_m not in (None, aisle.x_m):
        raise BesideAisle(bin=placing.bin, aisle=placing.aisle, x=f"{aisle.x_m:g}")
    if not aisle.from_y_m <= placing.y_m <= aisle.to_y_m:
        raise OutsideAisle(bin=placing.bin, aisle=placing.aisle, begin=f"{aisle.from_y_m:g}", end=f"{aisle.to_y_m:g}")
    return Placing(placing.bin, placing.aisle, aisle.x_m, placing.y_m)


def read_placings(
    content: bytes, *, bins: frozenset[str], aisles: Mapping[str, Aisle]
) -> tuple[list[Placing], list[Problem]]:
    """Every line as a placing or a problem; `bins` are the codes that have a place. Raises FileUnreadable."""
    placings: list[Placing] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for row, cells in _lines(content):
        try:
            placing = _placing(row, cells, bins)
            if placing.bin in seen:
                raise _Wrong(_("{bin} stands in line {line} already.").format(bin=placing.bin, line=seen[placing.bin]))
            seen[placing.bin] = row.line
            placings.append(judge_placing(placing, aisles))
        except _Wrong as wrong:
            problems.append(Problem(row.line, str(wrong)))
        except Refusal as refusal:
            problems.append(Problem(row.line, f"{refusal.headline}. {refusal.detail}"))
    return placings, problems


class _Wrong(Exception):
    """The text says what, to a person."""


def _lines(content: bytes) -> Iterator[tuple[Row, dict[str, str]]]:
    """Each row below the headings, with its cells by heading. Raises FileUnreadable."""
    unreadable = FileUnreadable(kilobytes=BYTES_MAX // 1024)
    if len(content) > BYTES_MAX:
        raise unreadable
    try:
        rows = list(text_rows(content))
    except Unreadable as error:
        raise unreadable from error
    headings = [cell.strip().lower() for cell in rows[0].cells] if rows else []
    if set(COLUMNS) - set(headings) or len(rows) > LINES_MAX + 1:
        raise unreadable
    for row in rows[1:]:
        cells = [cell.strip() for cell in row.cells]
        yield row, dict(zip(headings, [*cells, *[""] * len(headings)], strict=False))


def _placing(row: Row, cells: Mapping[str, str], bins: frozenset[str]) -> Placing:
    if row.problem:
        raise _Wrong(_("This line cannot be read."))
    code, aisle = cells["bin"].upper(), cells["aisle"].upper()
    if code not in bins:
        raise _Wrong(_("No bin {bin} has a place on the plan.").format(bin=code[:CODE_LENGTH_MAX] or "–"))
    return Placing(code, aisle[:CODE_LENGTH_MAX], metres(cells["x_m"]), metres(cells["y_m"]))
