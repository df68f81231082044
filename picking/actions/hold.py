"""What a scan does to the claim of whoever scans: nothing, most of the time."""

import json
from dataclasses import replace
from typing import Any

from django.db import connection

from picking.actions.by import By
from picking.actions.claims import lock_own_list
from picking.actions.turns.why_refused import list_ended, not_held
from picking.models import PickList
from picking.queries.walk import Walk, load_walk
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.staff.models import Associate

# What the list knows of its holder's hands is theirs to say: somebody may take the list over while their scan is on its
# way. The list is locked before the claim, as by everybody who needs both, and the claim is read as it is after that
# wait: a lock looks at the newest row, a mere EXISTS at the one from before.
_HELD_SQL = """
WITH list AS (
    SELECT id FROM picking_picklist WHERE id = %(list)s AND state = 'picking' FOR NO KEY UPDATE
), held AS (
    SELECT list.id FROM list JOIN picking_pickclaim claim ON claim.pick_list_id = list.id
    WHERE claim.ended_at IS NULL AND claim.associate_id = %(associate)s FOR SHARE OF claim
)
UPDATE picking_picklist SET {changes} FROM held WHERE picking_picklist.id = held.id
"""
_STAND_SQL = _HELD_SQL.format(changes="at_bin_id = %(bin)s")
_ASK_SQL = _HELD_SQL.format(changes="asks_for_id = %(line)s, asked = %(asked)s")


def held_walk(*, store: Store, walk: Walk, associate: Associate, device: Device | None) -> Walk:
    """The walk, held by this associate. Raises ListEnded, ListCancelled, ListLost, NotYourList.

    A scan ends a break, and it is a sign of life, written down once a minute. One that comes after the claim ended by
    silence takes the list up again, if nobody else has it.
    """
    if walk.ended:
        raise list_ended(walk, associate)
    if walk.holder_id == associate.pk:
        if not (walk.unseen or walk.on_break_since):
            return walk
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


def stand_at(*, by: By, walk: Walk, bin_id: int) -> Walk:
    """The walk with its picker at the bin. Raises ListEnded, ListCancelled, ListLost, NotYourList."""
    _write_held(_STAND_SQL, by, walk, {"bin": bin_id})
    return replace(walk, at_bin_id=bin_id)


def ask_for(*, by: By, walk: Walk, line_pk: int, asked: dict[str, Any]) -> Walk:
    """The walk with a unit in its picker's hand of which something is missing. Raises the same."""
    _write_held(_ASK_SQL, by, walk, {"line": line_pk, "asked": json.dumps(asked)})
    return replace(walk, asks_for_id=line_pk, asked=asked)


def _write_held(sql: str, by: By, walk: Walk, values: dict[str, int | str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"list": walk.pk, "associate": by.associate.pk, **values})
        if cursor.rowcount:
            return
    now = load_walk(store=by.store, pk=walk.pk)
    if now.ended:
        raise list_ended(now, by.associate)
    raise not_held(store=by.store, pk=walk.pk, associate=by.associate)
