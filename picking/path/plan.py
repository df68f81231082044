"""Places on a store's plan, and how far one is from another on foot."""

from dataclasses import dataclass
from enum import IntEnum


class Phase(IntEnum):
    """When on its walk a unit is picked: last what suffers from lying below, and what warms up."""

    ORDINARY = 0
    FRAGILE = 1
    COLD = 2


def phase_of(*, is_fragile: bool, is_cold: bool) -> Phase:
    """What is fragile goes on top of the rest, and what is cold, fragile or not, leaves the cold as late as can be."""
    if is_cold:
        return Phase.COLD
    return Phase.FRAGILE if is_fragile else Phase.ORDINARY


@dataclass(frozen=True, slots=True)
class Aisle:
    """A straight way along y at one x; whoever is in it leaves it at one of its two ends."""

    x_m: float
    from_y_m: float
    to_y_m: float


@dataclass(frozen=True, slots=True)
class Place:
    """A point in an aisle, or on open floor. In an aisle, its x is the aisle's own."""

    x_m: float
    y_m: float
    aisle: Aisle | None = None

    def exits(self) -> tuple[tuple[float, float, float], ...]:
        """(x, y, metres to get there) of each point where open floor begins."""
        if self.aisle is None:
            return ((self.x_m, self.y_m, 0.0),)
        return tuple((self.aisle.x_m, end, abs(self.y_m - end)) for end in (self.aisle.from_y_m, self.aisle.to_y_m))


@dataclass(frozen=True, slots=True)
class Stop:
    """A bin to stop at, once in a phase. Without coordinates it has no place on the plan."""

    bin_id: int
    aisle: Aisle | None
    x_m: float | None
    y_m: float | None
    phase: int = Phase.ORDINARY

    @property
    def place(self) -> Place | None:
        if self.x_m is None or self.y_m is None:
            return None
        return Place(self.x_m, self.y_m, self.aisle)


@dataclass(frozen=True, slots=True)
class Floor:
    """`start` is where walks begin and end. None: nobody has said so, and a walk may begin and end anywhere."""

    start: Place | None = None


def metres_between(one: Place, other: Place) -> float:
    """The way on foot. Open floor is walked along x and y, never across: shelves, tables and people stand there.

    It is the shortest way in that world, so it is symmetric and no detour is shorter.
    """
    if one.aisle is not None and one.aisle == other.aisle:
        return abs(one.y_m - other.y_m)
    return min(
        inside + abs(x - to_x) + abs(y - to_y) + outside
        for x, y, inside in one.exits()
        for to_x, to_y, outside in other.exits()
    )
