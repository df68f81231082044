"""Which stores may fulfill an order, best first."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from django.db.models import Exists, F, OuterRef

from stores.models import Store
from stores.orders.models import Fulfillment, FulfillmentLine, Order, OrderLine
from stores.stock.models import Condition, Move
from stores.stock.queries.availability import available_to_promise

# Moves that put units into a store that nobody could have promised before.
_BROUGHT = (
    Move.Reason.OPENING,
    Move.Reason.RECEIVED,
    Move.Reason.FOUND,
    Move.Reason.RELEASED,
    Move.Reason.RETURNED,
    Move.Reason.PUT_BACK,
)


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
    A store that could not give something of `lines` is not asked for it again until units of it were brought there.
    """
    lines = list(lines)
    wanted = Counter[int]()
    for line in lines:
        wanted[line.item_id] += line.open_quantity
    failed = _failed(lines) if order.state != Order.State.PLACED else set()
    stores = [store for store in _stores_in_question(order) if store.pk not in failed]
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
    parts = FulfillmentLine.objects.filter(fulfillment__order=order, quantity__gt=F("short") + F("cancelled"))
    goes_to = parts.exclude(fulfillment__state=Fulfillment.State.CANCELLED).values("fulfillment__store")
    chosen = Store.objects.filter(pk__in=goes_to)
    if chosen:
        return list(chosen)
    stores = Store.objects.filter(offers_pickup=True)
    return list(stores.filter(offers_curbside=True) if order.method == Order.Method.CURBSIDE else stores)


def _failed(lines: list[OrderLine]) -> set[int]:
    """Stores (ids) that were short of one of the lines, and to which nothing of its item was brought since."""
    brought = Move.objects.filter(
        store_id=OuterRef("fulfillment__store_id"),
        item_id=OuterRef("item_id"),
        pk__gt=OuterRef("short_after"),
        reason__in=_BROUGHT,
        target_condition=Condition.SELLABLE,
    )
    short = FulfillmentLine.objects.filter(order_line__in=lines, short__gt=0, short_after__isnull=False)
    return set(short.exclude(Exists(brought)).values_list("fulfillment__store_id", flat=True))


def _distance(order: Order, store: Store) -> float:
    if order.latitude is None or order.longitude is None:
        return 0.0
    return store.distance_km(order.latitude, order.longitude)
