"""One tap takes back a staging."""

from django.db.models import F

from picking.actions.totes import take_tote_up_again
from picking.errors import ToteInUse
from picking.models import PickTote, PutBack
from pickup.access import lock_fulfillment
from pickup.actions.stage_tote import move_key
from pickup.errors import HandoverBegun, NothingToUndo, TakenOut, ToteReused
from pickup.models import Handover, StagedTote
from stores.journal.actions.record import record, subject_of
from stores.models import Device, Store
from stores.orders.models import Fulfillment, FulfillmentLine
from stores.staff.models import Associate
from stores.stock.actions.post_move import Posting, post_moves
from stores.stock.models import Move
from stores.transitions import advance


def undo_staging(*, store: Store, pk: int, associate: Associate, device: Device | None) -> StagedTote:
    """Puts the goods of the staged tote `pk` back into their tote; an order that was ready is only picked again.

    The customer's link and code stay as they are, for the order will soon be ready again. Returns the staging that was
    undone. Raises NothingToUndo, HandoverBegun, TakenOut, ToteReused.
    """
    fulfillment_id = StagedTote.objects.filter(pk=pk, fulfillment__store=store).values_list("fulfillment_id", flat=True)
    found = fulfillment_id.first()
    if found is None:
        raise NothingToUndo
    fulfillment = lock_fulfillment(store=store, pk=found)
    staged_tote = StagedTote.objects.select_related("bin", "tote").filter(pk=pk).first()
    if staged_tote is None:
        raise NothingToUndo
    if staged_tote.left_at or Handover.objects.filter(fulfillment=fulfillment).exists():
        raise HandoverBegun(number=fulfillment.order.number)
    if PutBack.objects.filter(from_bin=staged_tote.bin, fulfillment_line__fulfillment=fulfillment).exists():
        # What the tote held then is not what it would hold now.
        raise TakenOut(bag=staged_tote.bag)
    was_ready = fulfillment.state == Fulfillment.State.STAGED
    if was_ready:
        advance(fulfillment, to=Fulfillment.State.PICKED, staged_at=None)
    _take_tote_back(fulfillment, staged_tote)
    quantity = _move_back(fulfillment, staged_tote, associate)
    record(
        kind="pickup.stage_undone",
        subject=fulfillment,
        store=store,
        actor=associate,
        device=device,
        quantity=quantity,
        data={"tote": staged_tote.tote.code, "bin": staged_tote.bin.code, "was_ready": was_ready},
    )
    # The ledger and the journal remember it; here lies only what is staged.
    StagedTote.objects.filter(pk=pk).delete()
    return staged_tote


def _take_tote_back(fulfillment: Fulfillment, staged_tote: StagedTote) -> None:
    used = PickTote.objects.filter(tote=staged_tote.tote, part__fulfillment=fulfillment)
    try:
        take_tote_up_again(use=used.select_related("tote").order_by("-pk")[0])
    except ToteInUse as error:
        raise ToteReused(tote=staged_tote.tote.code) from error


def _move_back(fulfillment: Fulfillment, staged_tote: StagedTote, associate: Associate) -> int:
    units = list(staged_tote.units.select_related("fulfillment_line"))
    keys = {move_key(staged_tote, unit.fulfillment_line): unit for unit in units}
    moves = dict(Move.objects.filter(key__in=keys).values_list("key", "pk"))
    for unit in units:
        FulfillmentLine.objects.filter(pk=unit.fulfillment_line_id).update(staged=F("staged") - unit.quantity)
    post_moves(
        [
            Posting(
                key=f"un{key}",
                item_id=unit.fulfillment_line.item_id,
                source=staged_tote.bin,
                target=staged_tote.tote,
                quantity=unit.quantity,
                reason=Move.Reason.CORRECTED,
                reference=subject_of(fulfillment),
                associate=associate,
                reverses_id=moves[key],
            )
            for key, unit in keys.items()
        ]
    )
    return sum(unit.quantity for unit in units)
