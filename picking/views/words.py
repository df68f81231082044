"""Words that stand on the walk's screen with figures in them, put together once for each answer.

Every scan draws them anew: filled in here they cost a third of what a template takes. The device has the same words
(stores/handheld/work_texts.py).
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from picking.queries.walk import Walk, WalkLine


@dataclass(frozen=True, slots=True)
class WalkWords:
    title: str
    units: str
    wanted: str  # of the line that is picked
    following: str


def walk_words(walk: Walk, line: WalkLine | None, following: WalkLine | None) -> WalkWords:
    wanted = then = ""
    if line:
        wanted = _("{n} wanted: {name}").format(n=line.open_quantity, name=line.name)
    if following:
        then = _("Then {bin}: {name}").format(bin=following.bin_code or "–", name=following.name)
    return WalkWords(
        title=_("List {number}").format(number=walk.pk),
        units=_("{picked} of {units} units").format(picked=walk.units_picked, units=walk.units),
        wanted=wanted,
        following=then,
    )
