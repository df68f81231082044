"""The one door to an order, and to a fulfillment; and the first of all locks."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from stores.models import Store
from stores.orders.errors import NotHere
from stores.orders.models import Fulfillment, Order


def access_fulfillment(*, store: Store, pk: int) -> Fulfillment:
    """The fulfillment with its order and contact. Raises NotHere when it is another store's or nobody's."""
    found = (
        Fulfillment.objects.select_related("order", "order__contact", "store").filter(pk=pk, store_id=store.pk).first()
    )
    if found is None:
        raise NotHere
    return found


def access_order(*, store: Store, pk: int) -> Order:
    """An order that this store has to do with, or that waits for whichever store can give it. Raises NotHere."""
    here = Exists(Fulfillment.objects.filter(order=OuterRef("pk"), store_id=store.pk))
    anywhere = Q(pickup_store=None, state=Order.State.BACKORDERED)
    orders = Order.objects.select_related("contact", "pickup_store")
    found = orders.filter(Q(pickup_store_id=store.pk) | here | anywhere, pk=pk).first()
    if found is None:
        raise NotHere
    return found


def lock_order(pk: int) -> Order:
    """Holds the order's row until the transaction ends. Whoever locks anything of an order locks this first."""
    return Order.objects.select_for_update(no_key=True).get(pk=pk)


def lock_orders(fulfillments: QuerySet[Fulfillment]) -> None:
    """The same for the orders of `fulfillments`, by id: for whoever holds those next and ends them."""
    orders = Order.objects.filter(pk__in=fulfillments.values("order"))
    list(orders.select_for_update(no_key=True).order_by("pk").values_list("pk"))
