"""Which stop comes next."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from picking.path.exact import STOPS_MAX, shortest_walk
from picking.path.near import near_shortest_walk
from picking.path.plan import Floor, Place, Stop, metres_between

Spot = tuple[int, Place]


def order_stops(floor: Floor, stops: Sequence[Stop]) -> list[Stop]:
    """The stops in the order of the shortest walk; `stops` come in walking order, and no answer is longer than that.

    When one stop has no coordinates, all keep the walking order: the store's own order is a whole that people know,
    and a walk drawn around stops of which nobody knows where they are is neither that nor short.
    """
    in_phases = sorted(stops, key=lambda stop: stop.phase)
    places = [stop.place for stop in in_phases]
    known = [place for place in places if place is not None]
    if len(known) < len(places):
        return in_phases
    # Bins one above the other are one place to stand at: fewer places, and a table small enough more often.
    at: dict[Spot, list[Stop]] = {}
    for stop, place in zip(in_phases, known, strict=True):
        at.setdefault((stop.phase, place), []).append(stop)
    spots = list(at)
    return [stop for node in _walk(floor, spots) for stop in at[spots[node - 1]]]


def walk_metres(floor: Floor, stops: Iterable[Stop]) -> float:
    """How long the walk is, from the start and back to it; without a start from the first stop to the last.

    Raises ValueError for a stop without coordinates.
    """
    places = []
    for stop in stops:
        if stop.place is None:
            raise ValueError(f"bin {stop.bin_id} has no coordinates")
        places.append(stop.place)
    around = [floor.start, *places, floor.start] if floor.start and places else places
    return sum(metres_between(one, other) for one, other in pairwise(around))


def _walk(floor: Floor, spots: Sequence[Spot]) -> list[int]:
    """Nodes in order: node 0 is the start, node n the n-th of `spots`, which stand in the order of their phases."""
    metres = _matrix(floor, [place for _phase, place in spots])
    by_phase: dict[int, list[int]] = {}
    for node, (phase, _place) in enumerate(spots, start=1):
        by_phase.setdefault(phase, []).append(node)
    phases = list(by_phase.values())
    if not phases:
        return []
    if max(map(len, phases)) <= STOPS_MAX:
        return shortest_walk(metres, phases)
    return near_shortest_walk(metres, phases)


def _matrix(floor: Floor, places: Sequence[Place]) -> list[list[float]]:
    """Without a start, node 0 is nowhere: as near to everything as can be, so that it costs nothing to begin or end."""
    size = len(places) + 1
    metres = [[0.0] * size for _ in range(size)]
    for node, place in enumerate(places, start=1):
        for other in range(node):
            if other or floor.start:
                way = metres_between(place, places[other - 1] if other else floor.start or place)
                metres[node][other] = metres[other][node] = way
    return metres
