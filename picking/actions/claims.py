"""Who holds a list. One open claim a list, held by the database.

A claim whose picker went quiet ends (`quiet`). While nobody else has taken the list, whatever its former holder does
next takes it up again: a handheld that was out of reach for an hour comes back with scans that are as good as any.
"""

from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from picking.actions.turns.why_refused import list_ended, not_held
from picking.errors import ListEnded, ListTaken
from picking.models import PickClaim, PickList
from picking.queries.claims import HANDED_OVER, LAPSED, RELEASED
from picking.queries.walk import load_walk
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.errors import NotHere
from stores.orders.models import Fulfillment
from stores.staff.models import Associate
from stores.stock.errors import violated_constraint
from stores.transitions import advance


def claim_list(*, store: Store, pk: int, associate: Associate, device: Device | None = None) -> PickList:
    """Gives the list to the associate, who may already hold it. Raises ListTaken, ListEnded, NotHere.

    A person walks one list at a time: what else they hold is paused, as by a break.
    """
    pick_list = lock_list(store=store, pk=pk)
    if pick_list.state not in PickList.UNFINISHED:
        raise ListEnded(state=pick_list.get_state_display().lower())
    claim_locked(pick_list, associate, device)
    others = PickClaim.objects.filter(associate=associate, ended_at=None, on_break_since=None)
    others.exclude(pick_list=pick_list).update(on_break_since=Now())
    return pick_list


def claim_locked(pick_list: PickList, associate: Associate, device: Device | None) -> None:
    """The same for a list whose row the caller holds. Raises ListTaken."""
    try:
        with transaction.atomic():
            PickClaim.objects.create(pick_list=pick_list, associate=associate)
    except IntegrityError as error:
        if violated_constraint(error) != "pickclaim_one_open_per_list":
            raise
        holder = pick_list.claims.select_related("associate").get(ended_at=None).associate
        if holder.pk == associate.pk:
            return
        raise ListTaken(by=holder.name) from error
    _start_where_one_stands(pick_list, associate)
    begin(pick_list)
    record(kind="picking.list_claimed", subject=pick_list, store=pick_list.store_id, actor=associate, device=device)


def _start_where_one_stands(pick_list: PickList, associate: Associate) -> None:
    """Where the last holder stood, and what was in their hand, says nothing about the next one's."""
    before = pick_list.claims.filter(ended_at__isnull=False).order_by("-pk").values_list("associate_id", flat=True)
    if before.first() not in {None, associate.pk}:
        PickList.objects.filter(pk=pick_list.pk).update(at_bin=None, asks_for=None, asked={})


def begin(pick_list: PickList) -> None:
    """Somebody has the list in hand; the caller holds its row and those of its fulfillments."""
    if pick_list.state == PickList.State.OPEN:
        advance(pick_list, to=PickList.State.PICKING, started_at=Now())
        for fulfillment in pick_list.fulfillments.filter(state=Fulfillment.State.ALLOCATED):
            advance(fulfillment, to=Fulfillment.State.PICKING)


def release_claim(*, store: Store, pk: int, associate: Associate, device: Device | None = None) -> PickList:
    """Lays the list down for anybody to take on; what is picked stays picked. Raises ListLost, NotYourList."""
    pick_list = lock_list(store=store, pk=pk)
    _end_claim(pick_list, associate, RELEASED)
    record(kind="picking.list_released", subject=pick_list, store=store, actor=associate, device=device)
    return pick_list


def hand_over_list(
    *, store: Store, pk: int, associate: Associate, colleague: Associate, device: Device | None = None
) -> PickList:
    """Passes the list, as it is, to a colleague. Raises ListLost, NotYourList."""
    pick_list = lock_list(store=store, pk=pk)
    _end_claim(pick_list, associate, HANDED_OVER)
    PickClaim.objects.create(pick_list=pick_list, associate=colleague)
    _start_where_one_stands(pick_list, colleague)
    record(
        kind="picking.list_passed_on",
        subject=pick_list,
        store=store,
        actor=associate,
        device=device,
        data={"to": colleague.pk},
    )
    return pick_list


def lock_list(*, store: Store, pk: int) -> PickList:
    """The list, its row and those of its fulfillments held until the transaction ends. Raises NotHere.

    Fulfillments come first, in the order of their ids: so does everybody who needs both.
    """
    parts = Fulfillment.objects.select_for_update(no_key=True).filter(pick_parts__pick_list=pk, store=store)
    list(parts.order_by("pk").values_list("pk"))
    found = PickList.objects.select_for_update(of=("self",)).select_related("store").filter(pk=pk, store=store).first()
    if found is None:
        raise NotHere
    return found


def lock_own_list(*, store: Store, pk: int, associate: Associate, device: Device | None = None) -> PickList:
    """The same, for the associate who holds it, or who lost it by going quiet while nobody else took it.

    What they do with it is a sign of life. Raises ListLost, NotYourList, ListEnded, NotHere.
    """
    pick_list = lock_list(store=store, pk=pk)
    _refuse_ended(pick_list, associate)
    held = pick_list.claims.filter(associate=associate, ended_at=None)
    if not held.update(seen_at=Now(), on_break_since=None):
        if not lapsed(pick_list, associate):
            raise not_held(store=store, pk=pk, associate=associate)
        claim_locked(pick_list, associate, device)
    return pick_list


def lapsed(pick_list: PickList, associate: Associate) -> bool:
    """Whether the associate was the list's last holder and only went quiet."""
    last = pick_list.claims.order_by("-pk").values_list("associate_id", "ended_at", "end_reason").first()
    return last is not None and last[0] == associate.pk and last[1] is not None and last[2] in LAPSED


def _end_claim(pick_list: PickList, associate: Associate, reason: str) -> None:
    _refuse_ended(pick_list, associate)
    if not pick_list.claims.filter(associate=associate, ended_at=None).update(ended_at=Now(), end_reason=reason):
        raise not_held(store=pick_list.store, pk=pick_list.pk, associate=associate)


def _refuse_ended(pick_list: PickList, associate: Associate) -> None:
    """Tells whoever has, or had, the list what a scan of theirs would be told."""
    if pick_list.state not in PickList.UNFINISHED:
        raise list_ended(load_walk(store=pick_list.store, pk=pick_list.pk), associate)
