"""What a wave would give, before a lead releases it. Writes nothing."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from picking.actions.release import planned_lines, sheets_of
from picking.grouping import Sheet
from picking.models import Method
from picking.queries.waiting import WaitingOrder, waiting_orders
from stores.models import Store

# Planning looks up the bins of each line: for more orders than this the page would be slow to open.
ORDERS_MAX = 60


def foresee_waves(store: Store, waiting: Sequence[WaitingOrder]) -> dict[str, str]:
    """By method, the lists that releasing all of these orders would make, in words; nothing for very many orders."""
    if not waiting or len(waiting) > ORDERS_MAX:
        return {}
    place = {one.pk: number for number, one in enumerate(waiting)}
    found = waiting_orders(store).filter(pk__in=place).select_related("order", "store")
    orders = sorted(found, key=lambda one: place[one.pk])
    planned = planned_lines(store, orders)
    zones = dict(store.zones.values_list("pk", "name"))
    return {method: _in_words(sheets_of(store, orders, planned, method), zones) for method in Method}


def _in_words(sheets: Sequence[Sheet], zones: dict[int, str]) -> str:
    lists = ngettext("{n} list", "{n} lists", len(sheets)).format(n=len(sheets))
    in_zones = [one for one in sheets if one.zone_id is not None]
    if len(in_zones) == len(sheets) and len({one.zone_id for one in in_zones}) == 1:
        zone = zones.get(in_zones[0].zone_id or 0, "?")
        return _("{lists}: everything lies in {zone}").format(lists=lists, zone=zone)
    if all(len(one.fulfillments) == 1 and one.zone_id is None for one in sheets):
        return _("{lists}, one for each order").format(lists=lists) if len(sheets) > 1 else lists
    return f"{lists}: " + ", ".join(_of(one, zones) for one in sheets)


def _of(sheet: Sheet, zones: dict[int, str]) -> str:
    orders = ngettext("{n} order", "{n} orders", len(sheet.fulfillments)).format(n=len(sheet.fulfillments))
    if sheet.zone_id is not None:
        return f"{zones.get(sheet.zone_id, '?')} {orders}"
    if any(one.order.is_express for one in sheet.fulfillments):
        return _("{orders} express").format(orders=orders)
    return orders
