"""The variants of a style: the same goods in other sizes, colors and packs."""

from dataclasses import dataclass

from django.db import IntegrityError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stores.catalog.errors import VariantTaken
from stores.catalog.models import Item, Style

VARIANT_CONSTRAINT = "item_variant_unique_in_style"


@dataclass(frozen=True)
class VariantRow:
    """One color (and pack) of a style, and its items by size, in the order of the table's sizes; None where none is."""

    color: str
    pack_count: int
    cells: list[Item | None]


@dataclass(frozen=True)
class VariantTable:
    style: Style
    sizes: list[str]
    rows: list[VariantRow]

    @property
    def count(self) -> int:
        return sum(1 for row in self.rows for cell in row.cells if cell)


def variant_table(style: Style) -> VariantTable:
    """All items of the style that are not retired, by color and pack down, by size across. One query."""
    items = list(style.items.exclude(state=Item.State.RETIRED).order_by("color", "pack_count", "size", "pk"))
    sizes = sorted({item.size for item in items}, key=size_order)
    found = {(item.color, item.pack_count, item.size): item for item in items}
    lines = sorted({(item.color, item.pack_count) for item in items})
    rows = [VariantRow(color, pack, [found.get((color, pack, size)) for size in sizes]) for color, pack in lines]
    return VariantTable(style, sizes, rows)


def size_order(size: str) -> tuple[int, float, str]:
    """Clothes as people say them, then numbers by their value, then words."""
    letters = ("XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL")
    if size.upper() in letters:
        return (0, letters.index(size.upper()), size)
    digits = size.split()[0] if size.split() else ""
    if digits.isascii() and digits.replace(".", "", 1).isdigit():
        return (1, float(digits), size)
    return (2, 0, size)


def variant_in_words(item: Item) -> str:
    """Such as "Red · L · pack of 6"; empty for a thing that has no size, color or pack."""
    pack = ngettext("pack of {count}", "pack of {count}", item.pack_count).format(count=item.pack_count)
    return " · ".join(part for part in (item.color, item.size, pack if item.pack_count > 1 else "") if part)


def refuse_taken_variant(item: Item, error: IntegrityError) -> None:
    """Raises VariantTaken when `error` says that another item of the style is this variant; otherwise does nothing."""
    if VARIANT_CONSTRAINT not in str(error) or item.style is None:
        return
    other = (
        item.style.items.filter(size=item.size, color=item.color, pack_count=item.pack_count)
        .exclude(state=Item.State.RETIRED)
        .exclude(pk=item.pk)
        .first()
    )
    if other is not None:
        words = variant_in_words(item) or _("The one without size and color")
        raise VariantTaken(style=item.style.name, variant=words, item=other.name, sku=other.sku) from error
