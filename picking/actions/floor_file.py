"""A file that says where bins stand."""

from picking.actions.floor import place_bins
from picking.floor_errors import FileRefused
from picking.floor_file import read_placings
from picking.queries.floor import aisle_of, floor_plan
from stores.models import Device, Store
from stores.staff.models import Associate


def place_bins_by_file(*, store: Store, content: bytes, associate: Associate, device: Device | None) -> int:
    """Places the bins that the file names, and leaves the others; returns how many stand elsewhere now.

    Raises FileUnreadable, and FileRefused when one line is wrong: then nothing is changed. What place_bins raises means
    that an aisle was changed while the file was read.
    """
    plan = floor_plan(store)
    placings, problems = read_placings(
        content,
        bins=frozenset(bin.code for bin in plan.bins),
        aisles={aisle.code: aisle_of(aisle) for aisle in plan.aisles},
    )
    if problems:
        raise FileRefused(count=len(problems), problems=problems)
    return place_bins(store=store, placings=placings, associate=associate, device=device)
