"""Walks of the product against the shortest there is, and against walking order, on made-up floors."""

import time
from dataclasses import dataclass
from random import Random
from statistics import median

from picking.path import order_stops, walk_metres
from tests.bench.report import Result, say
from tests.bench.rounds import Broken, Ratio
from tests.bench.shortest import shortest_metres
from tests.picking.floors import made_up_floor

# Met by every list, not by most of them.
LONGER_AT_MOST = 1.05


@dataclass(frozen=True)
class PathEffort:
    lists: int
    sizes: tuple[int, ...] = (10, 30, 60)


THOROUGH = PathEffort(lists=20)
QUICK = PathEffort(lists=2)


@dataclass(frozen=True)
class Walked:
    longer: float  # Times the shortest.
    by_order: float  # Walking order, times the shortest.
    saved_m: float  # Of walking order.
    millis: float


def measure_paths(effort: PathEffort) -> list[Result]:
    """Raises Broken when a walk is shorter than the shortest, or not the same the second time."""
    say("\nThe shortest walk (seeded lists; optimum: proven by HiGHS)")
    say(f"{'':14}{'longer:':>16}{'':16}{'walking order:':>24}{'ms':>9}")
    longer, order = f"{'median':>16}{'p90':>8}{'worst':>8}", f"{'longer by':>14}{'metres':>10}"
    say(f"{'stops':>7}{'lists':>7}{longer}{order}{'median':>9}{'most':>7}")
    results = []
    for size in effort.sizes:
        lists = [_walk(size, seed) for seed in range(effort.lists)]
        times = sorted(one.longer for one in lists)
        ninth = times[len(times) * 9 // 10]
        say(
            f"{size:7}{len(lists):7}{_percent(median(times)):>16}{_percent(ninth):>8}{_percent(times[-1]):>8}"
            f"{_percent(median(one.by_order for one in lists)):>14}"
            f"{median(one.saved_m for one in lists):10.0f}"
            f"{median(one.millis for one in lists):9.1f}{max(one.millis for one in lists):7.1f}"
        )
        # The target is for every list, so the worst stands where the median does elsewhere.
        worst = Ratio(times[-1], times[0], times[-1])
        results.append(Result(10, f"longest walk of {size} stops / the shortest there is", LONGER_AT_MOST, True, worst))
    return results


def _walk(size: int, seed: int) -> Walked:
    floor, stops = made_up_floor(Random(f"{size} {seed}"), size)
    begun = time.process_time()
    walked = order_stops(floor, stops)
    millis = (time.process_time() - begun) * 1000
    shortest, metres = shortest_metres(floor, stops), walk_metres(floor, walked)
    by_order = walk_metres(floor, sorted(stops, key=lambda stop: stop.phase))
    if metres < shortest - 1e-4 or metres > by_order + 1e-9 or order_stops(floor, stops) != walked:
        raise Broken(f"{size} stops, seed {seed}: {metres} m, the shortest {shortest} m, by walking order {by_order} m")
    return Walked(metres / shortest, by_order / shortest, by_order - metres, millis)


def _percent(times: float) -> str:
    return f"{100 * (times - 1):.2f} %"
