"""Which orders are walked together. Nothing here asks the database."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from picking.queries.bins import Take
from stores.orders.models import Fulfillment, FulfillmentLine

# What one tote carries comfortably, in units: an order of more takes up more than one place of the cart.
UNITS_A_TOTE = 20
# An order that is promised this much later than the cart's first is worth one stop less.
LATER = timedelta(minutes=15)


@dataclass
class Planned:
    """Units of one fulfillment line to take from one bin."""

    line: FulfillmentLine
    take: Take


@dataclass
class Sheet:
    """A list to be made: orders in the order of their places on the cart, and what is to be picked of them."""

    fulfillments: list[Fulfillment]
    planned: list[Planned] = field(default_factory=list)
    zone_id: int | None = None


def group_orders(
    fulfillments: Sequence[Fulfillment],
    by_order: Mapping[int, Sequence[Planned]],
    *,
    most: int,
    along: Mapping[int, int] | None = None,
) -> list[list[Fulfillment]]:
    """Carts of at most `most` totes: each begins with the soonest promise left and goes on with what adds least walk.

    `along` are the bins' places on the walk (0, 1, 2 …, by bin id): an order costs, for each of its bins, the way from
    the nearest bin the cart goes to anyhow, so a shared bin costs nothing; and a little for each quarter of an hour
    that it is promised later than the cart's first. An order of more units than a tote carries takes several places;
    one that would fill more than a cart goes alone. The answer depends on nothing but what is given.
    """
    places = along or {}
    left = sorted(fulfillments, key=lambda one: (one.promised_at, one.pk))
    stops = {one.pk: _stops(by_order.get(one.pk, ()), places) for one in left}
    totes = {one.pk: totes_needed(sum(it.take.quantity for it in by_order.get(one.pk, ()))) for one in left}
    carts: list[list[Fulfillment]] = []
    while left:
        cart = [left.pop(0)]
        room = most - totes[cart[0].pk]
        reached = set(stops[cart[0].pk])
        while fitting := [one for one in left if totes[one.pk] <= room]:
            best = min(fitting, key=lambda one: _cost(one, cart[0], stops[one.pk], reached))
            left.remove(best)
            cart.append(best)
            room -= totes[best.pk]
            reached |= stops[best.pk]
        carts.append(cart)
    return carts


def totes_needed(units: int) -> int:
    return max(1, -(-units // UNITS_A_TOTE))


def _stops(planned: Sequence[Planned], along: Mapping[int, int]) -> set[int]:
    return {along[bin_id] for one in planned if (bin_id := one.take.bin_id) is not None and bin_id in along}


def _cost(one: Fulfillment, first: Fulfillment, stops: Collection[int], reached: Collection[int]) -> tuple[int, int]:
    later = (one.promised_at - first.promised_at) // LATER
    way = sum(min((abs(stop - other) for other in reached), default=0) for stop in stops)
    return way + later, one.pk


def split_by_zone(
    fulfillments: Sequence[Fulfillment],
    planned: Sequence[Planned],
    zones: Mapping[int, int | None],
    *,
    most: int,
    along: Mapping[int, int] | None = None,
) -> list[Sheet]:
    """For each zone carts of at most `most` totes. `zones` are the zones' ids by bin id.

    What lies in no known bin goes with another part of its order.
    """
    sheets: list[Sheet] = []
    for zone_id in dict.fromkeys(zones.get(one.take.bin_id or 0) for one in planned if one.take.bin_id):
        here: dict[int, list[Planned]] = {}
        for one in planned:
            if one.take.bin_id and zones.get(one.take.bin_id) == zone_id:
                here.setdefault(one.line.fulfillment_id, []).append(one)
        orders = [fulfillment for fulfillment in fulfillments if fulfillment.pk in here]
        sheets += [
            Sheet(cart, [one for fulfillment in cart for one in here[fulfillment.pk]], zone_id)
            for cart in group_orders(orders, here, most=most, along=along)
        ]
    return _with_the_unknown(sheets, fulfillments, [one for one in planned if one.take.bin_id is None])


def _with_the_unknown(
    sheets: list[Sheet], fulfillments: Sequence[Fulfillment], unknown: Sequence[Planned]
) -> list[Sheet]:
    for fulfillment in fulfillments:
        lost = [one for one in unknown if one.line.fulfillment_id == fulfillment.pk]
        if not lost:
            continue
        sheet = next((sheet for sheet in sheets if fulfillment in sheet.fulfillments), None)
        if sheet is None:
            sheet = Sheet([fulfillment])
            sheets.append(sheet)
        sheet.planned.extend(lost)
    return sheets
