"""Which stores may fulfill an order, best first."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from stores.models import Store
from stores.orders.models import Fulfillment, Order, OrderLine
from stores.stock.queries.availability import available_to_promise


def candidate_stores(
    order: Order,
    lines: Iterable[OrderLine],
    *,
    held: Mapping[tuple[int, int], int] | None = None,
    first: Collection[int] = (),
) -> list[Store]:
    """Stores that offer the order's method and can promise everything open, the nearest to the customer first.

    `held` are units by (store id, item id) that are the order's already, beyond ATP; the stores `first` (ids) come
    before all others.

    An order that names its pickup store has that one candidate; one whose customer already goes to a store stays there.
    """
    wanted = Counter[int]()
    for line in lines:
        wanted[line.item_id] += line.open_quantity
    stores = _stores_in_question(order)
    atp = available_to_promise((store.pk, item_id) for store in stores for item_id in wanted)
    held = held or {}
    able = [
        store
        for store in stores
        if all(atp[store.pk, item] + held.get((store.pk, item), 0) >= units for item, units in wanted.items())
    ]
    return sorted(able, key=lambda store: (store.pk not in first, _distance(order, store), store.pk))


def _stores_in_question(order: Order) -> list[Store]:
    if order.pickup_store_id:
        return list(Store.objects.filter(pk=order.pickup_store_id))
    # The order's own parts only: an `exclude` across the relation would look at every order of the store.
    parts = Fulfillment.objects.filter(order=order).exclude(state=Fulfillment.State.CANCELLED)
    chosen = Store.objects.filter(pk__in=parts.values("store"))
    if chosen:
        return list(chosen)
    stores = Store.objects.filter(offers_pickup=True)
    return list(stores.filter(offers_curbside=True) if order.method == Order.Method.CURBSIDE else stores)


def _distance(order: Order, store: Store) -> float:
    if order.latitude is None or order.longitude is None:
        return 0.0
    return store.distance_km(order.latitude, order.longitude)
