"""A walk that can be changed: stretches carried elsewhere, and stretches turned around, until none makes it shorter.

A stretch is carried whole (Or 1976). Turns follow each other, each opening what the next one closes, so that two
aisles can change how they are walked at once (Lin and Kernighan 1973).
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Metres = Sequence[Sequence[float]]
# A move joins a node to one of its nearest: so many of its own phase, and so many of the phase before and after.
NEIGHBOURS = 8
NEIGHBOURS_ACROSS = 3
SEGMENT_MAX = 3
# How many first joints a chain of turns is tried with, and how long it gets.
CHAINS = 5
DEPTH = 8
# Shorter by less is arithmetic, not metres.
NOTHING = 1e-7


class _Turn(NamedTuple):
    """[first, last] turned around joins a node to `other`, which lets go of `freed`, where the next turn begins.

    `step` is the way there from the chain's own node; `gain` are the metres given up so far, less those taken on.
    """

    other: int
    freed: int
    first: int
    last: int
    step: int
    gain: float


class Walk:
    """A round from node 0 through all other nodes, phase by phase."""

    def __init__(self, metres: Metres, phases: Sequence[Sequence[int]], order: Sequence[int]) -> None:
        # The end is a node of its own, in the start's place: so every node has one position, and no move wraps around.
        self._metres = [[*row, row[0]] for row in [*metres, metres[0]]]
        self._phase = [-1] * len(self._metres)
        for number, nodes in enumerate(phases):
            for node in nodes:
                self._phase[node] = number
        self._phase[-1] = len(phases)
        self._near = [self._nearest(node) for node in range(len(self._metres))]
        self._order = [0, *order, len(metres)]
        self._position = [0] * len(self._order)
        self._renumber(0, len(self._order))

    def nodes(self) -> list[int]:
        return self._order[1:-1]

    def length(self) -> float:
        metres, order = self._metres, self._order
        return sum([metres[order[at]][order[at + 1]] for at in range(len(order) - 1)])

    def copy(self) -> tuple[list[int], list[int]]:
        return self._order[:], self._position[:]

    def restore(self, kept: tuple[list[int], list[int]]) -> None:
        self._order, self._position = kept

    def swap(self, one: int, two: int, three: int) -> list[int]:
        """The stretches [one, two) and [two, three) change places. Returns the nodes that have new neighbours."""
        order = self._order
        order[one:three] = order[two:three] + order[one:two]
        self._renumber(one, three)
        middle = one + three - two
        return [order[at] for edge in (one, middle, three) for at in (edge - 1, edge)]

    def improve(self, nodes: Iterable[int]) -> None:
        """Makes moves that join one of `nodes` to another neighbour, and what follows from them, until none is left."""
        waiting = deque(nodes)
        is_waiting = set(waiting)
        while waiting:
            node = waiting.popleft()
            is_waiting.discard(node)
            touched = self._carry(node) or self._chain(node)
            for each in touched:
                if each not in is_waiting:
                    is_waiting.add(each)
                    waiting.append(each)

    def _chain(self, node: int) -> list[int]:
        """Lin and Kernighan: gives up the way from `node` to a neighbour, and turns stretches around until it pays."""
        metres = self._metres[node]
        for step in (1, -1):
            at = self._position[node] + step
            if not 0 <= at < len(self._order):
                continue
            beside = self._order[at]
            for other in self._near[beside][:CHAINS]:
                if metres[beside] - self._metres[beside][other] <= NOTHING:
                    break
                touched = self._follow(node, step, [other])
                if touched:
                    return touched
        return []

    def _follow(self, node: int, step: int, others: Sequence[int]) -> list[int]:
        """Turns after each other, the first to one of `others`; those up to the shortest walk stay."""
        beside = self._order[self._position[node] + step]
        gain, best_gain, kept = self._metres[node][beside], NOTHING, 0
        touched = [node, beside]
        turns: list[_Turn] = []
        while len(turns) < DEPTH:
            turn = self._best_turn(node, step, beside, gain, others, touched)
            if turn is None:
                break
            self._reverse(turn.first, turn.last)
            turns.append(turn)
            touched += [turn.other, turn.freed]
            step, beside, gain = turn.step, turn.freed, turn.gain
            others = self._near[beside]
            closed = gain - self._metres[beside][node]
            if closed > best_gain:
                best_gain, kept = closed, len(turns)
        for turn in reversed(turns[kept:]):
            self._reverse(turn.first, turn.last)
        return touched[: 2 + 2 * kept] if kept else []

    def _best_turn(
        self, node: int, step: int, beside: int, given_up: float, others: Sequence[int], touched: Sequence[int]
    ) -> _Turn | None:
        """Joins `beside` to that one of `others` which lets go of the longest way. What is joined stays joined."""
        order, here, ways = self._order, self._position[node], self._metres[beside]
        best: _Turn | None = None
        for other in others:
            gain = given_up - ways[other]
            if gain <= NOTHING:
                break
            there = self._position[other]
            if other in (node, beside) or other in touched or not 0 <= there - step < len(order):
                continue
            freed = order[there - step]
            gain += self._metres[other][freed]
            if freed == beside or (best and gain <= best.gain):
                continue
            is_ahead = (there - here) * step > 0
            ends = (here + step, there - step) if is_ahead else (there, here)
            first, last = min(ends), max(ends)
            if self._phase[order[first]] == self._phase[order[last]]:
                best = _Turn(other, freed, first, last, step if is_ahead else -step, gain)
        return best

    def _carry(self, node: int) -> list[int]:
        """Carries up to three nodes, of which `node` is the first or the last, to beside one that is near to it."""
        order, here = self._order, self._position[node]
        for step in (1, -1):
            for size in range(SEGMENT_MAX):
                end = here + step * size
                if not 0 < end < len(order) - 1 or self._phase[order[end]] != self._phase[node]:
                    break
                touched = self._carry_stretch(node, order[end], min(here, end), max(here, end))
                if touched:
                    return touched
        return []

    def _carry_stretch(self, node: int, tail: int, first: int, last: int) -> list[int]:
        """`node` and `tail` are the ends of [first, last]: `node` comes to stand beside a near one."""
        metres, order, own = self._metres, self._order, self._phase[node]
        before, after = order[first - 1], order[last + 1]
        saved = metres[before][order[first]] + metres[order[last]][after] - metres[before][after] - NOTHING
        if saved <= 0:
            return []
        for other in self._near[node]:
            there = self._position[other]
            left = saved - metres[node][other]
            if first <= there <= last:
                continue
            for beside in (there + 1, there - 1):
                if not 0 <= beside < len(order) or first <= beside <= last:
                    continue
                next_to = order[beside]
                if left <= metres[tail][next_to] - metres[other][next_to]:
                    continue
                if own in (self._phase[other], self._phase[next_to]):
                    stretch = order[first : last + 1]
                    # Whoever stands nearer to the walk's begin comes first.
                    if (beside > there) != (stretch[0] == node):
                        stretch.reverse()
                    self._move(first, last, max(there, beside), stretch)
                    return [node, tail, before, after, other, next_to]
        return []

    def _move(self, first: int, last: int, to: int, stretch: list[int]) -> None:
        """Takes out [first, last] and puts `stretch`, the same nodes, in front of what stood at `to`."""
        order = self._order
        if to > last:
            order[first:to] = order[last + 1 : to] + stretch
            self._renumber(first, to)
        else:
            order[to : last + 1] = stretch + order[to:first]
            self._renumber(to, last + 1)

    def _reverse(self, first: int, last: int) -> None:
        self._order[first : last + 1] = self._order[first : last + 1][::-1]
        self._renumber(first, last + 1)

    def _renumber(self, begin: int, end: int) -> None:
        order, position = self._order, self._position
        for at in range(begin, end):
            position[order[at]] = at

    def _nearest(self, node: int) -> list[int]:
        """Those that a move may join it to, the nearest first."""
        own, metres = self._phase[node], self._metres[node]
        by_phase: dict[int, list[int]] = {}
        for other in sorted(range(len(metres)), key=lambda other: (metres[other], other)):
            if other != node and abs(self._phase[other] - own) <= 1:
                by_phase.setdefault(self._phase[other], []).append(other)
        chosen = [
            other
            for phase, others in by_phase.items()
            for other in others[: NEIGHBOURS if phase == own else NEIGHBOURS_ACROSS]
        ]
        return sorted(chosen, key=lambda other: (metres[other], other))
