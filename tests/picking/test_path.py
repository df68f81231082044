"""The shortest walk: exact where it says so, close elsewhere, and always the same."""

from itertools import pairwise, permutations
from random import Random

import pytest

from picking.path import Aisle, Floor, Place, Stop, metres_between, order_stops, walk_metres
from tests.picking.floors import LEFT, RIGHT, in_aisle, made_up_floor, on_floor, shortest_of_all

START = Floor(Place(0, 0))


@pytest.mark.parametrize(
    ("one", "other", "metres"),
    [
        # In one aisle: straight along it.
        (Place(0, 3, LEFT), Place(0, 8, LEFT), 5),
        # Into the next: out by the nearer ends, 1 + 4 + 2, though straight through the shelves were 5.
        (Place(0, 3, LEFT), Place(4, 4, RIGHT), 7),
        # Both near the far end: 2 + 4 + 1.
        (Place(0, 10, LEFT), Place(4, 11, RIGHT), 7),
        # In and out at different ends would be longer for neither: 5 + 4 + 5 either way.
        (Place(0, 7, LEFT), Place(4, 7, RIGHT), 14),
        # Open floor: along x and y.
        (Place(1, 0), Place(4, -4), 7),
        # From open floor into an aisle, by its nearer end.
        (Place(2, 0), Place(0, 3, LEFT), 5),
        (Place(2, 14), Place(0, 11, LEFT), 5),
        # The same place.
        (Place(0, 3, LEFT), Place(0, 3, LEFT), 0),
        # One x, but two aisles with a way across between them.
        (Place(0, 3, LEFT), Place(0, 15, Aisle(0, 14, 20)), 12),
    ],
)
def test_metres_on_foot(one, other, metres):
    assert metres_between(one, other) == pytest.approx(metres)
    assert metres_between(other, one) == pytest.approx(metres)


def test_distances_are_symmetric_and_no_detour_is_shorter():
    chance = Random(3)
    places = [stop.place for number in range(6) for stop in made_up_floor(chance, 8)[1]]
    for _try in range(4000):
        one, two, three = chance.choices(places, k=3)
        assert metres_between(one, one) == 0
        assert metres_between(one, two) == pytest.approx(metres_between(two, one))
        assert metres_between(one, three) <= metres_between(one, two) + metres_between(two, three) + 1e-9


def test_nothing_to_do_and_one_stop():
    assert order_stops(START, []) == []
    assert walk_metres(START, []) == 0
    stop = on_floor(1, 3, 4)
    assert order_stops(START, [stop]) == [stop]
    assert walk_metres(START, [stop]) == 14
    assert walk_metres(Floor(), [stop]) == 0


@pytest.mark.parametrize("has_start", [True, False])
@pytest.mark.parametrize("seed", range(40))
def test_few_stops_are_walked_the_shortest_way_there_is(seed, has_start):
    chance = Random(seed)
    floor, stops = made_up_floor(chance, chance.randint(2, 7), has_start=has_start)
    walked = order_stops(floor, stops)
    assert [stop.phase for stop in walked] == sorted(stop.phase for stop in stops)
    assert sorted(stop.bin_id for stop in walked) == sorted(stop.bin_id for stop in stops)
    assert walk_metres(floor, walked) == pytest.approx(shortest_of_all(floor, stops))


def test_fragile_and_cold_come_last_however_far_that_is():
    cold, fragile, far = on_floor(1, 1, 0, phase=2), on_floor(2, 2, 0, phase=1), on_floor(3, 50, 0)
    near = on_floor(4, 1, 0)
    assert [stop.bin_id for stop in order_stops(START, [cold, fragile, near, far])] in ([4, 3, 2, 1], [3, 4, 2, 1])


def test_bins_one_above_the_other_are_taken_in_one_go():
    stops = [in_aisle(number, LEFT, 2 + number % 5, phase=0) for number in range(40)]
    walked = [stop.y_m for stop in order_stops(START, stops)]
    assert sum(one != other for one, other in pairwise(walked)) == 4


@pytest.mark.parametrize("size", [12, 25, 60])
def test_many_stops_keep_their_phases_and_never_walk_further_than_in_walking_order(size):
    for seed in range(4):
        floor, stops = made_up_floor(Random(seed), size)
        walked = order_stops(floor, stops)
        assert [stop.phase for stop in walked] == sorted(stop.phase for stop in stops)
        assert sorted(stop.bin_id for stop in walked) == sorted(stop.bin_id for stop in stops)
        in_walking_order = sorted(stops, key=lambda stop: stop.phase)
        assert walk_metres(floor, walked) <= walk_metres(floor, in_walking_order) + 1e-9


def test_the_same_stops_give_the_same_walk():
    for size in (9, 40):
        floor, stops = made_up_floor(Random(size), size)
        assert order_stops(floor, stops) == order_stops(floor, list(stops))


def test_one_stop_without_coordinates_and_all_keep_the_walking_order():
    lost = Stop(9, None, None, None, 1)
    stops = [on_floor(1, 50, 0), on_floor(2, 1, 0, phase=2), lost, on_floor(3, 2, 0), on_floor(4, 1, 0, phase=1)]
    assert [stop.bin_id for stop in order_stops(START, stops)] == [1, 3, 9, 4, 2]
    with pytest.raises(ValueError, match="bin 9"):
        walk_metres(START, stops)


def test_without_a_start_the_walk_begins_where_it_is_shortest():
    stops = [on_floor(number, x, 0) for number, x in enumerate((5, 0, 9, 3))]
    walked = [stop.x_m for stop in order_stops(Floor(), stops)]
    assert walked in ([0, 3, 5, 9], [9, 5, 3, 0])
    assert walk_metres(Floor(), order_stops(Floor(), stops)) == 9
    assert min(walk_metres(Floor(), list(one)) for one in permutations(stops)) == 9
