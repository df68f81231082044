"""What becomes of units that the store could not give, once its walk is over."""

from collections.abc import Collection

from django.db.models.functions import Now

from picking.models import PickPlan, Shortage
from picking.queries.plans import plan_of
from stores.journal.actions.record import record
from stores.orders.actions.cancel_open_units import cancel_open_units
from stores.orders.actions.give_up_units import complete_if_settled, reroute_open_units
from stores.orders.actions.settle_order import waits_for_a_walk
from stores.orders.models import Fulfillment, Order
from stores.orders.reasons import CancelReason

_BEING_PICKED = (Fulfillment.State.ALLOCATED, Fulfillment.State.PICKING)
# Undecided, or decided by a picker who declined the substitute: until now both only waited.
_UNSETTLED = ("", Shortage.End.CANCELLED, Shortage.End.BACKORDER)


def settle_shortages(*, fulfillment: Fulfillment) -> Shortage.End:
    """Another store gives them; or nobody does, and the store's plan says whether they are waited for or cancelled.

    The caller holds the fulfillment's row, and has moved it on.
    """
    order = fulfillment.order
    end = _settle(fulfillment, reroute_open_units(order=order), _UNSETTLED)
    complete_if_settled(order=order)
    return end


def settle_changed_order(order: Order, to: Fulfillment | None) -> None:
    """The same for the fulfillments whose walk ended because the rest of the order is wanted no more.

    The caller holds the order's row, and has looked for a store (`to`) already.
    """
    ended = Fulfillment.objects.filter(order=order, lines__shortages__end="").exclude(state__in=_BEING_PICKED)
    for fulfillment in ended.select_related("order", "store").distinct().order_by("pk"):
        _settle(fulfillment, to, ("",))


def leave_to_the_order(fulfillment: Fulfillment) -> None:
    """Of a walk that has ended before its end: what was short, and what its picker declined, is settled with the order
    (`settle_changed_order`), as soon as orders has counted anew.
    """
    waiting = Shortage.objects.filter(fulfillment_line__fulfillment=fulfillment, end__in=_UNSETTLED)
    waiting.update(end="", ended_at=None)


def _settle(fulfillment: Fulfillment, to: Fulfillment | None, among: Collection[str]) -> Shortage.End:
    order = fulfillment.order
    misses = any(line.open_quantity for line in order.lines.all())
    waits = waits_for_a_walk(order) or plan_of(fulfillment.store).when_gone == PickPlan.WhenGone.WAIT
    if to is not None:
        end = Shortage.End.STORE
    elif misses and waits:
        end = Shortage.End.BACKORDER
    else:
        end = Shortage.End.CANCELLED
    shortages = Shortage.objects.filter(fulfillment_line__fulfillment=fulfillment, end__in=among)
    last = shortages.order_by("-pk").values_list("pk", flat=True).first()
    if shortages.update(end=end, ended_at=Now()):
        record(
            kind="picking.shortages_settled",
            subject=fulfillment,
            store=fulfillment.store,
            data={"number": order.number, "end": end},
        )
    if misses and end == Shortage.End.CANCELLED:
        # The customer hears of each time that something is missing, however often that is.
        cancel_open_units(order=order, reason=CancelReason.STOCK, key=f"short:{fulfillment.pk}:{last}")
    return end
