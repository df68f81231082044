"""The shortest walk through a store: pure arithmetic, without a database.

    order_stops(Floor(start), stops)    the stops, one after the other
    walk_metres(Floor(start), stops)    how long the walk in this order is

A walk ends where it begins. Ordinary goods (phase 0) come first, then what breaks (1), then what must stay cold (2):
within that, the walk is the shortest (`exact`), or close to it where there are too many stops to be sure (`near`).
"""

from picking.path.order import order_stops, walk_metres
from picking.path.plan import Aisle, Floor, Phase, Place, Stop, metres_between, phase_of

__all__ = ["Aisle", "Floor", "Phase", "Place", "Stop", "metres_between", "order_stops", "phase_of", "walk_metres"]
