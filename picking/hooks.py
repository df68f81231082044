"""What higher floors want to hear about picking. Called inside the transaction that changed it."""

from collections.abc import Callable

from picking.models import PickList

ListHook = Callable[[PickList], None]

_done: list[ListHook] = []


def on_list_done(function: ListHook) -> ListHook:
    """Registers `function(pick_list)`: everything of the list is in its totes, or was given up as short."""
    _done.append(function)
    return function


def tell_list_done(pick_list: PickList) -> None:
    for function in _done:
        function(pick_list)
