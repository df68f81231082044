"""Goods nobody wants any more go back to a shelf, and may be promised again."""

from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from picking.actions.totes import hold_uses, take_tote_up_again
from picking.errors import ToteInUse
from picking.models import PickCapture, PickList, PickTote, PutBack
from picking.put_back_errors import (
    AlreadyPutBack,
    NoPutBackToUndo,
    NotAShelf,
    OtherItem,
    PromisedAgain,
    TooManyBack,
    ToteTaken,
    UnknownShelf,
)
from stores.catalog.barcodes import read_code
from stores.catalog.queries import find_item
from stores.journal.actions.record import record
from stores.models import SHELVES, Bin, BinKind, Device, Store
from stores.orders.errors import NotHere
from stores.orders.models import Fulfillment
from stores.staff.models import Associate
from stores.stock.actions.post_handled import lock_availability
from stores.stock.actions.post_move import Posting, post_move, reversal
from stores.stock.actions.reservations import give, reserve, shrink
from stores.stock.errors import NotInBin, ShortStock, StockPromised
from stores.stock.models import Balance, Condition, Move
from stores.transitions import advance

_STAGED = (Fulfillment.State.STAGED, Fulfillment.State.HANDED_OVER, Fulfillment.State.EXPIRED)


def put_back(
    *,
    store: Store,
    pk: int,
    bin_code: str,
    quantity: int | None,
    damaged: bool = False,
    item_code: str = "",
    associate: Associate,
    device: Device | None,
    key: str,
    at: datetime | None = None,
) -> PutBack:
    """Puts `quantity` units (None: all that are left) into the bin, for sale again or as damaged.

    Where `item_code` is given, it must be the item's. The tote is free once it is empty. Raises NotHere, OtherItem,
    AlreadyPutBack, TooManyBack, UnknownShelf, NotAShelf, UnreadableCode.
    """
    going = lock_put_back(store=store, pk=pk)
    if item_code:
        refuse_other_item(going, item_code)
    units = _units_asked(going, quantity)
    shelf = _shelf(store, bin_code)
    # The claim first: damaged units are nobody's to promise.
    shrink(reservation=going.reservation, by=units, reason="put_back", key=f"{key}:given-up")
    post_move(
        Posting(
            key=key,
            item_id=going.item_id,
            item_name=going.item.name,
            source=going.from_bin,
            target=shelf,
            target_condition=Condition.DAMAGED if damaged else Condition.SELLABLE,
            quantity=units,
            reason=Move.Reason.PUT_BACK,
            reference=f"putback:{going.pk}",
            associate=associate,
            occurred_at=at,
        )
    )
    going.put += units
    if going.open_quantity:
        PutBack.objects.filter(pk=going.pk).update(put=going.put)
    else:
        advance(going, to=PutBack.State.DONE, put=going.put, done_at=Now(), done_by=associate)
    _void_captures(going, units)
    _free_tote(going.from_bin)
    record(
        kind="picking.put_back",
        subject=going,
        store=store,
        actor=associate,
        device=device,
        occurred_at=at,
        item=going.item,
        quantity=units,
        data={"from": going.from_bin.code, "to": shelf.code, "damaged": damaged, "left": going.open_quantity},
        key=key,
    )
    return going


def undo_put_back(*, store: Store, associate: Associate, device: Device | None, key: str) -> Move:
    """Takes the associate's last put-back off the shelf again and returns the move that was undone.

    Raises NoPutBackToUndo, ToteTaken when somebody picks into the tote by now, and PromisedAgain when the units are
    promised.
    """
    last = last_put_back(store=store, associate=associate)
    if last is None:
        raise NoPutBackToUndo
    going = lock_put_back(store=store, pk=int(last.reference.partition(":")[2]))
    if Move.objects.filter(reverses=last).exists():  # Another tap of the same thumb was first.
        raise NoPutBackToUndo
    # Before totes and bins, as everywhere.
    lock_availability(store.pk, going.item_id)
    _take_tote_back(going)
    try:
        with transaction.atomic():
            post_move(reversal(last, key=key, reason=Move.Reason.CORRECTED, associate=associate))
            still = going.open_quantity
            claim = reserve(
                key=f"{key}:put-back",
                store_id=store.pk,
                item_id=going.item_id,
                quantity=still + last.quantity,
                reference=f"putback:{going.pk}",
                given=still,
            )
            if still:
                give(reservation=going.reservation, units=still, reason="put_back_undone", key=f"{key}:given")
    except (ShortStock, StockPromised, NotInBin) as error:
        raise PromisedAgain(item=going.item.name, bin=last.target_bin.code) from error
    put = going.put - last.quantity
    if going.state == PutBack.State.DONE:
        advance(going, to=PutBack.State.OPEN, put=put, done_at=None, done_by=None, reservation=claim)
    else:
        PutBack.objects.filter(pk=going.pk).update(put=put, reservation=claim)
    record(
        kind="picking.put_back_undone",
        subject=going,
        store=store,
        actor=associate,
        device=device,
        item=going.item,
        quantity=last.quantity,
        data={"from": last.target_bin.code, "to": going.from_bin.code},
        key=key,
    )
    return last


