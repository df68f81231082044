"""A walk model: what single, batch and zone picking cost in a picker's minutes, for the same orders in the same store.

The lists are the product's own: orders are placed, released in one wave and read back, once for each method. How fast
people walk and handle goods is assumed, the same for all three; only the comparison means something.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from django.db import transaction

from picking.actions.release import release_wave
from picking.models import Method, PickLine, PickList, PickPlan, Wave
from picking.path import Floor, Stop, walk_metres
from picking.queries.floor import aisle_of, start_of
from stores.models import Aisle, Bin, BinKind, Store, Zone
from stores.orders.models import Fulfillment
from tests.bench.report import Result, say
from tests.bench.rounds import Broken, Ratio
from tests.factories import make_item, make_store, order_for, stock_up

# Seconds and metres a second, of a person with a small cart between shelves.
WALK_M_A_SECOND = 1.0
START_A_LIST = 30.0
TOTE_READY = 6.0
STOP_AT_A_BIN = 5.0
TAKE_A_UNIT = 3.0
PUT_IN_THE_RIGHT_TOTE = 1.5  # On a cart of several.
STAGE_A_TOTE = 12.0
MEET_ANOTHER_TOTE = 10.0  # An order whose totes come from several lists is put together.

AISLES = 12
BINS_AN_AISLE = 24
AISLE_M = 18.0
CART = 6


@dataclass(frozen=True)
class MethodEffort:
    orders: int
    seeds: int


THOROUGH = MethodEffort(orders=48, seeds=5)
QUICK = MethodEffort(orders=8, seeds=1)


@dataclass(frozen=True)
class Walked:
    units: int
    metres: float
    seconds: float
    lists: int

    @property
    def units_an_hour(self) -> float:
        return self.units / self.seconds * 3600


class _Undo(Exception):
    """The orders go back to where they were before the wave."""


def measure_methods(effort: MethodEffort) -> list[Result]:
    """Raises Broken when a method loses or doubles a unit."""
    rounds = [_compare(effort, seed) for seed in range(effort.seeds)]
    say(f"\nThe walk model: {effort.orders} orders, {AISLES} aisles in 2 zones, {effort.seeds} seeds, carts of {CART}")
    say(f"{'':34}{'units an hour:':>18}{'':>9}{'metres':>9}{'lists':>9}")
    say(f"{'':34}{'mean':>9}{'least':>9}{'most':>9}{'a unit':>9}{'a round':>9}")
    for method in Method:
        each = [one[method] for one in rounds]
        rates = [one.units_an_hour for one in each]
        metres = sum(one.metres for one in each) / sum(one.units for one in each)
        lists = sum(one.lists for one in each) / len(each)
        mean = sum(rates) / len(rates)
        say(f"  {method.label!s:32}{mean:9.1f}{min(rates):9.1f}{max(rates):9.1f}{metres:9.1f}{lists:9.1f}")
    return [_against_single(rounds, Method.BATCH), _against_single(rounds, Method.ZONE)]


def _against_single(rounds: list[dict[Method, Walked]], method: Method) -> Result:
    times = sorted(one[method].units_an_hour / one[Method.SINGLE].units_an_hour for one in rounds)
    ratio = Ratio(times[len(times) // 2], times[0], times[-1])
    return Result(11, f"units a picker's hour, {method} / single (walk model)", None, False, ratio)


def _compare(effort: MethodEffort, seed: int) -> dict[Method, Walked]:
    store = _build_store(f"WALK-{effort.orders}-{seed}")
    _place_orders(store, effort.orders, Random(seed))
    waiting = Fulfillment.objects.filter(store=store, state=Fulfillment.State.ALLOCATED)
    fulfillments = list(waiting.select_related("order", "store").order_by("promised_at", "pk"))
    walked = {method: _walk(store, fulfillments, method) for method in Method}
    if len({one.units for one in walked.values()}) != 1:
        raise Broken(f"The methods do not pick the same units: {walked}")
    return walked


def _build_store(code: str) -> Store:
    """Two zones of aisles side by side, shelves on both ends open; walks begin and end at the front, in the middle."""
    store = make_store(code, start_x_m=AISLES * 1.5, start_y_m=-2.0)
    PickPlan.objects.create(store=store, at_once=False, batch_orders_max=CART)
    zones = [
        Zone.objects.create(store=store, code=f"Z{number}", name=f"Z{number}", walk_order=number) for number in (2, 3)
    ]
    for number in range(AISLES):
        aisle = Aisle.objects.create(store=store, code=f"{number:02}", x_m=number * 3.0, from_y_m=0.0, to_y_m=AISLE_M)
        for place in range(BINS_AN_AISLE):
            # There and back again: the order in which people walk past the shelves.
            along = place if number % 2 == 0 else BINS_AN_AISLE - 1 - place
            Bin.objects.create(
                store=store,
                zone=zones[number * 2 // AISLES],
                code=f"{number:02}-{place:02}",
                kind=BinKind.SHELF,
                walk_order=number * 100 + along,
                aisle=aisle,
                x_m=aisle.x_m,
                y_m=(place + 0.5) * AISLE_M / BINS_AN_AISLE,
            )
    return store


def _place_orders(store: Store, count: int, random: Random) -> None:
    """One to five lines of one to three units; a fifth of the items makes up two thirds of the lines."""
    bins = list(Bin.objects.filter(store=store, aisle__isnull=False).order_by("pk"))
    chosen = random.sample(bins, 120)
    items = []
    for bin in chosen:
        item = make_item()
        stock_up(store, item, 500, bin.code)
        items.append(item)
    fast, slow = items[:24], items[24:]
    for _number in range(count):
        lines = random.choices([1, 2, 3, 4, 5], [40, 27, 17, 10, 6])[0]
        wanted = {(random.choice(fast) if random.random() < 2 / 3 else random.choice(slow)) for _ in range(lines)}
        order_for(
            store, *((item, random.choices([1, 2, 3], [75, 18, 7])[0]) for item in sorted(wanted, key=lambda it: it.pk))
        )


def _walk(store: Store, fulfillments: list[Fulfillment], method: Method) -> Walked:
    walked: list[Walked] = []
    try:
        with transaction.atomic():
            wave = release_wave(store=store, fulfillments=fulfillments, method=method, trigger=Wave.Trigger.HAND)
            walked.append(_add_up(store, PickList.objects.filter(wave=wave)))
            raise _Undo
    except _Undo:
        return walked[0]


def _add_up(store: Store, lists: Iterable[PickList]) -> Walked:
    floor = Floor(start_of(store))
    units, metres, seconds, count = 0, 0.0, 0.0, 0
    totes_of: dict[int, int] = defaultdict(int)
    for pick_list in lists:
        count += 1
        lines = list(PickLine.objects.filter(pick_list=pick_list).select_related("bin__aisle").order_by("sequence"))
        stops = [
            Stop(bin.pk, aisle_of(bin.aisle) if bin.aisle else None, bin.x_m, bin.y_m)
            for bin in dict.fromkeys(line.bin for line in lines)
            if bin is not None
        ]
        taken = sum(line.quantity for line in lines)
        totes = pick_list.parts.count()
        for part in pick_list.parts.all():
            totes_of[part.fulfillment_id] += 1
        way = walk_metres(floor, stops)
        units, metres = units + taken, metres + way
        seconds += START_A_LIST + totes * (TOTE_READY + STAGE_A_TOTE) + way / WALK_M_A_SECOND
        seconds += len(stops) * STOP_AT_A_BIN + taken * TAKE_A_UNIT
        seconds += len(lines) * PUT_IN_THE_RIGHT_TOTE if totes > 1 else 0
    seconds += sum((totes - 1) * MEET_ANOTHER_TOTE for totes in totes_of.values())
    return Walked(units, metres, seconds, count)
