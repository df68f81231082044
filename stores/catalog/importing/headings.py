"""What kind of file it is, and where in its rows each thing stands: read from its heading, in any order and case."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from stores.catalog.fields import EDITABLE_FIELDS


class Kind(StrEnum):
    SALES = "sales"  # Lines of invoices or of a till: the same item again and again.
    ITEMS = "items"  # One line, one item: what the export writes.


_SALES = {
    "code": ("stockcode", "itemcode", "productcode", "articlecode", "itemno", "itemnumber", "code", "sku"),
    "name": ("description", "itemdescription", "productdescription", "itemname", "productname", "name", "title"),
    "price": ("unitprice", "price", "itemprice", "saleprice"),
    "quantity": ("quantity", "qty", "units"),
    "invoice": ("invoiceno", "invoice", "invoicenumber", "receipt", "receiptno", "transaction"),
    "date": ("invoicedate", "date", "soldat"),
}
_ITEMS = {
    **{name: (name.replace("_", ""),) for name in EDITABLE_FIELDS},
    "sku": ("sku",),
    "gtin": ("gtin", "gtins", "barcode", "barcodes", "ean"),
    "pack_gtins": ("packgtins", "casegtins"),
}
_ITEMS["color"] = ("color", "colour")
_ITEMS["name"] = ("name", "description")
# What people head these columns with. Not "expiry date" or "serial numbers": in such a column stands no yes or no.
_FLAGS = {
    "is_age_restricted": ("agerestricted", "agerestriction", "adultsonly"),
    "is_fragile": ("fragile", "breakable"),
    "is_hazardous": ("hazardous", "hazmat", "dangerousgoods"),
    "is_serialised": ("isserialized", "serialised", "serialized"),
    "is_weighed": ("weighed", "soldbyweight", "byweight", "catchweight"),
    "is_lot_tracked": ("lottracked", "lotnumberneeded", "lotcontrolled", "batchtracked", "batchcontrolled"),
    "is_expiry_tracked": ("expirytracked", "expirydateneeded", "perishable"),
    "is_cold": ("cold", "keptcold", "keepcold", "chilled", "refrigerated"),
}
_ITEMS |= {name: (*_ITEMS[name], *words) for name, words in _FLAGS.items()}


@dataclass(frozen=True)
class Layout:
    """`columns` are places in a row by what stands there; `least_cells` is how far a row must reach to say anything.

    `mark` is how the heading writes the column of codes: rows are told from headings by it at a glance.
    """

    kind: Kind
    heading: tuple[str, ...]
    columns: dict[str, int]
    least_cells: int
    mark: str

    def is_heading(self, cells: Sequence[str]) -> bool:
        """Files that were put together hold their headings again in the middle."""
        place = self.columns.get("code", self.columns.get("sku", 0))
        return len(cells) > place and cells[place].strip() == self.mark and _squeezed(cells) == self.heading


def recognise(cells: Sequence[str]) -> Layout | None:
    """The layout that a heading announces, or None when it is no heading we know."""
    heading = _squeezed(cells)
    sales = _places(heading, _SALES)
    is_sold = {"quantity", "invoice"} & set(sales)
    if {"code", "name", "price"} <= set(sales) and (is_sold or "sku" not in heading):
        return _layout(Kind.SALES, heading, sales, ("code", "name", "price"), cells[sales["code"]])
    items = _places(heading, _ITEMS)
    if "sku" in items and len(items) > 1 and not is_sold:
        return _layout(Kind.ITEMS, heading, items, tuple(items), cells[items["sku"]])
    return None


def _layout(kind: Kind, heading: tuple[str, ...], columns: dict[str, int], needed: Sequence[str], mark: str) -> Layout:
    return Layout(kind, heading, columns, 1 + max(columns[name] for name in needed), mark.strip())


def _places(heading: tuple[str, ...], names: dict[str, tuple[str, ...]]) -> dict[str, int]:
    """The first spelling of each name that the heading has."""
    found: dict[str, int] = {}
    for name, spellings in names.items():
        place = next((heading.index(one) for one in spellings if one in heading), None)
        if place is not None and place not in found.values():
            found[name] = place
    return found


def _squeezed(cells: Sequence[str]) -> tuple[str, ...]:
    return tuple("".join(sign for sign in cell.casefold() if sign.isalnum()) for cell in cells)