def last_put_back(*, store: Store, associate: Associate) -> Move | None:
    """The associate's last put-back here, unless it was the one that is undone already."""
    mine = Move.objects.filter(store=store, associate=associate, reason=Move.Reason.PUT_BACK, reverses=None)
    mine = mine.filter(reference__startswith="putback:").select_related("item", "source_bin", "target_bin")
    last = mine.order_by("-pk").first()
    return None if last is None or Move.objects.filter(reverses=last).exists() else last


def lock_put_back(*, store: Store, pk: int) -> PutBack:
    """The put-back as it is, its row held until the transaction ends. Raises NotHere."""
    held = PutBack.objects.select_for_update(no_key=True).filter(pk=pk, store=store)
    if not held.values_list("pk", flat=True).first():
        raise NotHere
    return PutBack.objects.select_related(
        "item", "from_bin", "to_bin", "reservation", "done_by", "fulfillment_line__fulfillment"
    ).get(pk=pk)


def refuse_other_item(going: PutBack, code: str) -> None:
    """Raises OtherItem when the scanned code is not the item's."""
    found = find_item(read_code(code))
    if found is None or found.item.pk != going.item_id:
        raise OtherItem(expected=going.item.name, came=found.item.name if found else code)


def _units_asked(going: PutBack, quantity: int | None) -> int:
    if going.state == PutBack.State.DONE:
        raise AlreadyPutBack(item=going.item.name, by=going.done_by.name if going.done_by else "")
    units = going.open_quantity if quantity is None else quantity
    if units > going.open_quantity:
        raise TooManyBack(item=going.item.name, wanted=going.open_quantity, came=units)
    return units


def _shelf(store: Store, code: str) -> Bin:
    text = read_code(code).text
    shelf = Bin.objects.filter(store=store, code=text).first()
    if shelf is None:
        raise UnknownShelf(code=text)
    if shelf.kind not in SHELVES:
        raise NotAShelf(came=shelf.code, kind=BinKind(shelf.kind).noun)
    return shelf


def _void_captures(going: PutBack, units: int) -> None:
    """What was written down of the units when they were picked: their serial numbers may be picked again."""
    captures = PickCapture.objects.filter(pick_line__fulfillment_line=going.fulfillment_line_id, voided_at=None)
    for capture in captures.order_by("-pk"):
        if units < capture.quantity:
            return
        PickCapture.objects.filter(pk=capture.pk).update(voided_at=Now())
        units -= capture.quantity


def _free_tote(tote: Bin) -> None:
    """Once nothing lies in it, unless a picker goes on filling it."""
    if tote.kind != BinKind.TOTE:
        return
    used = PickTote.objects.filter(tote=tote, emptied_at=None)
    hold_uses(used)
    if not Balance.objects.filter(bin=tote, quantity__gt=0).exists():
        used.exclude(pick_list__state__in=PickList.UNFINISHED).update(emptied_at=Now())


def _take_tote_back(going: PutBack) -> None:
    if going.from_bin.kind != BinKind.TOTE:
        return
    fulfillment = going.fulfillment_line.fulfillment
    if fulfillment.state in _STAGED:
        # The rest of the order has left the tote for good; only this lies in it again.
        if PickTote.objects.filter(tote=going.from_bin, emptied_at=None).exists():
            raise ToteTaken(tote=going.from_bin.code)
        return
    used = PickTote.objects.filter(tote=going.from_bin, part__fulfillment=fulfillment)
    try:
        take_tote_up_again(use=used.select_related("tote").order_by("-pk")[0])
    except ToteInUse as error:
        raise ToteTaken(tote=going.from_bin.code) from error
