"""A counter board and its stream, either of which can be broken on demand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone

from tests.ui.harness.state import changed, let_wait, state


@dataclass(frozen=True)
class Arrival:
    waits: int
    where: str
    who: str
    bin: str
    by: str = ""
    cold: bool = False

    @property
    def since(self) -> datetime:
        return timezone.now() - timedelta(seconds=self.waits)


ARRIVALS = [
    Arrival(252, "Bay 2 · green estate car", "M. Okafor · order 1032 · 3 bags", "S-02", cold=True),
    Arrival(115, "Counter", "J. Silva for A. Silva · order 1041 · 1 bag", "S-07", by="Rosa"),
    Arrival(20, "Bay 1 · white van", "P. Marsh · order 1047 · 2 bags", "S-11"),
]


def _board() -> dict[str, Any]:
    return {"version": state.board_version, "arrivals": ARRIVALS}


def board(request: HttpRequest) -> HttpResponse:
    return render(request, "counter.html", _board())


def fragment(request: HttpRequest) -> HttpResponse:
    if state.signed_out:
        return HttpResponse(status=401)
    if state.board_fails:
        return HttpResponse(status=503)
    return render(request, "counter.html#board", _board())


def claim(request: HttpRequest) -> HttpResponse:
    let_wait()
    state.posts.append({"key": request.POST["key"], "what": "claim"})
    return render(request, "counter.html#board", _board())


def live(request: HttpRequest) -> HttpResponseBase:
    """The stream, on another port like the live server in the demo."""
    answer: HttpResponseBase
    if state.signed_out:
        answer = HttpResponse(status=401)
    elif not state.live_up:
        answer = HttpResponse(status=503)
    else:
        answer = StreamingHttpResponse(_events(), content_type="text/event-stream")
    answer["Cache-Control"] = "no-store"
    answer["Access-Control-Allow-Origin"] = request.headers["Origin"]
    answer["Access-Control-Allow-Credentials"] = "true"
    return answer


def _events() -> Iterator[bytes]:
    seen = state.board_version
    yield b"event: ping\ndata: -\n\n"
    while state.live_up:
        with changed:
            changed.wait(timeout=0.5)
        if state.board_version != seen:
            seen = state.board_version
            yield b"data: changed\n\n"
        else:
            yield b"event: ping\ndata: -\n\n"
