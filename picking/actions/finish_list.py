"""The walk is over."""

from datetime import datetime

from django.db.models.functions import Now

from picking.actions.claims import lock_own_list
from picking.actions.totes import free_empty_totes
from picking.actions.turns.settle_shortages import settle_shortages
from picking.errors import LinesOpen
from picking.models import PickList
from picking.queries.claims import DONE
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.access import lock_orders
from stores.orders.models import Fulfillment
from stores.staff.models import Associate
from stores.transitions import advance

_BEING_PICKED = (Fulfillment.State.ALLOCATED, Fulfillment.State.PICKING)


def finish_list(
    *, store: Store, pk: int, associate: Associate, device: Device | None, at: datetime | None = None
) -> PickList:
    """Ends the list: its totes go to staging, units that were short are looked for elsewhere.

    An order of which nothing could be picked ends its fulfillment as well. One that is picked on other lists, too,
    waits for the last of them. Raises LinesOpen, NotYourList, ListEnded.
    """
    lock_orders(Fulfillment.objects.filter(pick_parts__pick_list=pk, store=store))
    pick_list = lock_own_list(store=store, pk=pk, associate=associate, device=device)
    lines = list(pick_list.lines.select_related("fulfillment_line"))
    still_open = len({line.fulfillment_line.order_line_id for line in lines if line.open_quantity})
    if still_open:
        raise LinesOpen(open=still_open)
    advance(pick_list, to=PickList.State.DONE, ended_at=Now(), asks_for=None, asked={})
    pick_list.claims.filter(ended_at=None).update(ended_at=Now(), end_reason=DONE)
    record(
        kind="picking.list_done",
        subject=pick_list,
        store=store,
        actor=associate,
        device=device,
        occurred_at=at,
        quantity=sum(line.picked for line in lines),
        data={
            "fulfillments": list(pick_list.parts.values_list("fulfillment_id", flat=True)),
            "short": sum(line.short for line in lines),
        },
    )
    for part in pick_list.parts.select_related("fulfillment__order", "fulfillment__store"):
        free_empty_totes(part=part)
    settle_parts(pick_list=pick_list, associate=associate)
    return pick_list


def settle_parts(*, pick_list: PickList, associate: Associate | None) -> None:
    """Moves on the fulfillments of which no list is left to be picked; the caller holds their rows."""
    waiting = Fulfillment.objects.filter(pick_parts__pick_list=pick_list, state__in=_BEING_PICKED)
    for fulfillment in waiting.select_related("order", "store").order_by("pk"):
        if not fulfillment.pick_lists.filter(state__in=PickList.UNFINISHED).exists():
            _settle(fulfillment, associate)


def _settle(fulfillment: Fulfillment, associate: Associate | None) -> None:
    lines = list(fulfillment.lines.all())
    if any(line.picked for line in lines):
        advance(fulfillment, to=Fulfillment.State.PICKED, picked_at=Now())
    else:
        advance(fulfillment, to=Fulfillment.State.CANCELLED, ended_at=Now())
        record(kind="orders.fulfillment_cancelled", subject=fulfillment, store=fulfillment.store, actor=associate)
    if any(line.short for line in lines):
        settle_shortages(fulfillment=fulfillment)
