"""What one row says, and what is wrong with it on its own face."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from stores.catalog.barcodes import has_valid_check_digit
from stores.catalog.errors import FieldInvalid
from stores.catalog.fields import EDITABLE_FIELDS, PRICE_MAX, Groups, parse_field, text_of
from stores.catalog.importing.cells import shown
from stores.catalog.importing.files import CELLS_MAX, Row
from stores.catalog.importing.headings import Kind, Layout
from stores.catalog.models import ImportLine, Item, fold_code

CODE_LENGTH_MAX = 40
NAME_LENGTH_MAX = 120
# As much as a person needs to know the line again.
KEPT_LENGTH_MAX = 500
KEPT_CELLS_MAX = 40
GTINS_MAX = 20
PACK_QUANTITY_MAX = 32_767
# What tells one sale from another; of the customer nothing is kept.
BESIDE = ("invoice", "date", "quantity")
CENT = Decimal("0.01")

Reason = ImportLine.Reason
_POUNDS = re.compile(r"[£$€\s]")
_EXCEL_WHOLE = re.compile(r"(\d+)\.0")


@dataclass(frozen=True, slots=True, eq=False)
class ReadLine:
    """`values` as ImportLine keeps them; `reason` is empty when the row, by itself, is fine.

    Sales: code, name, price (as text, to the cent) and, if it differs from the name, `as`: the name's comparable form.
    Items: sku, fields (texts as `text_of` writes them), gtins (pack quantity by 14 digits).
    """

    values: dict[str, Any]
    folded: str
    reason: str = ""


# The cells of code, name and price, as they stand in the file.
Faces = dict[tuple[str, str, str], ReadLine]
# The cells of BESIDE; none where a line is no sale.
Beside = tuple[str, ...]


class Reader:
    """Reads the rows of one sheet, below their heading.

    Sales say the same again and again: `faces`, one for a whole import, holds what each triple of cells was read as.
    """

    def __init__(self, layout: Layout | None, groups: Groups, faces: Faces) -> None:
        self._layout = layout
        self._faces = faces
        self._beside = [layout.columns.get(name, CELLS_MAX) for name in BESIDE] if layout else []
        self._field = lru_cache(maxsize=200_000)(lambda name, text: _field_text(name, text, groups))

    def read(self, row: Row) -> tuple[ReadLine, Beside] | None:
        """None for the heading again. Sales that say the same of an item are the very same ReadLine."""
        layout, cells = self._layout, row.cells
        if layout is None or row.problem:
            return _unreadable(row, row.problem or "heading"), ()
        if layout.is_heading(cells):
            return None
        if len(cells) < layout.least_cells:
            return _unreadable(row, "too_short"), ()
        if len(cells) > len(layout.heading) and any(cell.strip() for cell in cells[len(layout.heading) :]):
            return _unreadable(row, "too_long"), ()
        if layout.kind == Kind.SALES:
            return self._sale(layout, row)
        within = {name: place for name, place in layout.columns.items() if place < len(cells)}
        said = {name: " ".join(cells[place].split()) for name, place in within.items()}
        if not all(text.isprintable() for text in said.values()):
            return _unreadable(row, "signs"), ()
        return self._item(said), ()

    def _sale(self, layout: Layout, row: Row) -> tuple[ReadLine, Beside]:
        cells, columns = row.cells, layout.columns
        face = (cells[columns["code"]], cells[columns["name"]], cells[columns["price"]])
        line = self._faces.get(face)
        if line is None:
            line = self._faces[face] = _sale(*face)
        width = len(cells)
        beside = tuple([cells[place].strip() if place < width else "" for place in self._beside])
        if line.reason == Reason.UNREADABLE or not "".join(beside).isprintable():
            return _unreadable(row, "signs"), ()
        return line, beside

    def _item(self, said: dict[str, str]) -> ReadLine:
        sku = _code(shown(said.pop("sku")))
        fields, problem = {}, "" if 0 < len(sku) <= CODE_LENGTH_MAX else "sku"
        gtins, bad = _gtins(said.pop("gtin", ""), said.pop("pack_gtins", ""))
        for name, text in said.items():
            given = shown(text)
            if name == "name" and not given:
                return ReadLine(_kept({"sku": sku, **said, "name": given}), fold_code(sku)[:100], Reason.BLANK_NAME)
            if not given and name in ("currency", "price", "pack_count"):
                continue
            text_read, wrong = self._field(name, given)
            fields[name] = text_read
            problem = problem or (name if wrong else "")
        problem = problem or ("gtin" if bad else "")
        if problem:
            kept = _kept({"sku": sku, **said, "gtin": bad} if bad else {"sku": sku, **said})
            return ReadLine(kept | {"problem": problem}, fold_code(sku)[:100], Reason.INVALID)
        return ReadLine({"sku": sku, "fields": fields, "gtins": gtins}, fold_code(sku))


def name_key(name: str) -> str:
    """Two names with the same key are one name: case, outer and double space and a final full stop say nothing."""
    return " ".join(name.split()).rstrip(" .,;:!").upper()


def read_price(text: str) -> Decimal | None:
    """A price as files write it, to the cent; None when it is no price. "1,234.50", "2,55" and "£ 2.55" are."""
    plain = _POUNDS.sub("", text)
    if "," in plain and "." in plain:
        thousands = "," if plain.rindex(".") > plain.rindex(",") else "."
        plain = plain.replace(thousands, "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+", plain):
        plain = plain.replace(",", "")
    else:
        plain = plain.replace(",", ".")
    if not plain.isascii() or not re.fullmatch(r"-?(\d{1,20}(\.\d{0,40})?|\.\d{1,40})([eE][-+]?\d{1,2})?", plain):
        return None
    try:
        price = Decimal(plain).quantize(CENT, ROUND_HALF_UP)
    except InvalidOperation:
        return None
    return price if 0 <= price <= PRICE_MAX else None


def kept_values(line: ReadLine, beside: Beside) -> dict[str, Any]:
    """What ImportLine keeps of one line: `beside` tells it from others that say the same of an item."""
    return _kept(dict(zip(BESIDE, beside, strict=False))) | line.values


def _sale(code_cell: str, name_cell: str, price_cell: str) -> ReadLine:
    code, name, price_text = (" ".join(cell.split()) for cell in (code_cell, name_cell, price_cell))
    if not f"{code}{name}{price_text}".isprintable():
        return ReadLine({}, "", Reason.UNREADABLE)
    code = _code(code)
    price, key = read_price(price_text), name_key(name)
    values = _kept({"code": code, "name": name, "price": price_text})
    if price is not None:
        values["price"] = f"{price:.2f}"
    if key != name:
        values["as"] = key[:KEPT_LENGTH_MAX]
    reason, problem = "", ""
    if not code or len(code) > CODE_LENGTH_MAX:
        reason, problem = Reason.INVALID, "code"
    elif not any(sign.isdigit() for sign in code):
        reason = Reason.NO_GOODS
    elif not any(sign.isalpha() for sign in name):
        reason = Reason.BLANK_NAME
    elif len(name) > NAME_LENGTH_MAX:
        reason, problem = Reason.INVALID, "name"
    elif price is None:
        reason, problem = Reason.INVALID, "price"
    if problem:
        values["problem"] = problem
    return ReadLine(values, fold_code(code)[:100], reason)


def _code(text: str) -> str:
    whole = _EXCEL_WHOLE.fullmatch(text)
    return whole[1] if whole else text


def _field_text(name: str, text: str, groups: Groups) -> tuple[str | None, bool]:
    """The field's text as the master would have it, and whether it is not valid."""
    try:
        value = parse_field(name, text, groups)
    except FieldInvalid:
        return None, True
    return text_of(Item(**{name: value}), name), False


