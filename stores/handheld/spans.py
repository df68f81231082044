"""How long, in words: what is left of a promise, how late it is, how old it is. static/js/clocks.js says the same."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

MINUTES_PER_DAY = 24 * 60
# From here on nobody plans by the minute.
WHOLE_HOURS_FROM = 3 * 60

SPAN_TEXTS: Final[dict[str, str | Promise]] = {
    "minutes_left": gettext_lazy("{n} min left"),
    "hours_left": gettext_lazy("{hours}:{minutes} h left"),
    "whole_hours_left": gettext_lazy("{n} h left"),
    "days_left": gettext_lazy("{n} d left"),
    "minutes_late": gettext_lazy("{n} min late"),
    "hours_late": gettext_lazy("{hours}:{minutes} h late"),
    "whole_hours_late": gettext_lazy("{n} h late"),
    "days_late": gettext_lazy("{n} d late"),
    "minutes_old": gettext_lazy("{n} min"),
    "hours_old": gettext_lazy("{hours}:{minutes} h"),
    "whole_hours_old": gettext_lazy("{n} h"),
    "days_old": gettext_lazy("{n} d"),
}


def span_in_words(minutes: int, kind: str) -> str:
    """`kind` is left, late or old. "13 min", "2:05 h", then whole hours, from two days on whole days."""
    numbers: dict[str, int | str]
    if minutes >= 2 * MINUTES_PER_DAY:
        unit, numbers = "days", {"n": minutes // MINUTES_PER_DAY}
    elif minutes >= WHOLE_HOURS_FROM:
        unit, numbers = "whole_hours", {"n": (minutes + 30) // 60}
    elif minutes >= 60:
        unit, numbers = "hours", {"hours": minutes // 60, "minutes": f"{minutes % 60:02}"}
    else:
        unit, numbers = "minutes", {"n": minutes}
    return str(SPAN_TEXTS[f"{unit}_{kind}"]).format(**numbers)


def age_in_words(seconds: int) -> str:
    return span_in_words(seconds // 60, "old") if seconds >= 60 else _("just now")
