"""What higher floors want to hear about orders. Called inside the transaction that changed them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from stores.orders.models import Fulfillment, FulfillmentLine, Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Units of a fulfillment's line that nobody wants any more: `unpicked` of them still on a shelf, `picked` in a tote
    or staged. `reason` is one of `reasons.Withdrawn`; `key` is this withdrawal's alone.
    """

    line: FulfillmentLine
    unpicked: int
    picked: int
    reason: str
    key: str


WordsHook = Callable[[Collection[int]], Mapping[int, str]]
FulfillmentHook = Callable[[Fulfillment], None]
LockHook = Callable[[Sequence[Fulfillment]], None]
WithdrawalHook = Callable[[Withdrawal], None]
OrderHook = Callable[[Order, Fulfillment | None], None]

_on_the_way: list[WordsHook] = []
_allocated: list[FulfillmentHook] = []
_withdrawing: list[LockHook] = []
_withdrawn: list[WithdrawalHook] = []
_cancelled: list[FulfillmentHook] = []
_settled: list[OrderHook] = []


def on_allocated(function: FulfillmentHook) -> FulfillmentHook:
    """Registers `function(fulfillment)`: a store has new work, its stock is reserved."""
    _allocated.append(function)
    return function


def on_withdrawing(function: LockHook) -> LockHook:
    """Registers `function(fulfillments)`: units of these, all of one order, are about to be withdrawn.

    The order and they are locked, their lines not yet. Whoever counts picked units on rows of its own locks those now,
    lists before lines and each by id, so that no scan comes between counting and withdrawing.
    """
    _withdrawing.append(function)
    return function


def on_withdrawn(function: WithdrawalHook) -> WithdrawalHook:
    """Registers `function(withdrawal)`, told before orders changes its own counts.

    For the picked units it takes the claim over (`reserve(given=…)` and `give` of the line's reservation), and whoever
    has staged some of them lowers the line's `staged` by those. Orders does the rest: it lets go of the claim on the
    unpicked units and counts all of them as cancelled.
    """
    _withdrawn.append(function)
    return function


def on_fulfillment_cancelled(function: FulfillmentHook) -> FulfillmentHook:
    """Registers `function(fulfillment)`: nothing of it is wanted any more, its state is cancelled."""
    _cancelled.append(function)
    return function


def on_settled(function: OrderHook) -> OrderHook:
    """Registers `function(order, fulfillment)`: an order of which less is wanted stands as it will.

    `fulfillment` is the one that now gives what the order still missed; None when it misses nothing, or nobody has it.
    Whoever promised it and could not give it then says whether it is waited for, or cancels it (`cancel_open_units`).
    """
    _settled.append(function)
    return function


def on_asked_how_far(function: WordsHook) -> WordsHook:
    """Registers `function(fulfillment ids)`: of those that are not picked yet, how far they are, in words."""
    _on_the_way.append(function)
    return function


def ask_how_far(fulfillment_ids: Collection[int]) -> dict[int, str]:
    words: dict[int, str] = {}
    for function in _on_the_way:
        words |= function(fulfillment_ids)
    return words


def tell_allocated(fulfillment: Fulfillment) -> None:
    for function in _allocated:
        function(fulfillment)


def tell_withdrawing(fulfillments: Sequence[Fulfillment]) -> None:
    for function in _withdrawing:
        function(fulfillments)


def tell_withdrawn(withdrawal: Withdrawal) -> None:
    for function in _withdrawn:
        function(withdrawal)


def tell_fulfillment_cancelled(fulfillment: Fulfillment) -> None:
    for function in _cancelled:
        function(fulfillment)


def tell_settled(order: Order, fulfillment: Fulfillment | None) -> None:
    for function in _settled:
        function(order, fulfillment)
