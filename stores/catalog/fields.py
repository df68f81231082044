"""The attributes of an item as texts: how each is read, checked and written.

Forms, files and other systems bring texts; the history, requests for change and exports show them. Here is the one
place where a text becomes a value and a value a text, so that all of them mean the same.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stores.catalog.errors import FieldInvalid
from stores.catalog.models import Category, Item, Style, fold_code

PRICE_MAX = Decimal("99999999.99")
LENGTH_MM_MAX = 100_000
WEIGHT_G_MAX = 10_000_000
PACK_COUNT_MAX = 32_767
_YES = {"true", "yes", "y", "1", "on"}
_NO = {"false", "no", "n", "0", "off", ""}


@dataclass
class Groups:
    """Categories and styles by their folded codes. Without one, each look-up asks the database."""

    categories: Mapping[str, Category] = field(default_factory=dict)
    styles: Mapping[str, Style] = field(default_factory=dict)

    @classmethod
    def loaded(cls) -> "Groups":
        """All there are, by two queries: for who reads many items."""
        return cls({one.code: one for one in Category.objects.all()}, {one.code: one for one in Style.objects.all()})


@dataclass(frozen=True)
class ItemField:
    """One attribute. `group` is the heading of a form or page under which it stands."""

    name: str
    label: str | Promise
    group: str
    read: Callable[[str, Groups | None], Any]

    @property
    def is_flag(self) -> bool:
        return self.name.startswith("is_")


def parse_field(name: str, text: str | None, groups: Groups | None = None) -> Any:
    """The value that `text` means for the field, ready to be set on an Item; None and "" both mean no value.

    Raises FieldInvalid. KeyError for a field that is not in EDITABLE_FIELDS: that is a mistake of the caller.
    """
    known = EDITABLE_FIELDS[name]
    given = text or ""
    try:
        if not "".join(given.split()).isprintable():
            raise ValueError(_("It holds signs that cannot be shown."))
        return known.read(" ".join(given.split()), groups)
    except ValueError as problem:
        raise FieldInvalid(field=name, label=known.label, problem=str(problem)) from problem


def text_of(item: Item, name: str) -> str | None:
    """The field's value as the history writes it: a code for category and style, 'true' or 'false', None for no value.

    Reads `item.category` and `item.style`: select them with many items.
    """
    value = getattr(item, name)
    if isinstance(value, Category | Style):
        return value.code
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return None if value is None else str(value)


def texts_of(item: Item) -> dict[str, str | None]:
    """Every editable field's text, in their order."""
    return {name: text_of(item, name) for name in EDITABLE_FIELDS}


def _line(text: str, _groups: Groups | None, *, at_most: int, required: bool = False) -> str:
    if required and not text:
        raise ValueError(_("It is needed."))
    if len(text) > at_most:
        raise ValueError(ngettext("At most {count} sign.", "At most {count} signs.", at_most).format(count=at_most))
    return text


def _price(text: str, _groups: Groups | None) -> Decimal:
    # In half of Europe cents stand behind a comma; a comma before three digits could mean a thousand.
    pointed = re.sub(r"^(\d+),(\d{1,2})$", r"\1.\2", text)
    try:
        price = Decimal(pointed) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", pointed) else None
    except InvalidOperation:
        price = None
    if price is None:
        raise ValueError(_("A price is a number such as 2.55."))
    if price < 0:
        raise ValueError(_("A price is not below zero."))
    if price > PRICE_MAX:
        raise ValueError(_("That is more than any price here."))
    if price != price.quantize(Decimal("0.01")):
        raise ValueError(_("A price has at most two digits after the point."))
    return price.quantize(Decimal("0.01"))


def _currency(text: str, _groups: Groups | None) -> str:
    code = text.upper()
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise ValueError(_("A currency has three letters, such as GBP."))
    return code


def _category(text: str, groups: Groups | None) -> Category | None:
    if not text:
        return None
    code = fold_code(text)
    found = groups.categories.get(code) if groups else Category.objects.filter(code=code).first()
    if found is None:
        raise ValueError(_("There is no category {code}.").format(code=text[:40]))
    return found


