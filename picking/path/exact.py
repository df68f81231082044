"""The shortest walk for certain, for few stops (Bellman 1962; Held and Karp 1962).

Phases follow each other, so each has a table of its own: what counts are the stops of the largest phase, not of all.
"""

from collections.abc import Sequence

Metres = Sequence[Sequence[float]]
# A table of 2^n rows. Measured: a phase of 11 takes 15 ms in plain Python, 12 twice that, 13 more than four times.
STOPS_MAX = 11


def shortest_walk(metres: Metres, phases: Sequence[Sequence[int]]) -> list[int]:
    """The nodes of all phases in the order of the shortest round from node 0, which stands in none of them."""
    tables = []
    arriving = metres[0]
    for nodes in phases:
        table = _table(metres, nodes, arriving)
        tables.append(table)
        ends = [(cost, node) for (cost, _before), node in zip(table[-1], nodes, strict=True)]
        arriving = [min(cost + metres[end][node] for cost, end in ends) for node in range(len(metres))]
    walk: list[int] = []
    following = 0
    for nodes, table in zip(reversed(phases), reversed(tables), strict=True):
        walk = _read_back(metres, nodes, table, following) + walk
        following = walk[0]
    return walk


def _table(metres: Metres, nodes: Sequence[int], arriving: Sequence[float]) -> list[list[tuple[float, int]]]:
    """For each set of places in `nodes` and each last one of them: the least metres so far, and the place before."""
    never = (float("inf"), -1)
    between = [[metres[one][other] for other in nodes] for one in nodes]
    table = [[never] * len(nodes) for _ in range(1 << len(nodes))]
    for last, node in enumerate(nodes):
        table[1 << last][last] = (arriving[node], -1)
    for visited in range(1, 1 << len(nodes)):
        row = table[visited]
        inside = [place for place in range(len(nodes)) if visited >> place & 1]
        if len(inside) == 1:
            continue
        for last in inside:
            before = table[visited ^ 1 << last]
            way = between[last]
            row[last] = min([(before[place][0] + way[place], place) for place in inside if place != last])
    return table


def _read_back(metres: Metres, nodes: Sequence[int], table: list[list[tuple[float, int]]], following: int) -> list[int]:
    visited = len(table) - 1
    _cost, last = min((table[visited][place][0] + metres[node][following], place) for place, node in enumerate(nodes))
    walk = []
    while last >= 0:
        walk.append(nodes[last])
        before = table[visited][last][1]
        visited ^= 1 << last
        last = before
    return walk[::-1]
