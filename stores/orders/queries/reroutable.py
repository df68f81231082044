"""Where else what a store cannot give might come from."""

from collections.abc import Iterable

from stores.models import Store
from stores.orders.models import Order, OrderLine
from stores.orders.queries.routing import candidate_stores


def stores_instead(order: Order, lines: Iterable[OrderLine]) -> list[Store]:
    """Stores that can promise all that is open of `lines`, the nearest to the customer first; none that failed them.

    A customer who has something to collect in a store already is not sent to a second one.
    """
    return candidate_stores(order, [line for line in lines if line.open_quantity])
