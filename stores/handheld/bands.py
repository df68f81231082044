"""The band: one scan's result in colour, icon, words, sound and vibration."""

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

Tone = Literal["yes", "no", "look"]
Cue = Literal["yes", "no", "look", "done"]


@dataclass(frozen=True, slots=True)
class Band:
    """What the associate sees, hears and feels for one scan.

    `tone` is the colour and icon: yes (counted), no (refused), look (counted or not, but read this).
    `title` is at most six words, `detail` one short sentence (what was expected, what came).
    `code` is shown as scanned, so that a bad label can be recognised. `sound` defaults to the tone;
    "done" is the longer cue for a finished task. A link (`action_url`, `action_label`) offers the way on,
    such as a search for an unknown code. `place` is where what is in the hand goes, for a screen that shows it large.
    """

    tone: Tone
    title: str | Promise
    detail: str | Promise = ""
    code: str = ""
    sound: Cue | None = None
    action_label: str | Promise = ""
    action_url: str = ""
    place: str = ""

    @property
    def cue(self) -> Cue:
        return self.sound or self.tone

    @property
    def icon(self) -> str:
        return {"yes": "check", "no": "cross", "look": "alert"}[self.tone]
