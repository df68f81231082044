"""The shortest walk there is, proven: what the product's walks are measured against.

Distances are the same both ways, so the ways taken are edges, not arcs (Dantzig, Fulkerson and Johnson 1954): two at
each place, and at least two out of every set of places. Those sets are added as they are broken, first by the linear
relaxation (components and minimum cuts), then by whole solutions, until one round is left. HiGHS proves each optimum.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import highspy

from picking.path import Floor, Place, Stop, metres_between

EPSILON = 1e-6
Edge = tuple[int, int]


def shortest_metres(floor: Floor, stops: Sequence[Stop]) -> float:
    """The length of the shortest round that keeps the phases."""
    return _Rounds.of(floor, stops).solve()


@dataclass
class _Rounds:
    size: int
    edges: list[Edge]
    model: Any
    sets: set[frozenset[int]] = field(default_factory=set)

    @classmethod
    def of(cls, floor: Floor, stops: Sequence[Stop]) -> "_Rounds":
        assert floor.start is not None
        spots = list(dict.fromkeys((stop.phase, stop.place) for stop in sorted(stops, key=lambda stop: stop.phase)))
        ranks = {phase: rank for rank, phase in enumerate(dict.fromkeys(phase for phase, _place in spots))}
        last = len(ranks) - 1
        # The start stands before the first phase and behind the last.
        nodes: list[tuple[int | None, Place]] = [(None, floor.start)]
        nodes += [(ranks[phase], place) for phase, place in spots if place]

        def may_follow(one: int | None, other: int | None) -> bool:
            if one is None or other is None:
                return (other if one is None else one) in (0, last)
            return abs(one - other) <= 1

        model = highspy.Highs()
        model.setOptionValue("output_flag", False)
        model.setOptionValue("threads", 1)
        model.setOptionValue("mip_rel_gap", 0.0)
        edges = [
            (one, other)
            for one in range(len(nodes))
            for other in range(one)
            if may_follow(nodes[one][0], nodes[other][0])
        ]
        rounds = cls(len(nodes), edges, model)
        for number, (one, other) in enumerate(edges):
            # A start and one stop: there and back by the same edge.
            model.addVar(0, 2 if len(nodes) == 2 else 1)
            model.changeColCost(number, metres_between(nodes[one][1], nodes[other][1]))
        for node in range(len(nodes)):
            rounds._row(2, 2, [edge for edge in edges if node in edge])
        for rank in range(last):
            between = {rank, rank + 1}
            rounds._row(1, 1, [edge for edge in edges if {nodes[edge[0]][0], nodes[edge[1]][0]} == between])
        if last > 0:
            rounds._row(1, 1, [edge for edge in edges if edge[1] == 0 and nodes[edge[0]][0] == 0])
        return rounds

    def solve(self) -> float:
        is_whole = False
        while True:
            self.model.run()
            status = self.model.getModelStatus()
            assert status == highspy.HighsModelStatus.kOptimal, status
            values = list(self.model.getSolution().col_value)
            if self._part(self._components(values)) or (not is_whole and self._part(self._thin_cuts(values))):
                continue
            if is_whole or all(abs(value - round(value)) < EPSILON for value in values):
                return float(self.model.getInfo().objective_function_value)
            is_whole = True
            for number in range(len(self.edges)):
                self.model.changeColIntegrality(number, highspy.HighsVarType.kInteger)

    def _row(self, low: float, high: float, edges: Iterable[Edge]) -> None:
        wanted = set(edges)
        columns = [number for number, edge in enumerate(self.edges) if edge in wanted]
        self.model.addRow(low, high, len(columns), columns, [1.0] * len(columns))

    def _part(self, sets: Iterable[Iterable[int]]) -> bool:
        """At least two ways lead out of each of them. False: none is new."""
        fresh = {frozenset(nodes) for nodes in sets} - self.sets
        for nodes in fresh:
            if 0 < len(nodes) < self.size:
                out = [edge for edge in self.edges if (edge[0] in nodes) != (edge[1] in nodes)]
                self._row(2, highspy.kHighsInf, out)
        fresh = {nodes for nodes in fresh if len(nodes) < self.size}
        self.sets |= fresh
        return bool(fresh)

    def _components(self, values: Sequence[float]) -> list[list[int]]:
        group = list(range(self.size))
        for (one, other), value in zip(self.edges, values, strict=True):
            if value > EPSILON and group[one] != group[other]:
                old, new = group[one], group[other]
                group = [new if each == old else each for each in group]
        return [[node for node in range(self.size) if group[node] == each] for each in set(group)]

    def _thin_cuts(self, values: Sequence[float]) -> list[list[int]]:
        """Sets with less than two ways out (Stoer and Wagner 1997: the cut of each phase, not only the least one)."""
        weight = [[0.0] * self.size for _ in range(self.size)]
        for (one, other), value in zip(self.edges, values, strict=True):
            weight[one][other] = weight[other][one] = value
        groups = [[node] for node in range(self.size)]
        active = list(range(self.size))
        found = []
        while len(active) > 1:
            tied = dict.fromkeys(active, 0.0)
            order: list[tuple[int, float]] = []
            while tied:
                node = max(tied, key=lambda each: tied[each])
                order.append((node, tied.pop(node)))
                for other in tied:
                    tied[other] += weight[node][other]
            (last, ways), (before, _ways) = order[-1], order[-2]
            if ways < 2 - EPSILON:
                found.append(list(groups[last]))
            for other in active:
                if other not in (before, last):
                    weight[before][other] += weight[last][other]
                    weight[other][before] = weight[before][other]
            groups[before] += groups[last]
            active.remove(last)
        return found
