"""A store's plan: where its bins stand, and in which order a walk comes to them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from picking.path import Aisle, Floor, Place, Stop, order_stops
from stores.models import PICKABLE_KINDS, Bin, BinKind, Store
from stores.models import Aisle as StoreAisle

BinStop = tuple[int, int]  # (bin id, phase)

# What stands still and is walked to. A tote goes with its picker.
PLACED_KINDS = (*PICKABLE_KINDS, BinKind.STAGING)


@dataclass(frozen=True, slots=True)
class FloorPlan:
    store: Store
    aisles: list[StoreAisle]
    bins: list[Bin]

    @property
    def placed(self) -> int:
        return sum(bin.x_m is not None for bin in self.bins)


# A store with so many bins sees all of them at once; a larger one opens them aisle by aisle.
WHOLE_MAX = 60
OPEN_FLOOR, NO_PLACE = "floor", "none"


@dataclass(frozen=True, slots=True)
class BinGroup:
    """The bins of one aisle (`key` is its pk), those on the open floor, or those without a place."""

    key: str
    aisle: StoreAisle | None
    bins: list[Bin]
    is_open: bool


def bin_groups(plan: FloorPlan, open_key: str) -> list[BinGroup]:
    """Aisles in their order, also empty ones; then the open floor and what has no place, where there is any."""
    grouped: dict[str, list[Bin]] = {str(aisle.pk): [] for aisle in plan.aisles}
    for bin in plan.bins:
        grouped.setdefault(group_of(bin), []).append(bin)
    aisles: dict[str, StoreAisle] = {str(aisle.pk): aisle for aisle in plan.aisles}
    keys = [*aisles, *(key for key in (OPEN_FLOOR, NO_PLACE) if key in grouped)]
    is_small = len(plan.bins) <= WHOLE_MAX
    return [BinGroup(key, aisles.get(key), grouped[key], is_small or key == open_key) for key in keys]


def group_of(bin: Bin) -> str:
    if bin.x_m is None:
        return NO_PLACE
    return str(bin.aisle_id) if bin.aisle_id else OPEN_FLOOR


def placed_bins(store: Store) -> QuerySet[Bin]:
    """The bins that have, or may have, a place on the plan, in walking order."""
    return store.bins.filter(kind__in=PLACED_KINDS).order_by("zone__walk_order", "walk_order", "code")


def floor_plan(store: Store) -> FloorPlan:
    """The bins in the order of their names, as people look for them: 2 before 10."""
    bins = sorted(placed_bins(store).select_related("aisle", "zone"), key=lambda bin: name_order(bin.code))
    return FloorPlan(store, list(store.aisles.all()), bins)


def name_order(code: str) -> list[tuple[str, int]]:
    """Runs of digits count as numbers."""
    return [(letters, int(digits or -1)) for letters, digits in re.findall(r"([^0-9]*)([0-9]{0,9})", code)]


def aisle_of(aisle: StoreAisle) -> Aisle:
    return Aisle(aisle.x_m, aisle.from_y_m, aisle.to_y_m)


def path_places(store: Store, stops: Iterable[BinStop]) -> dict[BinStop, int]:
    """The place of each (bin id, phase) on the shortest walk, to sort lines by; a bin that is not there has none.

    Without a complete plan it is the place in walking order, phase by phase. One or two queries.
    """
    phases: dict[int, set[int]] = {}
    for bin_id, phase in stops:
        phases.setdefault(bin_id, set()).add(phase)
    bins = sorted(Bin.objects.filter(store=store, pk__in=phases).select_related("zone", "aisle"), key=_walking_order)
    is_complete = all(bin.x_m is not None for bin in bins)
    floor = Floor(start_of(store) if is_complete and len(bins) > 1 else None)
    walk = order_stops(floor, [_stop(bin, phase) for bin in bins for phase in sorted(phases[bin.pk])])
    return {(stop.bin_id, stop.phase): place for place, stop in enumerate(walk)}


def start_of(store: Store) -> Place | None:
    """Where walks begin and end: as entered, else at the first staging bin on the plan, where the goods go."""
    if store.start_x_m is not None and store.start_y_m is not None:
        return Place(store.start_x_m, store.start_y_m)
    staging = store.bins.filter(kind=BinKind.STAGING, x_m__isnull=False).select_related("aisle")
    first = staging.order_by("walk_order", "code").first()
    return _stop(first, 0).place if first else None


def _walking_order(bin: Bin) -> tuple[int, int, int]:
    return (bin.zone.walk_order if bin.zone else 0, bin.walk_order, bin.pk)


def _stop(bin: Bin, phase: int) -> Stop:
    return Stop(bin.pk, aisle_of(bin.aisle) if bin.aisle else None, bin.x_m, bin.y_m, phase)
