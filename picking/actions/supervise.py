"""A lead moves a list into other hands."""

from django.db.models.functions import Now

from picking.actions.claims import claim_locked, lock_list
from picking.errors import ListEnded
from picking.models import PickClaim, PickList
from picking.queries.claims import LAID_DOWN, LEADS_KIND, REASSIGNED, TAKEN_OVER
from picking.wave_errors import NobodyHolds
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.staff.models import Associate


def take_over_list(*, store: Store, pk: int, lead: Associate, device: Device | None) -> PickList:
    """The lead goes on with it, as it is, whoever held it. Raises ListEnded, NotHere."""
    return _move(store, pk, lead, device, to=lead, reason=TAKEN_OVER)


def reassign_list(*, store: Store, pk: int, lead: Associate, colleague: Associate, device: Device | None) -> PickList:
    """Gives the list, as it is, to a colleague of the store. Raises ListEnded, NotHere."""
    return _move(store, pk, lead, device, to=colleague, reason=REASSIGNED)


def lay_down_list(*, store: Store, pk: int, lead: Associate, device: Device | None) -> PickList:
    """Takes the list out of its holder's hands, for anybody. Raises NobodyHolds, ListEnded, NotHere."""
    return _move(store, pk, lead, device, to=None, reason=LAID_DOWN)


def _move(
    store: Store, pk: int, lead: Associate, device: Device | None, *, to: Associate | None, reason: str
) -> PickList:
    pick_list = lock_list(store=store, pk=pk)
    if pick_list.state not in PickList.UNFINISHED:
        raise ListEnded(state=pick_list.get_state_display().lower())
    claim = PickClaim.objects.filter(pick_list=pick_list, ended_at=None).first()
    if claim is None and to is None:
        raise NobodyHolds(number=pk)
    if claim is not None and to is not None and claim.associate_id == to.pk:
        return pick_list
    if claim is not None:
        PickClaim.objects.filter(pk=claim.pk).update(ended_at=Now(), end_reason=reason)
        record(
            kind=LEADS_KIND,
            subject=pick_list,
            store=store,
            actor=lead,
            device=device,
            data={"claim": claim.pk, "holder": claim.associate_id, "to": to.pk if to else None},
        )
    if to is not None:
        claim_locked(pick_list, to, device)
    return pick_list
