"""What higher floors want to hear about people. Called inside the transaction that changed them."""

from collections.abc import Callable

from stores.staff.models import Associate

AssociateHook = Callable[[Associate], None]

_disabled: list[AssociateHook] = []


def on_disabled(function: AssociateHook) -> AssociateHook:
    """Registers `function(associate)`: they are let in nowhere any more, so what they hold is for others."""
    _disabled.append(function)
    return function


def tell_disabled(associate: Associate) -> None:
    for function in _disabled:
        function(associate)
