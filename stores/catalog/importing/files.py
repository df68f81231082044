"""From a file's bytes to its rows, however it was written, with no line lost.

What no reader can make sense of comes out as a row with a `problem`, so that a person sees it.
"""

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import chain
from typing import Any, NamedTuple
from xml.etree.ElementTree import ParseError

from openpyxl.reader.excel import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

DELIMITERS = ",;\t|"
# A description may hold line breaks inside quotes; a quote that nobody closed must not swallow the rest of the file.
JOINED_LINES_MAX = 8
LINE_LENGTH_MAX = 100_000
CELLS_MAX = 200
# No spreadsheet has more. The reader fills a gap with empty rows, however far on a row says it is.
SHEET_ROWS_MAX = 1_048_576
UNPACKED_MAX = 250 * 1024 * 1024
# A table of much the same lines packs to a twentieth or so. What packs far better is made to be a burden.
UNPACKED_TIMES_MAX = 50
UNPACKED_ALWAYS = 2 * 1024 * 1024
_PIECE = 1024 * 1024
_CELL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}
_LOCAL_HEADER = 30
# How workbooks write line breaks and tabs that XML would lose; an underscore that only looks so is _x005F_.
_LINE_BREAK = re.compile("_x000[9ADad]_")
_load: Callable[..., Any] = load_workbook


class Row(NamedTuple):
    """`line` as a text editor or a spreadsheet counts it, from 1."""

    line: int
    cells: Sequence[str]
    problem: str = ""


class Unreadable(Exception):
    """This is no file of rows. The text is one word: kind, empty, old, damaged, too_large."""


def is_workbook(content: bytes) -> bool:
    return content[:4] == b"PK\x03\x04"


def sheets_of(content: bytes) -> Iterator[Iterator[Row]]:
    """The rows of each sheet, blank ones left out; text is one sheet. Raises Unreadable, perhaps in the middle."""
    if is_workbook(content):
        return _workbook_sheets(content)
    return iter([text_rows(content)])


def text_rows(content: bytes) -> Iterator[Row]:
    """Rows of separated values, in UTF-8, UTF-16 or Windows' western code page, line by line."""
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Unreadable("old")
    lines = _lines(content)
    first = next(((number, line) for number, line in lines if line.strip()), None)
    if first is None:
        raise Unreadable("empty")
    delimiter = max(DELIMITERS, key=first[1].count)
    yield from _records(chain([first], lines), delimiter)


def _lines(content: bytes) -> Iterator[tuple[int, str]]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return iter(enumerate(content.decode("utf-16", errors="replace").splitlines(), start=1))
    plain = content.removeprefix(b"\xef\xbb\xbf")
    try:
        text = plain.decode()
    except UnicodeDecodeError:
        # Each line for itself: files put together from two systems hold both encodings.
        return enumerate(map(_decoded, plain.splitlines()), start=1)
    # Not splitlines(): in a text it would also cut at signs that bytes keep within a line.
    return enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1)


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _records(lines: Iterator[tuple[int, str]], delimiter: str) -> Iterator[Row]:
    waiting: list[tuple[int, str]] = []
    while True:
        number, line = waiting.pop(0) if waiting else next(lines, (0, ""))
        if not number:
            return
        if '"' in line:
            cells, waiting = _quoted(line, waiting, lines, delimiter)
        else:
            cells = line.split(delimiter)
        if cells is None or len(line) > LINE_LENGTH_MAX or len(cells) > CELLS_MAX:
            yield Row(number, [line[:LINE_LENGTH_MAX]], problem="quotes" if cells is None else "too_long")
        elif cells[0].strip() or any(map(str.strip, cells)):
            yield Row(number, cells, "signs" if "\0" in line else "")


def _quoted(
    line: str, waiting: list[tuple[int, str]], lines: Iterator[tuple[int, str]], delimiter: str
) -> tuple[list[str] | None, list[tuple[int, str]]]:
    """The cells of a record with quotes, which may go on in the next lines, and the lines looked at in vain."""
    text, ahead = line, list(waiting)
    for joined in range(JOINED_LINES_MAX):
        cells = _parsed(text, delimiter)
        if cells is not None:
            return cells, ahead[joined:]
        if joined == len(ahead):
            following = next(lines, None)
            if following is None:
                break
            ahead.append(following)
        text = f"{text}\n{ahead[joined][1]}"
        if len(text) > LINE_LENGTH_MAX:
            break
    # Nobody closed the quote. It may be a sign for inches, or a slip: without quotes at all the line may make sense.
    return None, ahead


def _parsed(text: str, delimiter: str) -> list[str] | None:
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return records[0] if len(records) == 1 else None


def _workbook_sheets(content: bytes) -> Iterator[Iterator[Row]]:
    _check_unpacked(content)
    try:
        with warnings.catch_warnings():
            # Styles and validations that openpyxl does not know say nothing about what is in the cells.
            warnings.simplefilter("ignore")
            book = _load(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, ParseError, OSError, TypeError) as error:
        raise Unreadable("damaged") from error
    for sheet in book.worksheets:
        yield _sheet_rows(sheet)


def _sheet_rows(sheet: Any) -> Iterator[Row]:
    # Some programs write a size that is not the sheet's: without one, every row is read to its own end.
    sheet.reset_dimensions()
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number > SHEET_ROWS_MAX:
                raise Unreadable("damaged")
            texts = [_cell_text(cell) for cell in cells[:CELLS_MAX]]
            is_long = len(cells) > CELLS_MAX and any(cells[CELLS_MAX:])
            if is_long or any(texts):
                yield Row(number, texts, problem="too_long" if is_long else "")
    except (KeyError, ValueError, ParseError, OSError, TypeError, IndexError, zipfile.BadZipFile) as error:
        raise Unreadable("damaged") from error


def _cell_text(value: object) -> str:
    """As a person would write it: spreadsheets keep 71053 as 71053.0."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case datetime() | date() | time():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        case str():
            return "" if value in _CELL_ERRORS else _LINE_BREAK.sub(" ", value).replace("x005F_", "").strip()
    return str(value)


def _check_unpacked(content: bytes) -> None:
    """Unpacks every part to count what it really holds, whatever the archive says of itself."""
    left = min(UNPACKED_MAX, max(UNPACKED_ALWAYS, UNPACKED_TIMES_MAX * len(content)))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.infolist():
                header = content[part.header_offset : part.header_offset + _LOCAL_HEADER]
                begin = (
                    part.header_offset
                    + _LOCAL_HEADER
                    + sum(int.from_bytes(header[place : place + 2], "little") for place in (26, 28))
                )
                left -= _unpacked_size(content[begin : begin + part.compress_size], part.compress_type, left)
    except (zipfile.BadZipFile, zlib.error, ValueError, OSError) as error:
        raise Unreadable("damaged") from error


def _unpacked_size(packed: bytes, method: int, at_most: int) -> int:
    if method == zipfile.ZIP_STORED:
        size = len(packed)
    elif method == zipfile.ZIP_DEFLATED:
        size, unpacker, rest = 0, zlib.decompressobj(-15), packed
        while rest and size <= at_most:
            size += len(unpacker.decompress(rest, _PIECE))
            rest = unpacker.unconsumed_tail
    else:
        raise Unreadable("damaged")
    if size > at_most:
        raise Unreadable("too_large")
    return size
