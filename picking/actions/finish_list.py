"""The walk is over."""

from django.db.models.functions import Now

from picking.actions.claims import lock_own_list
from picking.actions.totes import empty_tote
from picking.errors import LinesOpen
from picking.hooks import tell_list_done
from picking.models import PickList
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.actions.give_up_units import complete_if_settled, reroute_open_units
from stores.orders.models import Fulfillment
from stores.staff.models import Associate
from stores.transitions import advance


def finish_list(*, store: Store, pk: int, associate: Associate, device: Device | None) -> PickList:
    """Ends the list: its totes go to staging, units that were short go back to the order.

    A list of which nothing could be picked ends its fulfillment as well. Raises LinesOpen, NotYourList, ListEnded.
    """
    pick_list = lock_own_list(store=store, pk=pk, associate=associate)
    lines = list(pick_list.lines.all())
    still_open = sum(1 for line in lines if line.open_quantity)
    if still_open:
        raise LinesOpen(open=still_open)
    units = sum(line.picked for line in lines)
    fulfillment = pick_list.fulfillment
    advance(pick_list, to=PickList.State.DONE, ended_at=Now())
    pick_list.claims.filter(ended_at=None).update(ended_at=Now(), end_reason="done")
    record(
        kind="picking.list_done",
        subject=pick_list,
        store=store,
        actor=associate,
        device=device,
        quantity=units,
        data={"fulfillment": fulfillment.pk, "short": sum(line.short for line in lines)},
    )
    if units:
        advance(fulfillment, to=Fulfillment.State.PICKED, picked_at=Now())
        tell_list_done(pick_list)
    else:
        for used in pick_list.totes.filter(emptied_at=None):
            empty_tote(pick_tote=used)
        advance(fulfillment, to=Fulfillment.State.CANCELLED, ended_at=Now())
        record(kind="orders.fulfillment_cancelled", subject=fulfillment, store=store, actor=associate)
    if any(line.short for line in lines):
        reroute_open_units(order=fulfillment.order)
        complete_if_settled(order=fulfillment.order)
    return pick_list