def _gtins(units: str, packs: str) -> tuple[dict[str, int], str]:
    """Pack quantities by GTIN, and the first text that is none. Packs are written 05012345678900=12."""
    found: dict[str, int] = {}
    for text in [*units.replace(",", " ").split(), *packs.replace(",", " ").split()]:
        digits, _, counted = _code(text).partition("=")
        # Spreadsheets take the zeros in front away.
        is_gtin = digits.isascii() and digits.isdigit() and 8 <= len(digits) <= 14
        quantity = int(counted or 1) if (counted or "1").isascii() and (counted or "1").isdigit() else 0
        if not is_gtin or not has_valid_check_digit(digits.zfill(14)) or not 1 <= quantity <= PACK_QUANTITY_MAX:
            return {}, text[:40]
        found[digits.zfill(14)] = quantity
    return (found, "") if len(found) <= GTINS_MAX else ({}, packs[:40])


def _unreadable(row: Row, problem: str) -> ReadLine:
    cells: Sequence[str] = [_visible(cell)[:KEPT_LENGTH_MAX] for cell in row.cells[:KEPT_CELLS_MAX]]
    return ReadLine({"cells": cells, "problem": problem}, "", Reason.UNREADABLE)


def _visible(text: str) -> str:
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text)


def _kept(said: dict[str, str]) -> dict[str, Any]:
    return {name: text[:KEPT_LENGTH_MAX] for name, text in said.items() if text or name in EDITABLE_FIELDS}
