"""Which orders are walked together. Nothing here asks the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from picking.queries.bins import Take
from stores.orders.models import Fulfillment, FulfillmentLine


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
    fulfillments: Sequence[Fulfillment], by_order: Mapping[int, Sequence[Planned]], *, most: int
) -> list[list[Fulfillment]]:
    """Carts of at most `most` orders, in the order in which the orders came."""
    return [list(fulfillments[begin : begin + most]) for begin in range(0, len(fulfillments), most)]


def split_by_zone(
    fulfillments: Sequence[Fulfillment],
    planned: Sequence[Planned],
    zones: Mapping[int, int | None],
    *,
    most: int,
) -> list[Sheet]:
    """For each zone carts of at most `most` orders. `zones` are the zones' ids by bin id.

    What lies in no known bin goes with another part of its order.
    """
    sheets: list[Sheet] = []
    for zone_id in dict.fromkeys(zones.get(one.take.bin_id or 0) for one in planned if one.take.bin_id):
        here = [one for one in planned if one.take.bin_id and zones.get(one.take.bin_id) == zone_id]
        wanted = {one.line.fulfillment_id for one in here}
        orders = [fulfillment for fulfillment in fulfillments if fulfillment.pk in wanted]
        for begin in range(0, len(orders), most):
            cart = orders[begin : begin + most]
            on_it = {fulfillment.pk for fulfillment in cart}
            sheets.append(Sheet(cart, [one for one in here if one.line.fulfillment_id in on_it], zone_id))
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