def _style(text: str, groups: Groups | None) -> Style | None:
    if not text:
        return None
    code = fold_code(text)
    found = groups.styles.get(code) if groups else Style.objects.filter(code=code).first()
    if found is None:
        raise ValueError(_("There is no style {code}.").format(code=text[:40]))
    return found


def _abc_class(text: str, _groups: Groups | None) -> str:
    letter = text.upper()
    if letter and letter not in Item.AbcClass.values:
        raise ValueError(_("It is A, B, C or empty."))
    return letter


def _whole(text: str, _groups: Groups | None, *, at_most: int, required: bool = False) -> int | None:
    if not text and not required:
        return None
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= at_most:
        raise ValueError(_("It is a whole number from 1 to {most}.").format(most=f"{at_most:,}"))
    return int(text)


def _flag(text: str, _groups: Groups | None) -> bool:
    word = text.lower()
    if word not in _YES | _NO:
        raise ValueError(_("It is yes or no."))
    return word in _YES


def _field(name: str, group: str, read: Callable[[str, Groups | None], Any]) -> ItemField:
    label = Item._meta.get_field(name).verbose_name  # type: ignore[union-attr]  # Every one is a column, which has a label.
    return ItemField(name, label, group, read)


IDENTITY, VARIANT, LOGISTICS, HANDLING = "identity", "variant", "logistics", "handling"
GROUP_LABELS: dict[str, Promise] = {
    IDENTITY: gettext_lazy("What it is"),
    VARIANT: gettext_lazy("Variant"),
    LOGISTICS: gettext_lazy("Size and weight"),
    HANDLING: gettext_lazy("Handling"),
}
# A list of its own, no column: it has an owner as fields have, and stands in no form, request or file.
SUBSTITUTES = "substitutes"
SUBSTITUTES_LABEL = gettext_lazy("substitutes")
_BETWEEN = " · "
_mm = partial(_whole, at_most=LENGTH_MM_MAX)
EDITABLE_FIELDS: dict[str, ItemField] = {
    one.name: one
    for one in (
        _field("name", IDENTITY, partial(_line, at_most=120, required=True)),
        _field("price", IDENTITY, _price),
        _field("currency", IDENTITY, _currency),
        _field("category", IDENTITY, _category),
        _field("abc_class", IDENTITY, _abc_class),
        _field("style", VARIANT, _style),
        _field("size", VARIANT, partial(_line, at_most=20)),
        _field("color", VARIANT, partial(_line, at_most=40)),
        _field("pack_count", VARIANT, partial(_whole, at_most=PACK_COUNT_MAX, required=True)),
        _field("length_mm", LOGISTICS, _mm),
        _field("width_mm", LOGISTICS, _mm),
        _field("height_mm", LOGISTICS, _mm),
        _field("weight_g", LOGISTICS, partial(_whole, at_most=WEIGHT_G_MAX)),
        _field("is_age_restricted", HANDLING, _flag),
        _field("is_fragile", HANDLING, _flag),
        _field("is_hazardous", HANDLING, _flag),
        _field("is_serialised", HANDLING, _flag),
        _field("is_weighed", HANDLING, _flag),
        _field("is_lot_tracked", HANDLING, _flag),
        _field("is_expiry_tracked", HANDLING, _flag),
        _field("is_cold", HANDLING, _flag),
    )
}
OWNED_FIELDS: dict[str, str | Promise] = {
    **{name: one.label for name, one in EDITABLE_FIELDS.items()},
    SUBSTITUTES: SUBSTITUTES_LABEL,
}


def substitutes_text(substitutes: Iterable[Item]) -> str:
    """What may be given in an item's place as the history writes it: SKUs, the best first."""
    return substitutes_text_of([one.sku for one in substitutes])


def substitutes_text_of(skus: Iterable[str]) -> str:
    return _BETWEEN.join(skus)


def substitute_skus(text: str | None) -> list[str]:
    """The SKUs that such a text names."""
    return [fold_code(sku) for sku in (text or "").split(_BETWEEN.strip()) if sku.strip()]
