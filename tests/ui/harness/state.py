"""What the harness server was told to do and what it saw; tests read and set it over HTTP."""

import threading
import time
from dataclasses import asdict, dataclass, field
from typing import Any

changed = threading.Condition()


@dataclass
class State:
    delay_ms: int = 0
    # While True, whoever posts waits for the answer.
    hold: bool = False
    # Which test it is: what a test before this one still asks for is nothing to this one.
    test: int = 0
    attempts: int = 0
    fail_next: int = 0
    signed_out: bool = False
    idle_seconds: int = 900
    live_up: bool = True
    board_version: int = 1
    board_fails: bool = False
    scans: list[dict[str, str]] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    posts: list[dict[str, str]] = field(default_factory=list)
    locks: int = 0
    # Whose session the browser has; no answer but 503; what makes the worker another one.
    badge: str = "R0SA"
    down: bool = False
    worker_salt: str = ""
    # How long the worker waits for a page: a machine that stalls is not taken for a server that is gone.
    worker_patience_ms: int = 60_000
    # Nothing works behind the server.
    broken: bool = False
    # What stands between answers every address with a page of its own, so; 302 leads there, 303 to our sign-in page.
    between: int = 0
    # How many pages were asked for, and from which on they wait.
    pages_asked: int = 0
    hold_pages_from: int | None = None


state = State()


def reset() -> None:
    state.__dict__.update(State(test=state.test + 1).__dict__)
    with changed:
        changed.notify_all()


def let_wait() -> None:
    """Keeps a post waiting for as long as the test says."""
    asked_by = state.test
    with changed:
        changed.wait_for(lambda: not state.hold, timeout=60)
    time.sleep(state.delay_ms / 1000)
    if state.test != asked_by:
        raise ConnectionAbortedError("The test that asked is over.")


def as_dict() -> dict[str, Any]:
    return asdict(state)
