"""One tap takes the last step back, whatever it was."""

from django.utils.translation import gettext as _

from picking.actions.by import By
from picking.actions.details import drop_asked
from picking.actions.totes import take_back_tote
from picking.actions.undo_pick import undo_last_pick
from picking.queries.walk import Walk
from stores.handheld.bands import Band


def undo_last(*, by: By, walk: Walk) -> Band:
    """Does it and returns what to tell the picker; static/js/offline/walk.js says the same.

    A unit of which something is still asked is only put down again; a tote that was taken since is free again; anything
    else is the last pick. Raises NothingToUndo, ShortStays, GoesBack, NotYourList, ListEnded.
    """
    mine = walk.holder_id == by.associate.pk and not walk.ended
    line = drop_asked(walk=walk, by=by) if mine else None
    if line is not None:
        return Band(tone="look", title=_("Put it back: nothing was picked"), detail=line.name)
    tote = take_back_tote(walk=walk, by=by) if mine else None
    if tote is not None:
        title = _("Undone: {tote} is free again").format(tote=tote)
        before = next((part.totes[-2] for part in walk.parts if part.totes[1:] and part.tote == tote), None)
        again = _("What you pick goes into {before} again.").format(before=before) if before else None
        return Band(tone="look", title=title, detail=again or _("Scan the tote you want."))
    move = undo_last_pick(
        store=by.store,
        pk=walk.pk,
        associate=by.associate,
        device=by.device,
        key=f"undo:{by.associate.pk}:{by.key}",
        at=by.at,
    )
    title = _("Undone: {quantity} back in {bin}").format(quantity=move.quantity, bin=move.source_bin.code)
    return Band(tone="look", title=title, detail=move.item.name)
