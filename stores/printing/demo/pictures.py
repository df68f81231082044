"""What a label looks like, for the demo's page of printed labels and for tests."""

import re
import unicodedata

try:
    import zplkit
except ImportError:  # Only the demo's extra brings it; without it the page shows the label's words.
    zplkit = None  # type: ignore[assignment]  # A module or nothing.

from stores.printing.labels import unescape

PICTURES = zplkit is not None

_NOT_ASCII = re.compile(r"(?:_[89A-F][0-9A-F])+")


class CannotDraw(Exception):
    """No renderer here, or bytes that are no label."""


def draw(zpl: str, *, dots_per_mm: int = 8) -> bytes:
    """The first label in `zpl` as a PNG, one pixel a dot. Raises CannotDraw."""
    if zplkit is None:
        raise CannotDraw("zplkit is not installed")
    # The renderer's font has next to no letters beyond ASCII, a printer's has: the picture shows them without accents.
    folded = _NOT_ASCII.sub(lambda run: _fold(unescape(run[0])), zpl)
    try:
        labels = zplkit.render(folded.encode(), zplkit.Options(dpi=round(dots_per_mm * 25.4))).labels
    except ValueError as error:
        raise CannotDraw(str(error)) from error
    if not labels:
        raise CannotDraw("no label in it")
    return labels[0].png()


def _fold(text: str) -> str:
    letters = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return "".join(letter if letter.isascii() and letter.isalnum() else "?" for letter in letters)
