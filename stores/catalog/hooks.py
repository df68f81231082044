"""What higher floors want to hear about items. Called inside the transaction that changed them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from stores.catalog.models import Item

StateHook = Callable[[Sequence[Item]], None]

_state_changed: list[StateHook] = []


def on_state_changed(function: StateHook) -> StateHook:
    """Registers `function(items)`: these items are in another state of their lives."""
    _state_changed.append(function)
    return function


def tell_state_changed(items: Sequence[Item]) -> None:
    for function in _state_changed:
        function(items)


@dataclass(frozen=True, kw_only=True)
class RefusedWrite:
    """Something a system said about an item that is not applied, and must wait for a person.

    `external_id` is the same whenever the same is said again. `reason` is a value of ImportLine.Reason; `body` is what
    came, as text; `facts` is what stood in the way, in words.
    """

    source: str
    external_id: str
    topic: str
    body: str
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)


# Keeps the writes; returns the external ids that were waiting already.
RefusedHook = Callable[[Sequence[RefusedWrite]], set[str]]

_refused: list[RefusedHook] = []


def on_refused(function: RefusedHook) -> RefusedHook:
    """Registers the one place where refused writes wait."""
    _refused[:] = [function]
    return function


def tell_refused(writes: Sequence[RefusedWrite]) -> set[str]:
    """Hands over refused writes; returns the external ids of those that were waiting, or were settled, before."""
    known: set[str] = set()
    for function in _refused:
        known |= function(writes)
    return known


# (source, import's number) -> by reason, how many refused words of this import wait, and how many of its source in all.
WaitingHook = Callable[[str, int], dict[str, tuple[int, int]]]

_waiting: list[WaitingHook] = []


def on_count_waiting(function: WaitingHook) -> WaitingHook:
    """Registers the one place that knows which refused writes still wait."""
    _waiting[:] = [function]
    return function


def count_waiting(source: str, item_import: int) -> dict[str, tuple[int, int]]:
    return _waiting[0](source, item_import) if _waiting else {}


# Says in words why an item cannot be given up yet and what to do about it; nothing where there is no reason.
Hindrance = Callable[[Item], str]

_hindrances: list[Hindrance] = []


def add_hindrance(function: Hindrance) -> Hindrance:
    """Registers `function(item)`: asked before one of two items is given up for the other."""
    _hindrances.append(function)
    return function


def hindrances_of(item: Item) -> list[str]:
    return [words for words in (function(item) for function in _hindrances) if words]
