"""What must be known of a unit before it counts as picked: serial number, weight, lot, expiry."""

import re
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Literal, Self

from django.utils.translation import gettext_lazy as _

from stores.catalog.barcodes import Code

Need = Literal["serial", "weight_g", "lot", "expiry"]

WEIGHT_G_MAX = 999_999
# A slip of the finger or the scale, not a piece: more than anybody lifts, or than several of its kind weigh.
PIECE_G_MAX = 30_000
PIECES_WEIGHT_MAX = 5
_TEXT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}")
_GRAMS = re.compile(r"([0-9]{1,6})\s?g?", re.IGNORECASE)
_KILOGRAMS = re.compile(r"([0-9]{1,3})[.,]([0-9]{1,3})\s?(?:kg)?", re.IGNORECASE)
# As labels print them and date fields send them; YYMMDD is GS1's own form.
_DATE_FORMS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%y%m%d")

WORDS = {
    "serial": _("serial number"),
    "weight_g": _("weight"),
    "lot": _("lot number"),
    "expiry": _("expiry date"),
}
ASKS = {
    "serial": _("Scan the serial number"),
    "weight_g": _("Weigh it: how many grams?"),
    "lot": _("Scan the lot number"),
    "expiry": _("Scan or type the expiry date"),
}
# Where there is room for no more.
BRIEF = {
    "serial": _("Serial number"),
    "weight_g": _("Grams"),
    "lot": _("Lot number"),
    "expiry": _("Expiry date"),
}


@dataclass(frozen=True)
class Details:
    """What is known so far; empty means not known. `weight_g` in grams, `expiry` the last day it may be given away."""

    serial: str = ""
    weight_g: int | None = None
    lot: str = ""
    expiry: date | None = None

    @classmethod
    def of(cls, code: Code) -> Self:
        """What a GS1 code says by itself."""
        return cls(code.serial, code.weight_g, code.lot, code.expiry_or_best_before)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        expiry = stored.get("expiry")
        return cls(
            stored.get("serial", ""),
            stored.get("weight_g"),
            stored.get("lot", ""),
            date.fromisoformat(expiry) if expiry else None,
        )

    def as_json(self) -> dict[str, Any]:
        known = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) if isinstance(value, date) else value for name, value in known.items() if value}

    def missing(self, needs: Collection[Need]) -> list[Need]:
        return [need for need in needs if not getattr(self, need)]

    def adding(self, other: "Details") -> Self:
        """These, and of the other one what was not known."""
        return replace(
            self, **{name: value for name, value in vars(other).items() if value and not getattr(self, name)}
        )

    def with_text(self, need: Need, text: str) -> Self:
        """These, and what the scanned or typed text says about `need`. Raises ValueError."""
        text = text.strip()
        if not text.isprintable():  # A separator inside is no space: two codes were read as one.
            raise ValueError(text)
        return replace(self, **{need: _read(need, " ".join(text.split()))})


def most_grams(piece_g: int | None) -> int:
    """The heaviest that one piece may be said to be, if one usually weighs `piece_g`."""
    return piece_g * PIECES_WEIGHT_MAX if piece_g else PIECE_G_MAX


def _read(need: Need, text: str) -> Any:
    if need == "weight_g":
        return _grams(text)
    if need == "expiry":
        return _date(text)
    if not _TEXT.fullmatch(text):
        raise ValueError(text)
    return text.upper()


def _grams(text: str) -> int:
    """Whole grams, or kilograms with a decimal sign."""
    if kilograms := _KILOGRAMS.fullmatch(text):
        grams = int(kilograms[1]) * 1000 + int(kilograms[2].ljust(3, "0"))
    elif whole := _GRAMS.fullmatch(text):
        grams = int(whole[1])
    else:
        raise ValueError(text)
    if not 0 < grams <= WEIGHT_G_MAX:
        raise ValueError(text)
    return grams


def _date(text: str) -> date:
    for form in _DATE_FORMS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  # A day on a label has no time zone.
        except ValueError:
            continue
    raise ValueError(text)
