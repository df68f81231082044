"""A walk close to the shortest, for many stops: improved by moves, shaken by small kicks, improved again.

No move leaves its phase, so a walk that keeps the phases goes on keeping them. The kicks come from a fixed sequence:
the same stops always give the same walk.
"""

from collections.abc import Sequence
from random import Random

from picking.path.moves import Metres, Walk

# Of each of the two walks. Measured by `make bench`: twice as many find little more at 60 stops, for twice the time.
KICKS = 40
KICK_REACH = 24


def near_shortest_walk(metres: Metres, phases: Sequence[Sequence[int]]) -> list[int]:
    """The nodes of all phases in the order of a short round from node 0; never longer than in the order given."""
    given = [node for nodes in phases for node in nodes]
    walks = [Walk(metres, phases, order) for order in (given, _nearest_first(metres, phases))]
    for walk in walks:
        walk.improve(given)
        _shake(walk, phases)
    return min(walks, key=Walk.length).nodes()


def _nearest_first(metres: Metres, phases: Sequence[Sequence[int]]) -> list[int]:
    order: list[int] = []
    here = 0
    for nodes in phases:
        left = set(nodes)
        while left:
            here = min(left, key=lambda node: (metres[here][node], node))
            left.remove(here)
            order.append(here)
    return order


def _shake(walk: Walk, phases: Sequence[Sequence[int]]) -> None:
    """Two neighbouring stretches change places, which no single move undoes; what is not shorter then is taken back."""
    chance = Random(len(phases))  # noqa: S311  # Nothing here is secret, and the same stops must give the same walk.
    spans = []
    first = 1
    for nodes in phases:
        spans.extend([(first, first + len(nodes))] * (len(nodes) if len(nodes) > 3 else 0))
        first += len(nodes)
    length = walk.length()
    for _kick in range(KICKS):
        begin, end = chance.choice(spans)
        reach = min(KICK_REACH, end - begin)
        at = chance.randint(begin, end - reach)
        one, two, three = sorted(chance.sample(range(at, at + reach + 1), 3))
        kept = walk.copy()
        walk.improve(walk.swap(one, two, three))
        shaken = walk.length()
        if shaken <= length:
            length = shaken
        else:
            walk.restore(kept)
