"""A list of several orders of which nothing is left for any of them."""

from django.db import transaction

from picking.actions.finish_list import settle_parts
from picking.actions.totes import free_empty_totes
from picking.actions.turns.withdraw import cancel_list
from picking.models import PickList
from picking.queries.empty_lists import empty_lists
from stores.orders.access import lock_orders
from stores.orders.models import Fulfillment


def end_empty_list(*, pk: int) -> bool:
    """Ends the list, and its orders go on where it was the last they waited for. Returns whether there was one.

    The change that emptied it held the rows of one order only; here all of them are taken, in the order of all locks.
    """
    with transaction.atomic(durable=True):
        fulfillments = Fulfillment.objects.filter(pick_parts__pick_list=pk)
        lock_orders(fulfillments)
        list(fulfillments.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        list(PickList.objects.select_for_update(no_key=True).filter(pk=pk).values_list("pk"))
        # Looked at under the lock: its picker may have finished it.
        pick_list = empty_lists().filter(pk=pk).first()
        if pick_list is None:
            return False
        cancel_list(pick_list)
        for part in pick_list.parts.order_by("fulfillment_id"):
            free_empty_totes(part=part)
        settle_parts(pick_list=pick_list, associate=None)
        return True
