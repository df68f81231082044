"""Ctrl-C, SIGTERM and a closed terminal, turned into one exception, so that `with` and `finally` stop everything."""

import contextlib
import signal
import threading
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
    before = {}
    if threading.current_thread() is threading.main_thread():  # No other hears signals.
        before = {number: signal.signal(number, signal.SIG_IGN) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def held_back() -> Iterator[None]:
    """A signal that comes while a child is being started waits until we know the child, lest it be left behind."""
    waiting: list[int] = []
    before = {}
    if threading.current_thread() is threading.main_thread():
        wanted = [number for number in STOP_SIGNALS if signal.getsignal(number) != signal.SIG_IGN]
        before = {number: signal.signal(number, lambda caught, _frame: waiting.append(caught)) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for first in waiting[:1]:
            signal.raise_signal(first)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    for other in STOP_SIGNALS:
        signal.signal(other, signal.SIG_IGN)
    raise Interrupted(number)
