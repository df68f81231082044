"""What a scanner typed, read: house codes, GTINs in all their forms, GS1 messages, parcels, badges.

Reading asks no database and opens no link. Most scans are a plain GTIN or a house code, and those cost a few
microseconds; only a GS1 message or a Digital Link goes through biip's parsers.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from biip import ParseConfig, ParseError
from biip.gs1_digital_link_uris import GS1DigitalLinkURI
from biip.gs1_element_strings import GS1ElementStrings
from biip.gs1_messages import GS1Message
from biip.upc import Upc
from django.utils.translation import gettext_lazy as _

from stores.catalog.models import fold_code
from stores.refusals import Refusal

LENGTH_MAX = 200
GTIN_LENGTHS = {8, 12, 13, 14}
GROUP_SEPARATOR = "\x1d"

_WHITESPACE = " \t\r\n"
# Letters, digits and the signs of GS1's own character set and of web links; GS separates the fields of a GS1 message.
_ALLOWED = re.compile(r"""[A-Za-z0-9 !"#$%&'()*+,./:;<=>?@_\[\]\x1d-]*""")
_CONTROL = re.compile(r"[\x00-\x1c\x1e\x1f\x7f-\x9f]")
_AIM_IDENTIFIER = re.compile(r"\]([A-Za-z][0-9A-Za-z])")
_AIM_GS1 = {"C1", "e0", "e1", "e2", "d2", "Q3", "J1"}
_AIM_EAN_8 = "E4"
_AIM_EAN_WITH_ADD_ON = "E3"
# Without an AIM identifier only what begins like a trade item or a parcel, dates before it or not, is a GS1 message.
_GS1_BEGINNING = re.compile(r"(?:1[1235-7][0-9]{6}|20[0-9]{2})*(?:01(?P<gtin>[0-9]{14})|00(?P<sscc>[0-9]{18}))")
_HUMAN_READABLE = re.compile(r"\([0-9]{2,4}\)")
_LINK = re.compile(r"https?://", re.IGNORECASE)
_BADGE = re.compile(r"B:([0-9A-Z]{3,16})")
_SSCC_LENGTH = 18
# Net weight of what is sold by weight, in kilograms and pounds; the last digit of the identifier is for the point.
_GRAMS = (("310", Decimal(1000)), ("320", Decimal("453.59237")))
# A date nobody can read must not make the item unreadable.
_LENIENT = ParseConfig(gs1_element_strings_verify_date=False)


class UnreadableCode(Refusal):
    code = "unreadable_code"
    title = _("This code cannot be read")
    advice = _("Scan it again, or type the number printed under it.")
    status = 422


class NothingScanned(UnreadableCode):
    code = "nothing_scanned"
    title = _("Nothing was scanned")


class CodeTooLong(UnreadableCode):
    code = "code_too_long"
    title = _("This code is too long")
    advice = _("It has {length} signs; {length_max} are the most. Scan one code at a time.")


class CodeHasControls(UnreadableCode):
    code = "code_has_controls"
    title = _("This code holds control characters")
    advice = _("It is no code of ours: {shown}")


class CodeHasStrangeSigns(UnreadableCode):
    code = "code_has_strange_signs"
    title = _("This code holds signs that no barcode of ours has")
    advice = _("What came: {shown}")


class WrongCheckDigit(UnreadableCode):
    code = "wrong_check_digit"
    title = _("Wrong check digit: {shown}")
    advice = _("The code was misread or mistyped. Scan it again.")


class BrokenMessage(UnreadableCode):
    code = "broken_gs1_message"
    title = _("This GS1 code is damaged or incomplete")
    advice = _("Scan it again, or scan the item's plain barcode. What came: {shown}")


class NoItemLink(UnreadableCode):
    code = "no_item_link"
    title = _("This is a web link, not an item")
    advice = _("Links are never opened here. Scan the item's own barcode.")


@dataclass(frozen=True, slots=True)
class Code:
    """What a scan says.

    `text` is what to look house codes up by: trimmed, without the scanner's own prefix, and for anything that is not a
    GS1 message or link in upper case. `gtins` are the readings as 14 digits: more than one when the item master must
    decide (8 digits are a GTIN-8 and a UPC-E), none for a house code. `badge` is the associate's part of `B:4711`.
    `weight_g` is the net weight in whole grams, never 0.
    """

    text: str
    gtins: tuple[str, ...] = ()
    sscc: str = ""
    lot: str = ""
    expiry: date | None = None
    badge: str = ""
    serial: str = ""
    weight_g: int | None = None
    best_before: date | None = None

    @property
    def expiry_or_best_before(self) -> date | None:
        """The day after which it is not given away: many goods carry only a best-before date."""
        return self.expiry or self.best_before


