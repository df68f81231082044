"""What the harness server was told to do and what it saw; tests read and set it over HTTP."""

import threading
from dataclasses import asdict, dataclass, field
from typing import Any

changed = threading.Condition()


@dataclass
class State:
    delay_ms: int = 0
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
    # Whose session the browser has; no answer but 503; how long a page takes; what makes the worker another one.
    badge: str = "R0SA"
    down: bool = False
    # Nothing works behind the server.
    broken: bool = False
    page_delay_ms: int = 0
    worker_salt: str = ""


state = State()


def reset() -> None:
    state.__dict__.update(State().__dict__)
    with changed:
        changed.notify_all()


def as_dict() -> dict[str, Any]:
    return asdict(state)
