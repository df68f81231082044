"""Who wants to hear that something was recorded. Called with its kind, in the transaction that recorded it."""

from collections.abc import Callable

RecordedHook = Callable[[str], None]

_recorded: list[RecordedHook] = []


def on_recorded(function: RecordedHook) -> RecordedHook:
    """Registers `function(kind)`. It makes no query: every scan of every store passes here."""
    _recorded.append(function)
    return function


def tell_recorded(kind: str) -> None:
    for function in _recorded:
        function(kind)
