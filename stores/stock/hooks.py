"""What higher floors want to hear about stock, called inside the transaction that changed it; and what they offer."""

from collections.abc import Callable
from dataclasses import dataclass

from stores.catalog.models import Item
from stores.models import Store

AtpRoseHook = Callable[[int, int], None]
ShortfallHook = Callable[[int, int, int], None]

_atp_rose: list[AtpRoseHook] = []
_shortfall: list[ShortfallHook] = []


def on_atp_rose(function: AtpRoseHook) -> AtpRoseHook:
    """Registers `function(store_id, item_id)`: more units of the item may now be promised by the store."""
    _atp_rose.append(function)
    return function


def tell_atp_rose(store_id: int, item_id: int) -> None:
    for function in _atp_rose:
        function(store_id, item_id)


def on_shortfall(function: ShortfallHook) -> ShortfallHook:
    """Registers `function(store_id, item_id, missing)`: of what the store promised, `missing` units are not there."""
    _shortfall.append(function)
    return function


def tell_shortfall(store_id: int, item_id: int, missing: int) -> None:
    for function in _shortfall:
        function(store_id, item_id, missing)


@dataclass(frozen=True, slots=True)
class ItemOffer:
    """Something that can be done about an item that another store has: the words on its button, and where it leads."""

    label: str
    url: str


# (item, the other store, units it can promise) → what is offered, or nothing.
ItemOfferHook = Callable[[Item, Store, int], ItemOffer | None]

_item_offers: list[ItemOfferHook] = []


def add_item_offer(function: ItemOfferHook) -> ItemOfferHook:
    """Registers an offer for the stores on an item's page. It makes no query: it is asked for every store."""
    _item_offers.append(function)
    return function


def item_offers(item: Item, store: Store, units: int) -> list[ItemOffer]:
    return [offer for function in _item_offers if (offer := function(item, store, units)) is not None]
