"""Ctrl-C, SIGTERM and a closed terminal, turned into one exception, so that `with` and `finally` stop everything."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Not an Exception: no handler of errors on the way may swallow it."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.number = number


def raise_interrupted() -> None:
    """From now on the main thread raises Interrupted at the first stop signal; those after it are ignored."""
    for number in STOP_SIGNALS:
        # Whoever started us with nohup wants us to outlive the terminal.
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _interrupt)


@contextlib.contextmanager
def shielded() -> Iterator[None]:
    """Stopping is under way: an impatient second Ctrl-C must not leave half of it undone."""
    try:
        before = {number: signal.signal(number, signal.SIG_IGN) for number in STOP_SIGNALS}
    except ValueError:  # Only the main thread hears signals; another needs no shield.
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    for other in STOP_SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise Interrupted(number)
