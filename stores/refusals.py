"""Why something cannot be done, with the facts. Every domain error of every app derives from Refusal."""

from typing import Any, ClassVar, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Tone = Literal["yes", "no", "look"]


class Refusal(Exception):
    """The request is understood and the answer is no.

    `title` and `advice` are templates filled with the keyword facts the error was raised with, so that a scan band,
    an API problem and a log line all say the same. `status` is the HTTP status an entry point answers with:
    409 when the state of things stands in the way, 422 when the input itself is wrong.
    """

    code: ClassVar[str] = "refused"
    title: ClassVar[str | Promise] = _("Not possible")
    advice: ClassVar[str | Promise] = ""
    tone: ClassVar[Tone] = "no"
    status: ClassVar[int] = 409

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.code)

    def __str__(self) -> str:
        return f"{self.code}: {self.facts}"

    @property
    def headline(self) -> str:
        return str(self.title).format(**self.facts)

    @property
    def detail(self) -> str:
        return str(self.advice).format(**self.facts)
