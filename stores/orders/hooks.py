"""What higher floors want to hear about orders. Called inside the transaction that changed them."""

from collections.abc import Callable

from stores.orders.models import Fulfillment

FulfillmentHook = Callable[[Fulfillment], None]

_allocated: list[FulfillmentHook] = []


def on_allocated(function: FulfillmentHook) -> FulfillmentHook:
    """Registers `function(fulfillment)`: a store has new work, its stock is reserved."""
    _allocated.append(function)
    return function


def tell_allocated(fulfillment: Fulfillment) -> None:
    for function in _allocated:
        function(fulfillment)
