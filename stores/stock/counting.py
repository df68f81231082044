"""A count in words and figures: what somebody typed, and what came of it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stores.handheld.bands import Band, Tone
from stores.stock.actions.count_requests import Counted
from stores.stock.counting_errors import CountInvalid
from stores.stock.handling import QUANTITY_MAX


def counted_units(text: str) -> int:
    """The number that was typed, 0 included. Raises CountInvalid."""
    typed = text.strip()
    if not (typed.isascii() and typed.isdigit() and len(typed) <= len(str(QUANTITY_MAX))):
        raise CountInvalid(most=QUANTITY_MAX)
    return int(typed)


def counted_band(done: Counted) -> Band:
    """What the record had is said only now: who knows it before finds it."""
    title = _("Record said {recorded}, counted {counted}").format(recorded=done.recorded, counted=done.counted)
    said = [*_changes(done), *_promise(done)]
    tone: Tone = "look" if done.written_off or done.short else "yes"
    return Band(tone, title, " ".join(said) or _("The record was right."))


def _changes(done: Counted) -> list[str]:
    words = [
        (done.written_off, ngettext("{n} written off.", "{n} written off.", done.written_off)),
        (done.released, ngettext("{n} for sale again.", "{n} for sale again.", done.released)),
        (done.found, ngettext("{n} added to the record.", "{n} added to the record.", done.found)),
    ]
    return [said.format(n=n) for n, said in words if n]


def _promise(done: Counted) -> list[str]:
    if done.short:
        words = ngettext(
            "{short} unit short of what customers were promised.",
            "{short} units short of what customers were promised.",
            done.short,
        )
        return [words.format(short=done.short)]
    return [_("All that customers were promised is there again.")] if done.made_whole else []
