"""A break keeps the list: nobody else is sent to it, and silence does not count."""

from django.db.models import F
from django.db.models.functions import Coalesce, Now

from picking.actions.claims import lock_own_list
from picking.errors import NotOnABreak
from picking.models import PickList
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.staff.models import Associate


def take_break(*, store: Store, pk: int, associate: Associate, device: Device | None) -> PickList:
    """Pauses the list for as long as the store's plan allows a break. Raises ListLost, NotYourList, ListEnded."""
    pick_list = lock_own_list(store=store, pk=pk, associate=associate, device=device)
    claim = pick_list.claims.filter(associate=associate, ended_at=None)
    claim.update(on_break_since=Coalesce(F("on_break_since"), Now()))
    record(kind="picking.list_paused", subject=pick_list, store=store, actor=associate, device=device)
    return pick_list


def end_break(*, store: Store, pk: int, associate: Associate, device: Device | None) -> PickList:
    """Goes on. Raises NotOnABreak, ListLost, NotYourList, ListEnded."""
    paused = PickList.objects.filter(
        pk=pk, claims__associate=associate, claims__ended_at=None, claims__on_break_since__isnull=False
    ).exists()
    pick_list = lock_own_list(store=store, pk=pk, associate=associate, device=device)
    if not paused:
        raise NotOnABreak
    record(kind="picking.list_resumed", subject=pick_list, store=store, actor=associate, device=device)
    return pick_list
