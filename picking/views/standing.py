"""What the walk's screen says of the list's hands: how it was lost, until when a break lasts, what else one holds."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import takewhile

from picking.queries.claims import how_lost
from picking.queries.plans import plan_of
from picking.queries.totes import tote_to_finish
from picking.queries.walk import Walk, WalkLine
from picking.queries.work import has_other_lists, lists_held
from stores.staff.http import StoreRequest


def standing(request: StoreRequest, walk: Walk, step: str) -> dict[str, object]:
    """Asks for nothing while a list is simply being picked."""
    if step in {"start", "taken"}:
        lost = how_lost(store=request.store, pk=walk.pk, associate_id=request.user.pk)
        others = lists_held(request.store, request.user, but_not=walk.pk) if step == "start" else []
        # Of a zone's list: whether its orders need anything from another zone at all.
        meets = walk.area is not None and has_other_lists(walk)
        return {"lost": lost, "others": others, "meets": meets}
    if step == "break" and walk.on_break_since:
        until = walk.on_break_since + timedelta(minutes=plan_of(request.store).break_minutes)
        return {"kept_until": f"{request.store.local(until):%H:%M}", "due_in_break": walk.due_at < until}
    if step == "finish":
        return {"tote_to_finish": tote_to_finish(walk)}
    return {}


def same_stop(walk: Walk, line: WalkLine | None) -> Sequence[WalkLine]:
    """Open lines of the same item from the same bin, this one first: each goes into another tote."""
    if line is None or not walk.is_shared:
        return ()
    after = [other for other in walk.lines[walk.lines.index(line) :] if other.open_quantity or other == line]
    return list(takewhile(lambda other: (other.bin_id, other.item_id) == (line.bin_id, line.item_id), after))
