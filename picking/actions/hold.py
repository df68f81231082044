"""What a scan does to the claim of whoever scans: nothing, most of the time."""

from dataclasses import replace

from picking.actions.claims import lock_own_list
from picking.actions.turns.why_refused import list_ended, not_held
from picking.models import PickList
from picking.queries.walk import Walk
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.staff.models import Associate


def held_walk(*, store: Store, walk: Walk, associate: Associate, device: Device | None) -> Walk:
    """The walk, held by this associate. Raises ListEnded, ListCancelled, ListLost, NotYourList.

    A scan ends a break, and it is a sign of life, written down once a minute. One that comes after the claim ended by
    silence takes the list up again, if nobody else has it.
    """
    if walk.ended:
        raise list_ended(walk, associate)
    if walk.holder_id == associate.pk:
        if walk.unseen or walk.on_break_since:
            _note_seen(store, walk, associate, device)
        return replace(walk, unseen=False, on_break_since=None)
    if walk.holder_id is not None:
        raise not_held(store=store, pk=walk.pk, associate=associate)
    lock_own_list(store=store, pk=walk.pk, associate=associate, device=device)
    return replace(walk, state=PickList.State.PICKING, holder_id=associate.pk, holder_name=associate.name, unseen=False)


def _note_seen(store: Store, walk: Walk, associate: Associate, device: Device | None) -> None:
    # With the list's locks first: whoever ends the list has those when they come for the claim.
    lock_own_list(store=store, pk=walk.pk, associate=associate)
    if walk.on_break_since:
        record(kind="picking.list_resumed", subject=PickList(pk=walk.pk), store=store, actor=associate, device=device)
