"""The picker goes to another bin than the one the app thought likeliest."""

from dataclasses import replace

from picking.actions.claims import lock_own_list
from picking.models import PickLine, PickList
from picking.queries.bins import Candidate, bins_by_likelihood
from picking.queries.walk import Walk, WalkLine
from stores.journal.actions.record import record
from stores.models import Bin, Device, Store
from stores.staff.models import Associate
from stores.stock.actions.post_handled import lock_availability


def redirect_line(
    *, store: Store, walk: Walk, line: WalkLine, place: Bin, associate: Associate, device: Device | None
) -> Walk | None:
    """Takes the line's open units from `place` when they are sought and it should have them all; None when not.

    Returns the walk with the picker standing there. Raises NotYourList, ListEnded.
    """
    if not walk.is_sought(line):
        return None
    lock_own_list(store=store, pk=walk.pk, associate=associate, device=device)
    lock_availability(store.pk, line.item_id)
    chosen = next((one for one in other_bins(store=store, walk=walk, line=line) if one.bin_id == place.pk), None)
    if chosen is None:
        return None
    PickLine.objects.filter(pk=line.pk).update(bin=place)
    PickList.objects.filter(pk=walk.pk).update(at_bin=place)
    record(
        kind="picking.line_redirected",
        subject=PickLine(pk=line.pk),
        store=store,
        actor=associate,
        device=device,
        data={"list": walk.pk, "from": line.bin_code, "to": place.code},
    )
    return replace(
        walk.with_line(line.pk, bin_id=place.pk, bin_code=place.code, zone=place.zone.name if place.zone else None),
        at_bin_id=place.pk,
    )


def other_bins(*, store: Store, walk: Walk, line: WalkLine) -> list[Candidate]:
    """Where else all of a sought line's units should lie, the likeliest first."""
    vain = [
        other.bin_id
        for other in walk.lines
        if other.item_id == line.item_id and other.short and other.bin_id is not None
    ]
    found = bins_by_likelihood(
        store=store,
        item_id=line.item_id,
        quantity=line.open_quantity,
        near=line.bin_id,
        avoiding={*vain, line.bin_id or 0},
        line_pk=line.pk,
    )
    return [place for place in found if place.free >= line.open_quantity]
