"""Made-up floors to walk on."""

from itertools import permutations
from random import Random

from picking.path import Aisle, Floor, Place, Stop, walk_metres

LEFT, RIGHT = Aisle(0, 2, 12), Aisle(4, 2, 12)


def in_aisle(bin_id: int, aisle: Aisle, y_m: float, phase: int = 0) -> Stop:
    return Stop(bin_id, aisle, aisle.x_m, y_m, phase)


def on_floor(bin_id: int, x_m: float, y_m: float, phase: int = 0) -> Stop:
    return Stop(bin_id, None, x_m, y_m, phase)


def made_up_floor(chance: Random, size: int, *, has_start: bool = True) -> tuple[Floor, list[Stop]]:
    """Stops in walking order, up one aisle and down the next: most in aisles, some on open floor, of all phases."""
    aisles = [Aisle(3.0 * number, 3.0, 3.0 + chance.choice((12, 20))) for number in range(chance.choice((5, 8, 12)))]
    stops = []
    for number in range(size):
        phase = chance.choices((0, 1, 2), weights=(70, 15, 15))[0]
        if chance.random() < 0.85:
            aisle = chance.choice(aisles)
            stops.append(in_aisle(number, aisle, round(chance.uniform(aisle.from_y_m, aisle.to_y_m), 1), phase))
        else:
            y_m = chance.choice((chance.uniform(-5, 2), chance.uniform(24, 30)))
            stops.append(on_floor(number, round(chance.uniform(0, 30), 1), round(y_m, 1), phase))
    stops.sort(key=_walking_order)
    return Floor(Place(0.0, 0.0) if has_start else None), stops


def shortest_of_all(floor: Floor, stops: list[Stop]) -> float:
    """Every order that keeps the phases, tried."""
    phases = sorted(stop.phase for stop in stops)
    return min(walk_metres(floor, one) for one in permutations(stops) if [stop.phase for stop in one] == phases)


def _walking_order(stop: Stop) -> tuple[float, float]:
    assert stop.x_m is not None
    assert stop.y_m is not None
    return stop.x_m, stop.y_m if int(stop.x_m / 3) % 2 == 0 else -stop.y_m
