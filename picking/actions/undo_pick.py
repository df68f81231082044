"""One tap takes back the last scan."""

from datetime import datetime

from django.db.models import F
from django.db.models.functions import Now

from picking.actions.claims import lock_own_list
from picking.errors import NothingToUndo
from picking.models import PickCapture, PickLine
from picking.queries.totes import totes_with
from picking.turn_errors import GoesBack, ShortStays
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.models import FulfillmentLine
from stores.staff.models import Associate
from stores.stock.actions.post_move import post_move, reversal
from stores.stock.models import Move


def undo_last_pick(
    *, store: Store, pk: int, associate: Associate, device: Device | None, key: str, at: datetime | None = None
) -> Move:
    """Puts the units of the list's last pick back into their bin and returns the move that was undone.

    Raises NothingToUndo, GoesBack when the customer wants them no more, NotYourList, ListEnded.
    """
    pick_list = lock_own_list(store=store, pk=pk, associate=associate, device=device)
    lines = {f"pickline:{line.pk}": line for line in pick_list.lines.all()}
    last = (
        Move.objects.filter(reference__in=lines, reason=Move.Reason.PICKED, reversed_by=None)
        .select_related("item", "source_bin", "target_bin")
        .order_by("-pk")
        .first()
    )
    if last is None:
        short = next((line for line in lines.values() if line.short), None)
        raise ShortStays(item=short.item.name) if short else NothingToUndo
    line = lines[last.reference]
    if not _is_wanted(line, last):
        raise GoesBack(item=last.item.name, tote=last.target_bin.code)
    PickLine.objects.filter(pk=line.pk).update(picked=F("picked") - last.quantity)
    PickCapture.objects.filter(key=last.key, voided_at=None).update(voided_at=Now())
    FulfillmentLine.objects.filter(pk=line.fulfillment_line_id).update(picked=F("picked") - last.quantity)
    post_move(reversal(last, key=key, reason=Move.Reason.PICK_UNDONE, associate=associate, at=at))
    record(
        kind="picking.pick_undone",
        subject=line,
        store=store,
        actor=associate,
        device=device,
        occurred_at=at,
        item=last.item,
        quantity=last.quantity,
        data={"list": pick_list.pk},
        key=key,
    )
    return last


def _is_wanted(line: PickLine, last: Move) -> bool:
    """Whether its units are still the order's: a put-back has those of the line, or of this tote, that are not."""
    in_tote = sum(units for tote, units in totes_with(line.fulfillment_line) if tote.pk == last.target_bin_id)
    return min(line.picked - line.put_back, in_tote) >= last.quantity
