"""Lines that join a walk which has begun."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F

from picking.models import PickLine, PickList, PickPart
from picking.path import phase_of
from picking.queries.bins import Candidate
from picking.queries.floor import path_places
from stores.orders.models import FulfillmentLine

# Sequences while lines make room: far above those of any walk, within what the column holds.
_APART = 10_000


def add_sought(part: PickPart, line: FulfillmentLine, quantity: int, places: Sequence[Candidate]) -> list[PickLine]:
    """Puts `quantity` units of the line onto its list, from the likeliest of the places on, where the walk passes them.

    The caller holds the list and the item's availability row, and has seen that the places have as many.
    """
    pick_list = part.pick_list
    last = pick_list.lines.order_by("-sequence").values_list("sequence", flat=True).first() or 0
    left, added = quantity, []
    for place in places:
        units = min(place.free, left)
        if units:
            last += 1
            added.append(
                PickLine.objects.create(
                    pick_list=pick_list,
                    part=part,
                    fulfillment_line=line,
                    item_id=line.item_id,
                    bin_id=place.bin_id,
                    sequence=last,
                    quantity=units,
                )
            )
            left -= units
    for line_added in added:
        _move_up(pick_list, line_added)
    return added


def _move_up(pick_list: PickList, added: PickLine) -> None:
    """Before the first open line that the walk reaches later; finished lines stay where they were."""
    lines = list(pick_list.lines.filter(sequence__lt=added.sequence).select_related("item"))
    still_open = [line for line in lines if line.open_quantity and line.bin_id is not None]
    places: dict[Any, Any] = path_places(pick_list.store, {_stop(line) for line in [*still_open, added]})
    mine = places[_stop(added)]
    later = next((line for line in still_open if places[_stop(line)] > mine), None)
    if later is None:
        return
    at = later.sequence
    behind = PickLine.objects.filter(pick_list=pick_list, sequence__gte=at, sequence__lt=added.sequence)
    # Two steps: no two lines may have the same number, not even for a moment.
    behind.update(sequence=F("sequence") + _APART)
    PickLine.objects.filter(pk=added.pk).update(sequence=at)
    moved = PickLine.objects.filter(pick_list=pick_list, sequence__gte=at + _APART)
    moved.update(sequence=F("sequence") - _APART + 1)


def _stop(line: PickLine) -> tuple[int, int]:
    """Its bin (id), and the phase of the walk."""
    return line.bin_id or 0, phase_of(is_fragile=line.item.is_fragile, is_cold=line.item.is_cold)