def read_code(raw: str) -> Code:
    """What the scanned or typed text means. Raises a kind of UnreadableCode, saying why."""
    text = raw.strip(_WHITESPACE)
    _refuse_strange(text)
    symbology = ""
    if text[0] == "]":
        found = _AIM_IDENTIFIER.match(text)
        if not found or found.end() == len(text):
            raise UnreadableCode
        symbology, text = found[1], text[found.end() :]
    if text.isdigit():
        if symbology == _AIM_EAN_WITH_ADD_ON:
            text = text[:13]
        if symbology not in _AIM_GS1 and len(text) in GTIN_LENGTHS:
            return _read_gtin(text, ean_only=symbology == _AIM_EAN_8)
    if _LINK.match(text):
        return _read_link(text)
    if symbology in _AIM_GS1 or GROUP_SEPARATOR in text or _GS1_BEGINNING.match(text):
        return _read_message(text)
    if _HUMAN_READABLE.match(text):
        return _read_human_readable(text)
    return _read_house_code(text)


def has_valid_check_digit(digits: str) -> bool:
    """Whether the last digit is the GS1 check digit of those before it (General Specifications, section 7.9)."""
    values = digits.encode()
    total = 3 * sum(values[-2::-2]) + sum(values[-1::-2])
    zeros = 3 * (len(values) // 2) + (len(values) + 1) // 2
    return (total - 48 * zeros) % 10 == 0


def _refuse_strange(text: str) -> None:
    if not text:
        raise NothingScanned
    if len(text) > LENGTH_MAX:
        raise CodeTooLong(length=len(text), length_max=LENGTH_MAX)
    if not _ALLOWED.fullmatch(text):
        if _CONTROL.search(text):
            raise CodeHasControls(shown=_shown(text))
        raise CodeHasStrangeSigns(shown=_shown(text))


def _shown(text: str) -> str:
    """Fit for a screen: what cannot be printed becomes a dot."""
    dotted = "".join(sign if sign.isprintable() else "·" for sign in text[:41])
    return dotted if len(dotted) <= 40 else f"{dotted[:40]}…"


def _read_gtin(digits: str, *, ean_only: bool) -> Code:
    gtins = [digits.zfill(14)] if has_valid_check_digit(digits) else []
    if len(digits) == 8 and not ean_only:
        gtins += _upc_e_as_gtin(digits)
    if not gtins:
        raise WrongCheckDigit(shown=digits)
    return Code(digits, tuple(dict.fromkeys(gtins)))


def _upc_e_as_gtin(digits: str) -> list[str]:
    try:
        return [Upc.parse(digits).as_upc_a().zfill(14)]
    except ParseError:
        return []


def _read_link(text: str) -> Code:
    try:
        link = GS1DigitalLinkURI.parse(text, config=_LENIENT)
    except (ParseError, ValueError) as error:
        raise NoItemLink from error
    code = _code_of(text, link.element_strings)
    if not (code.gtins or code.sscc):
        raise NoItemLink
    return code


def _read_message(text: str) -> Code:
    message = text.strip(GROUP_SEPARATOR)
    if not message:
        raise BrokenMessage(shown=_shown(text))
    beginning = _GS1_BEGINNING.match(message)
    # Before the parser stumbles over what follows: a misread number is the likelier reason, and the clearer word.
    if beginning and not has_valid_check_digit(beginning["gtin"] or beginning["sscc"]):
        raise WrongCheckDigit(shown=_shown(message))
    try:
        elements = GS1Message.parse(message, config=_LENIENT).element_strings
    except (ParseError, ValueError) as error:
        raise BrokenMessage(shown=_shown(message)) from error
    return _code_of(message.replace(GROUP_SEPARATOR, " "), elements)


def _read_human_readable(text: str) -> Code:
    try:
        message = GS1Message.parse_hri(text, config=_LENIENT)
    except (ParseError, ValueError) as error:
        raise BrokenMessage(shown=_shown(text)) from error
    return _code_of(text, message.element_strings)


def _code_of(text: str, elements: GS1ElementStrings) -> Code:
    item, parcel = elements.get(ai="01"), elements.get(ai="00")
    if (item and item.gtin_error) or (parcel and parcel.sscc_error):
        raise WrongCheckDigit(shown=_shown(text))
    lot, serial = elements.get(ai="10"), elements.get(ai="21")
    expiry, best_before = elements.get(ai="17"), elements.get(ai="15")
    return Code(
        text,
        gtins=(item.value,) if item else (),
        sscc=parcel.value if parcel else "",
        lot=lot.value if lot else "",
        expiry=expiry.date if expiry else None,
        serial=serial.value if serial else "",
        weight_g=_weight_g(elements),
        best_before=best_before.date if best_before else None,
    )


def _weight_g(elements: GS1ElementStrings) -> int | None:
    """None where no weight is named, or less than half a gram: that label was printed with nothing on the scale."""
    for identifier, grams in _GRAMS:
        weight = elements.get(ai=identifier)
        if weight and weight.decimal is not None:
            return int((weight.decimal * grams).quantize(Decimal(1), ROUND_HALF_UP)) or None
    return None


def _read_house_code(text: str) -> Code:
    folded = fold_code(text)
    if len(folded) == _SSCC_LENGTH and folded.isdigit() and has_valid_check_digit(folded):
        return Code(folded, sscc=folded)
    badge = _BADGE.fullmatch(folded)
    return Code(folded, badge=badge[1] if badge else "")
