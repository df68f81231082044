"""What a picker may take in the place of something that is not there."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from django.db.models import QuerySet

from picking.models import Shortage
from picking.queries.bins import bins_by_likelihood
from stores.catalog.models import Item
from stores.catalog.queries.substitutes import substitutes_of_many
from stores.models import Store
from stores.orders.models import Fulfillment, Order
from stores.orders.queries.reroutable import stores_instead
from stores.stock.queries.availability import available_to_promise


@dataclass(frozen=True)
class Offer:
    """`quantity` units of `item`, from `bin_code`, for as many of `instead_of`."""

    shortage_pk: int
    order_number: str
    instead_of: Item
    item: Item
    quantity: int
    bin_code: str
    price: Decimal


def undecided(*, list_pk: int) -> list[Shortage]:
    """Shortages of the list of which nobody knows yet what becomes of them. One query."""
    return _with_their_orders(Shortage.objects.filter(pick_line__pick_list=list_pk, end=""))


def undecided_of(fulfillment: Fulfillment) -> list[Shortage]:
    """The same of one order in this store, on a list or not."""
    return _with_their_orders(Shortage.objects.filter(fulfillment_line__fulfillment=fulfillment, end=""))


def _with_their_orders(shortages: QuerySet[Shortage]) -> list[Shortage]:
    known = shortages.select_related(
        "pick_line", "fulfillment_line__order_line__item", "fulfillment_line__fulfillment__order"
    )
    return list(known.order_by("pk"))


def goes_to_another_store(order: Order) -> bool:
    """Whether what the order misses can come from elsewhere when this walk is over."""
    return bool(stores_instead(order, order.lines.select_related("item")))


def offers(*, store: Store, shortages: Sequence[Shortage]) -> list[Offer]:
    """For each shortage the best substitute that this store has, unless another store gives the item itself.

    Only for orders whose customers take substitutes, and never for a part of a bundle.
    """
    wanted = [one for one in shortages if _may_be_substituted(one)]
    elsewhere = {
        order.pk: goes_to_another_store(order) for order in {one.fulfillment_line.fulfillment.order for one in wanted}
    }
    wanted = [one for one in wanted if not elsewhere[one.fulfillment_line.fulfillment.order_id]]
    if not wanted:
        return []
    approved = substitutes_of_many({one.fulfillment_line.item_id for one in wanted})
    atp = available_to_promise((store.pk, item.pk) for items in approved.values() for item in items)
    found: list[Offer] = []
    for one in wanted:
        possible = (_offer(store, one, item, atp[store.pk, item.pk]) for item in approved[one.fulfillment_line.item_id])
        found.extend(islice(filter(None, possible), 1))
    return found


def _may_be_substituted(shortage: Shortage) -> bool:
    line = shortage.fulfillment_line
    return line.fulfillment.order.allows_substitutes and line.order_line.bundle_id is None


def _offer(store: Store, shortage: Shortage, item: Item, atp: int) -> Offer | None:
    line = shortage.fulfillment_line
    units = min(shortage.quantity, line.order_line.open_quantity, atp)
    if units <= 0:
        return None
    near = shortage.pick_line.bin_id if shortage.pick_line else None
    places = bins_by_likelihood(store=store, item_id=item.pk, quantity=units, near=near)
    if not places:
        return None
    was = line.order_line
    return Offer(
        shortage_pk=shortage.pk,
        order_number=line.fulfillment.order.number,
        instead_of=was.item,
        item=item,
        quantity=min(units, sum(place.free for place in places)),
        bin_code=places[0].code,
        price=was.price_instead(item, currency=line.fulfillment.order.currency),
    )
