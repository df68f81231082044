"""Totes a list fills."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Now

from picking.actions.by import By
from picking.actions.claims import lock_own_list
from picking.errors import NotATote, ToteInUse
from picking.models import PickLine, PickPart, PickTote
from picking.queries.totes import tote_to_take_back
from picking.queries.walk import Walk, load_walk
from stores.journal.actions.record import record
from stores.models import Bin, BinKind, Device, Store
from stores.staff.models import Associate
from stores.stock.errors import violated_constraint
from stores.stock.models import Balance


def open_tote(
    *,
    store: Store,
    list_pk: int,
    part_pk: int,
    code: str,
    associate: Associate,
    device: Device | None,
    at: datetime | None = None,
) -> Bin:
    """Takes an empty tote for one part of the list, instead of the one it had when nothing was picked into that yet.

    Raises NotATote, ToteInUse, NotYourList, ListEnded.
    """
    # A list that ends at this moment would leave the tote in use for ever.
    pick_list = lock_own_list(store=store, pk=list_pk, associate=associate, device=device)
    tote = Bin.objects.filter(store=store, code=code, kind=BinKind.TOTE).first()
    if tote is None:
        raise NotATote(came=code)
    if Balance.objects.filter(bin=tote, quantity__gt=0).exists():
        raise ToteInUse(tote=tote.code)
    try:
        with transaction.atomic():
            PickTote.objects.create(pick_list_id=list_pk, part_id=part_pk, tote=tote)
    except IntegrityError as error:
        if violated_constraint(error) != "picktote_tote_in_one_use":
            raise
        raise ToteInUse(tote=tote.code) from error
    _free_those_before(part_pk=part_pk, tote=tote)
    record(
        kind="picking.tote_opened",
        subject=pick_list,
        store=store,
        actor=associate,
        device=device,
        occurred_at=at,
        data={"tote": tote.code, "part": part_pk},
    )
    return tote


def _free_those_before(*, part_pk: int, tote: Bin) -> None:
    """Nobody is asked at the end for a tote that was exchanged before anything lay in it."""
    before = PickTote.objects.filter(part=part_pk, emptied_at=None).exclude(tote=tote)
    hold_from_scans(before)
    if not PickLine.objects.filter(part=part_pk, picked__gt=0).exists():
        filled = Balance.objects.filter(bin=OuterRef("tote"), quantity__gt=0)
        before.filter(~Exists(filled)).delete()


def take_back_tote(*, by: By, walk: Walk) -> str | None:
    """Frees the tote that was taken last, as long as nothing lies in it; returns its code, or None.

    A wrong tote is noticed right after its scan; later it has goods, and these are undone first. Raises NotYourList.
    """
    if tote_to_take_back(walk) is None:
        return None
    pick_list = lock_own_list(store=by.store, pk=walk.pk, associate=by.associate, device=by.device)
    hold_from_scans(PickTote.objects.filter(pick_list=pick_list))
    # Looked at once more: the same person may have scanned with another device meanwhile.
    found = tote_to_take_back(load_walk(store=by.store, pk=walk.pk))
    if found is None:
        return None
    part, code = found
    uses = PickTote.objects.filter(pick_list=pick_list, part=part.pk, tote=part.tote_id, emptied_at=None)
    if Balance.objects.filter(bin=part.tote_id, quantity__gt=0).exists() or not uses.delete()[0]:
        return None
    record(
        kind="picking.tote_taken_back",
        subject=pick_list,
        store=by.store,
        actor=by.associate,
        device=by.device,
        occurred_at=by.at,
        data={"tote": code, "part": part.pk},
    )
    return code


def take_tote_up_again(*, use: PickTote) -> None:
    """Its goods come back into it. Raises ToteInUse when another list has it by now."""
    try:
        # The index decides, not a look before: a picker may take the tote at this moment.
        with transaction.atomic():
            PickTote.objects.filter(pk=use.pk).update(emptied_at=None)
    except IntegrityError as error:
        if violated_constraint(error) != "picktote_tote_in_one_use":
            raise
        raise ToteInUse(tote=use.tote.code) from error


def empty_tote(*, pick_tote: PickTote) -> None:
    """The tote's goods have gone on; it is free for the next list."""
    PickTote.objects.filter(pk=pick_tote.pk, emptied_at=None).update(emptied_at=Now())


def hold_from_scans(uses: QuerySet[PickTote]) -> None:
    """For whoever gives totes back: a scan in flight, which holds its tote's use by its key, is counted when this
    returns; one that comes after finds the tote gone (`confirm_pick`).
    """
    list(uses.filter(emptied_at=None).select_for_update().order_by("pk").values_list("pk"))


def hold_uses(uses: QuerySet[PickTote]) -> None:
    """Whoever looks whether a tote is empty waits for whoever takes the last other thing out of it at this moment."""
    list(uses.filter(emptied_at=None).select_for_update(no_key=True).order_by("pk").values_list("pk"))


def free_empty_totes(*, part: PickPart) -> None:
    """Frees the totes that were taken for the part and hold nothing."""
    hold_uses(PickTote.objects.filter(part=part))
    filled = Balance.objects.filter(bin=OuterRef("tote"), quantity__gt=0)
    part.totes.filter(~Exists(filled), emptied_at=None).update(emptied_at=Now())
