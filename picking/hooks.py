"""What higher floors do when picking asks for it. Called inside the transaction that asks."""

from collections.abc import Callable

from stores.models import Bin
from stores.orders.models import FulfillmentLine

TakingHook = Callable[[FulfillmentLine, int], list[tuple[Bin, int]]]

_taking_from_staging: list[TakingHook] = []


def on_taking_from_staging(function: TakingHook) -> TakingHook:
    """Registers `function(fulfillment_line, quantity)`, which takes that many staged units out of their bags.

    It lowers the line's `staged` by them and answers in which staging bins they lie. Usable as a decorator.
    """
    _taking_from_staging.append(function)
    return function


def take_from_staging(line: FulfillmentLine, quantity: int) -> list[tuple[Bin, int]]:
    """(bin, units) of what was taken out of its bags."""
    return [place for function in _taking_from_staging for place in function(line, quantity)]
