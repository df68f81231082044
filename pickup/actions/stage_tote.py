"""A full tote goes to a staging bin."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from picking.actions.totes import empty_tote
from picking.queries.totes import tote_contents
from pickup.access import access_tote, lock_fulfillment
from pickup.actions.make_ready import make_ready
from pickup.actions.queue_bag_label import queue_bag_label
from pickup.errors import NotAStagingBin, ToteEmpty, UnknownBin
from pickup.models import StagedTote, StagedUnit
from pickup.queries.staging import refuse_unless_stageable, totes_left
from stores.journal.actions.record import record, subject_of
from stores.models import Bin, BinKind, Device, Store
from stores.orders.models import Fulfillment, FulfillmentLine
from stores.staff.models import Associate
from stores.stock.actions.post_move import Posting, post_moves
from stores.stock.models import Move


@dataclass(frozen=True)
class Staging:
    """What a staging did. `totes_left` are the order's other totes; `is_ready` when there are none."""

    staged_tote: StagedTote
    totes_left: int
    is_ready: bool


def stage_tote(
    *,
    store: Store,
    pk: int,
    bin_code: str,
    associate: Associate,
    device: Device | None,
    at: datetime | None = None,
) -> Staging:
    """Moves all of a tote's goods into a staging bin and prints the bag's label; the last tote makes the order ready.

    Raises NotHere, AlreadyStaged, StillPicking, NotForStaging, ToteEmpty, UnknownBin, NotAStagingBin.
    """
    fulfillment = lock_fulfillment(store=store, pk=access_tote(store=store, pk=pk).part.fulfillment_id)
    pick_tote = access_tote(store=store, pk=pk)
    refuse_unless_stageable(pick_tote)
    bin = _staging_bin(store, bin_code)
    contents = tote_contents(pick_tote)
    if not contents:
        raise ToteEmpty(tote=pick_tote.tote.code)
    staged_tote = StagedTote.objects.create(
        fulfillment=fulfillment,
        tote=pick_tote.tote,
        bin=bin,
        bag=_free_bag_number(fulfillment),
        associate=associate,
    )
    for line, quantity in contents:
        StagedUnit.objects.create(staged_tote=staged_tote, fulfillment_line=line, quantity=quantity)
        FulfillmentLine.objects.filter(pk=line.pk).update(staged=F("staged") + quantity)
    post_moves(
        [
            Posting(
                key=move_key(staged_tote, line),
                item_id=line.item_id,
                source=pick_tote.tote,
                target=bin,
                quantity=quantity,
                reason=Move.Reason.STAGED,
                reference=subject_of(fulfillment),
                associate=associate,
                occurred_at=at,
            )
            for line, quantity in contents
        ]
    )
    empty_tote(pick_tote=pick_tote)
    left = _release_empty_totes(fulfillment)
    record(
        kind="pickup.staged",
        subject=fulfillment,
        store=store,
        actor=associate,
        device=device,
        occurred_at=at,
        quantity=sum(quantity for _line, quantity in contents),
        data={"tote": pick_tote.tote.code, "bin": bin.code, "bag": staged_tote.bag},
    )
    if not left:
        make_ready(fulfillment=fulfillment, associate=associate, device=device)
    queue_bag_label(staged_tote=staged_tote, bags=fulfillment.staged_totes.count() + left)
    return Staging(staged_tote, totes_left=left, is_ready=not left)


def move_key(staged_tote: StagedTote, line: FulfillmentLine) -> str:
    return f"staged:{staged_tote.pk}:{line.pk}"


def _staging_bin(store: Store, code: str) -> Bin:
    bin = Bin.objects.filter(store=store, code=code).first()
    if bin is None:
        raise UnknownBin(came=code)
    if bin.kind != BinKind.STAGING:
        raise NotAStagingBin(came=code, kind=BinKind(bin.kind).noun)
    return bin


def _free_bag_number(fulfillment: Fulfillment) -> int:
    """The lowest free one: a bag that is staged again, after an undo, keeps the number on its first label."""
    taken = set(fulfillment.staged_totes.values_list("bag", flat=True))
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def _release_empty_totes(fulfillment: Fulfillment) -> int:
    """Frees totes that were taken for the order and never filled. Returns how many full ones are left."""
    full = 0
    for other in totes_left(fulfillment):
        if tote_contents(other):
            full += 1
        else:
            empty_tote(pick_tote=other)
    return full
