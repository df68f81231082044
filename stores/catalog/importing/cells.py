"""Cells that a spreadsheet would run as formulas: quoted on their way out, and as they were on their way in."""

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_QUOTED = re.compile(r"'+[=+\-@\t\r]")


def quoted(text: str) -> str:
    """A text that begins like a formula gets an apostrophe in front, which makes it a text in every spreadsheet."""
    return f"'{text}" if _FORMULA.match(text) else text


def shown(text: str) -> str:
    """The text that `quoted` was given."""
    return text[1:] if _QUOTED.match(text) else text
