"""Where the bins of a list lie, as a picker walks past them."""

from collections.abc import Iterable
from typing import Any

from stores.models import Bin, Store

BinStop = tuple[int, int]  # (bin id, phase)


def path_places(store: Store, stops: Iterable[BinStop]) -> dict[BinStop, Any]:
    """A sortable place on the walk for each stop."""
    wanted = set(stops)
    rows = Bin.objects.filter(pk__in={pk for pk, _phase in wanted}).values_list("pk", "zone__walk_order", "walk_order")
    along = {pk: (zone_order or 0, walk_order, pk) for pk, zone_order, walk_order in rows}
    return {(pk, phase): (phase, *along[pk]) for pk, phase in wanted}
