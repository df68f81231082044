"""What higher floors want to hear about stock. Called inside the transaction that changed it."""

from collections.abc import Callable

AtpRoseHook = Callable[[int, int], None]

_atp_rose: list[AtpRoseHook] = []


def on_atp_rose(function: AtpRoseHook) -> AtpRoseHook:
    """Registers `function(store_id, item_id)`: more units of the item may now be promised by the store."""
    _atp_rose.append(function)
    return function


def tell_atp_rose(store_id: int, item_id: int) -> None:
    for function in _atp_rose:
        function(store_id, item_id)
