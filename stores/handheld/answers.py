"""Forms that write: one key, one effect, one band."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from stores.handheld.bands import Band
from stores.journal.actions.answer_once import answer_once
from stores.refusals import Refusal
from stores.staff.http import StoreRequest

# A PIN is checked before the form is answered, and the stored hash of so few digits could be searched for.
# The moment is the device's: a tap that got no answer is queued under its key, and only the queue says when it was.
NOT_PART_OF_THE_BODY = {"key", "csrfmiddlewaretoken", "pin", "scanned_at"}


@dataclass(frozen=True, slots=True)
class BandAnswer:
    """What a form was answered. `repeated` tells that nothing was done now: the band is the one of the first time."""

    band: Band
    status: int
    repeated: bool


def answer_form(request: StoreRequest, *, act: Callable[[], Band]) -> BandAnswer:
    """Runs `act` once for the form's key, in one durable transaction, and remembers its band.

    A Refusal, too, is remembered: its band carries its tone and the answer its status (409 or 422). The same key
    with another path or other fields is refused with 422. Every other failure leaves nothing behind.
    """
    try:
        outcome = answer_once(
            scope=f"associate:{request.user.pk}",
            key=request.POST.get("key", ""),
            body=[request.path, _fields(request)],
            act=lambda: _answer(act(), 200),
            on_refusal=lambda refusal: _answer(refusal_band(refusal), refusal.status),
        )
    except Refusal as refusal:
        return BandAnswer(refusal_band(refusal), refusal.status, repeated=False)
    return BandAnswer(Band(**outcome.answer["band"]), outcome.answer["status"], outcome.repeated)


def refusal_band(refusal: Refusal) -> Band:
    """The band for a refusal; a `code` among its facts is shown as it was scanned, a `place` on the screen."""
    code, place = (str(refusal.facts.get(name, "")) for name in ("code", "place"))
    return Band(refusal.tone, refusal.headline, refusal.detail, code=code, place=place)


def _fields(request: StoreRequest) -> dict[str, list[str]]:
    """What was typed, and which files came with it: another file under the same key is another request."""
    texts = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_PART_OF_THE_BODY}
    files = {
        f"file {name}": [f"{file.name} {file.size}" for file in request.FILES.getlist(name)] for name in request.FILES
    }
    return texts | files


def _answer(band: Band, status: int) -> dict[str, Any]:
    said = ((field.name, getattr(band, field.name)) for field in fields(band))
    words = {name: str(value) for name, value in said if value is not None}
    return {"band": words, "status": status}
