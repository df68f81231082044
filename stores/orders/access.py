"""The one door to an order, and the first of all locks."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from stores.models import Store
from stores.orders.errors import NotHere
from stores.orders.models import Fulfillment, Order


def orders_of(store: Store) -> QuerySet[Order]:
    """Orders that this store has to do with, or that wait for whichever store can give them; with their contact."""
    here = Exists(Fulfillment.objects.filter(order=OuterRef("pk"), store_id=store.pk))
    anywhere = Q(pickup_store=None, state=Order.State.BACKORDERED)
    return Order.objects.filter(Q(pickup_store_id=store.pk) | here | anywhere).select_related("contact")


def access_order(*, store: Store, pk: int) -> Order:
    """One of `orders_of(store)`, with its pickup store. Raises NotHere."""
    found = orders_of(store).select_related("contact", "pickup_store").filter(pk=pk).first()
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
