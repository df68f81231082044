"""What can be promised."""

from collections.abc import Iterable

from stores.stock.models import Availability


def available_to_promise(pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """ATP in units for each (store id, item id); pairs the ledger has never seen are 0."""
    wanted = list(pairs)
    found = {
        (store_id, item_id): atp
        for store_id, item_id, atp in Availability.objects.for_pairs(wanted).values_list("store_id", "item_id", "atp")
    }
    return {pair: found.get(pair, 0) for pair in wanted}
