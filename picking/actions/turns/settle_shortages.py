"""What becomes of units that the store could not give, once its walk is over."""

from django.db.models.functions import Now

from picking.models import PickPlan, Shortage
from picking.queries.plans import plan_of
from stores.journal.actions.record import record
from stores.orders.actions.cancel_open_units import cancel_open_units
from stores.orders.actions.give_up_units import complete_if_settled, reroute_open_units
from stores.orders.models import Fulfillment
from stores.orders.reasons import CancelReason

# Undecided, or decided by a picker who declined the substitute: until now both only waited.
_UNSETTLED = ("", Shortage.End.CANCELLED, Shortage.End.BACKORDER)


def settle_shortages(*, fulfillment: Fulfillment) -> Shortage.End:
    """Another store gives them; or nobody does, and the store's plan says whether they are waited for or cancelled.

    The caller holds the fulfillment's row, and has moved it on.
    """
    order = fulfillment.order
    if reroute_open_units(order=order) is not None:
        end = Shortage.End.STORE
    elif plan_of(fulfillment.store).when_gone == PickPlan.WhenGone.CANCEL:
        cancel_open_units(order=order, reason=CancelReason.STOCK, key=f"short:{fulfillment.pk}")
        end = Shortage.End.CANCELLED
    else:
        end = Shortage.End.BACKORDER
    complete_if_settled(order=order)
    shortages = Shortage.objects.filter(fulfillment_line__fulfillment=fulfillment, end__in=_UNSETTLED)
    if shortages.update(end=end, ended_at=Now()):
        record(
            kind="picking.shortages_settled",
            subject=fulfillment,
            store=fulfillment.store,
            data={"number": order.number, "end": end},
        )
    return end
