"""Work for pickers."""

from collections.abc import Collection

from picking.models import PickLine, PickList
from picking.queries.bins import Take, bins_to_pick_from
from stores.journal.actions.record import record
from stores.models import Bin
from stores.orders.models import Fulfillment, FulfillmentLine
from stores.stock.models import Availability


def release_pick_list(fulfillment: Fulfillment) -> None:
    """One list for the fulfillment, its lines in walking order."""
    pick_list = PickList.objects.create(
        store=fulfillment.store, fulfillment=fulfillment, due_at=fulfillment.promised_at
    )
    lines = list(fulfillment.lines.order_by("item_id"))
    # Two lists for one item must not both count on the same units of a bin.
    pairs = [(fulfillment.store_id, line.item_id) for line in lines]
    list(Availability.objects.for_pairs(pairs).locked().values_list("pk"))
    add_lines(pick_list, [(line, line.quantity) for line in lines])
    record(
        kind="picking.list_released",
        subject=pick_list,
        store=fulfillment.store,
        quantity=sum(line.quantity for line in lines),
        data={"fulfillment": fulfillment.pk, "lines": len(lines)},
    )


def add_lines(
    pick_list: PickList, wanted: list[tuple[FulfillmentLine, int]], *, avoiding: Collection[int] = ()
) -> None:
    """Appends pick lines for (line, units), sorted along the path; the caller holds the availability rows.

    Nobody is sent to the bins (ids) in `avoiding`.
    """
    planned: list[tuple[Take, FulfillmentLine]] = []
    begin = (pick_list.lines.order_by("-sequence").values_list("sequence", flat=True).first() or 0) + 1
    for line, quantity in wanted:
        already = _planned_by_bin(planned, line.item_id)
        takes = bins_to_pick_from(
            store=pick_list.store, item_id=line.item_id, quantity=quantity, already=already, avoiding=avoiding
        )
        planned.extend((take, line) for take in takes)
    places = _path_places([take.bin_id for take, _line in planned if take.bin_id is not None])
    planned.sort(key=lambda plan: places.get(plan[0].bin_id, (_AFTER_ALL, 0, 0)))
    PickLine.objects.bulk_create(
        PickLine(
            pick_list=pick_list,
            fulfillment_line=line,
            item_id=line.item_id,
            bin_id=take.bin_id,
            sequence=sequence,
            quantity=take.quantity,
        )
        for sequence, (take, line) in enumerate(planned, start=begin)
    )


def _planned_by_bin(planned: list[tuple[Take, FulfillmentLine]], item_id: int) -> dict[int | None, int]:
    """Two lines of one order may ask for the same item: the second must not count on the first one's units."""
    by_bin: dict[int | None, int] = {}
    for take, line in planned:
        if line.item_id == item_id:
            by_bin[take.bin_id] = by_bin.get(take.bin_id, 0) + take.quantity
    return by_bin


def _path_places(bin_ids: list[int]) -> dict[int | None, tuple[int, int, int]]:
    return {
        pk: (zone_order or 0, walk_order, pk)
        for pk, zone_order, walk_order in Bin.objects.filter(pk__in=bin_ids).values_list(
            "pk", "zone__walk_order", "walk_order"
        )
    }


_AFTER_ALL = 2**31 - 1
