"""ZPL in templates: text that cannot command the printer, and lengths in millimetres."""

import re
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal

register = template.Library()

# Zebra's own limit for one field is 3072 bytes; a label has no room for a tenth of it.
TEXT_LENGTH_MAX = 200
# Everything printable in ASCII but the command prefixes, the escape sign of ^FH and the backslash of ^FB.
_PLAIN = frozenset(chr(number) for number in range(0x20, 0x7F)) - frozenset(r"^~_\\")
_HOUSE_CODE = re.compile(r"[A-Z0-9-]{1,24}")


class NotAHouseCode(Refusal):
    code = "not_a_house_code"
    title = _("This cannot be printed as a barcode")
    advice = _("{code}: capital letters, digits and dashes only.")
    status = 422


@register.filter
def zpl(value: object, length_max: int = TEXT_LENGTH_MAX) -> SafeString:
    """Text for a field that starts with ^FH^FD on a label with ^CI28, cut to `length_max` characters.

    Whatever could start a command, and every byte beyond printable ASCII, becomes its UTF-8 bytes in the form _5E, so
    no text can end its field. What was cut ends in two dots: not every printer has an ellipsis.
    """
    text = str(value)
    if len(text) > length_max:
        text = text[: length_max - 2].rstrip() + ".."
    return mark_safe("".join(map(_escaped, text)))  # noqa: S308  # Only the characters of _PLAIN and hex digits are in it.


@register.filter
def house_code(value: object) -> SafeString:
    """The content of a barcode: capital letters, digits, dashes. Raises NotAHouseCode.

    Stricter than `zpl`, because ^BC reads `>` as a command of its own, after ^FH has been undone.
    """
    text = str(value)
    if not _HOUSE_CODE.fullmatch(text):
        raise NotAHouseCode(code=text[:40])
    return mark_safe(text)  # noqa: S308  # Matched against the pattern.


@register.simple_tag(takes_context=True)
def mm(context: template.Context, length: Any) -> str:
    """A length in dots of the printer the label is for; never 0, which ZPL would read as "default"."""
    return str(max(round(float(length) * context["dots_per_mm"]), 1))


def _escaped(character: str) -> str:
    if character in _PLAIN:
        return character
    # A lone surrogate is no character; it cannot come from the database, and here it ends as a question mark.
    return "".join(f"_{byte:02X}" for byte in character.encode("utf-8", "replace"))
