"""Work for pickers: orders become lists."""

from collections.abc import Sequence
from typing import Any

from picking.grouping import Planned, Sheet, group_orders, split_by_zone
from picking.models import Method, PickLine, PickList, PickPart, Wave
from picking.path import Phase, phase_of
from picking.queries.bins import bins_to_pick_from
from picking.queries.floor import path_places
from picking.queries.plans import plan_of
from stores.catalog.models import Item
from stores.journal.actions.record import record
from stores.journal.wakeups import wake
from stores.models import Bin, Device, Store
from stores.orders.models import Fulfillment, FulfillmentLine
from stores.staff.models import Associate
from stores.stock.models import Availability


def release_on_allocation(fulfillment: Fulfillment) -> None:
    """An order is released at once when its store wants that, or when it is express; else it waits for a wave.

    It may be the one that makes the wave due.
    """
    if fulfillment.order.is_express:
        trigger = Wave.Trigger.EXPRESS
    elif plan_of(fulfillment.store).at_once:
        trigger = Wave.Trigger.AT_ONCE
    else:
        wake("picking.tasks.release_waves_of", fulfillment.store_id)
        return
    release_wave(store=fulfillment.store, fulfillments=[fulfillment], method=Method.SINGLE, trigger=trigger)


def release_wave(
    *,
    store: Store,
    fulfillments: Sequence[Fulfillment],
    method: Method,
    trigger: Wave.Trigger,
    associate: Associate | None = None,
    device: Device | None = None,
) -> Wave:
    """Makes the lists for these orders of the store; the caller holds their rows and none of them has a list.

    Single: a list for each. Batch: the carts the store's plan allows, a tote for each order. Zone: a list for each
    zone that has any of it, the orders' totes meet at staging. An express order has a list of its own whatever the
    method: it waits for no other order's stops and for no other picker.
    """
    wave = Wave.objects.create(store=store, trigger=trigger, method=method, released_by=associate)
    # Two lists for one item must not both count on the same units of a bin.
    pairs = [(store.pk, line.item_id) for line in _lines_of(fulfillments)]
    list(Availability.objects.for_pairs(pairs).locked().values_list("pk"))
    planned = planned_lines(store, fulfillments)
    for sheet in sheets_of(store, fulfillments, planned, method):
        _make_list(wave, sheet)
    record(
        kind="picking.wave_released",
        subject=wave,
        store=store,
        actor=associate,
        device=device,
        quantity=sum(one.take.quantity for one in planned),
        data={"trigger": trigger, "method": method, "orders": len(fulfillments)},
    )
    return wave


def planned_lines(store: Store, fulfillments: Sequence[Fulfillment]) -> list[Planned]:
    """From which bins everything that is wanted of these orders would be taken now."""
    planned: list[Planned] = []
    # Two lines may ask for the same item: the second must not count on the first one's units.
    already: dict[int, dict[int | None, int]] = {}
    for line in _lines_of(fulfillments):
        by_bin = already.setdefault(line.item_id, {})
        takes = bins_to_pick_from(store=store, item_id=line.item_id, quantity=line.wanted, already=by_bin)
        for take in takes:
            by_bin[take.bin_id] = by_bin.get(take.bin_id, 0) + take.quantity
        planned.extend(Planned(line, take) for take in takes)
    return planned


def _lines_of(fulfillments: Sequence[Fulfillment]) -> list[FulfillmentLine]:
    """What is still wanted of them, the soonest promise first."""
    place = {fulfillment.pk: number for number, fulfillment in enumerate(fulfillments)}
    lines = FulfillmentLine.objects.filter(fulfillment__in=place).order_by("item_id", "pk")
    return sorted(
        (line for line in lines if line.wanted), key=lambda line: (place[line.fulfillment_id], line.item_id, line.pk)
    )


def sheets_of(store: Store, fulfillments: Sequence[Fulfillment], planned: list[Planned], method: Method) -> list[Sheet]:
    """The lists that they would make."""
    by_order: dict[int, list[Planned]] = {fulfillment.pk: [] for fulfillment in fulfillments}
    for one in planned:
        by_order[one.line.fulfillment_id].append(one)
    alone = [one for one in fulfillments if one.order.is_express or method == Method.SINGLE]
    sheets = [Sheet([one], by_order[one.pk]) for one in alone]
    together = [one for one in fulfillments if one not in alone]
    if not together:
        return sheets
    most = plan_of(store).batch_orders_max
    theirs = [one for fulfillment in together for one in by_order[fulfillment.pk]]
    bins = {one.take.bin_id for one in theirs if one.take.bin_id is not None}
    along = _along(store, bins)
    if method == Method.ZONE:
        zones = dict(Bin.objects.filter(pk__in=bins).values_list("pk", "zone_id"))
        return [*sheets, *split_by_zone(together, theirs, zones, most=most, along=along)]
    carts = group_orders(together, by_order, most=most, along=along)
    return [*sheets, *(Sheet(cart, [one for order in cart for one in by_order[order.pk]]) for cart in carts)]


def _along(store: Store, bins: set[int]) -> dict[int, int]:
    """How far along the walk each bin lies, in stops."""
    places = path_places(store, {(bin_id, 0) for bin_id in bins})
    return {bin_id: place for place, (bin_id, _phase) in enumerate(sorted(places, key=lambda stop: places[stop]))}


def _make_list(wave: Wave, sheet: Sheet) -> None:
    pick_list = PickList.objects.create(
        store_id=wave.store_id,
        wave=wave,
        method=_method_of(wave, sheet),
        zone_id=sheet.zone_id,
        is_express=any(fulfillment.order.is_express for fulfillment in sheet.fulfillments),
        due_at=min(fulfillment.promised_at for fulfillment in sheet.fulfillments),
    )
    parts = PickPart.objects.bulk_create(
        PickPart(pick_list=pick_list, store_id=wave.store_id, fulfillment=fulfillment, position=position)
        for position, fulfillment in enumerate(sheet.fulfillments, start=1)
    )
    _write_lines(pick_list, {part.fulfillment_id: part for part in parts}, sheet.planned)
    record(
        kind="picking.list_released",
        subject=pick_list,
        store=wave.store_id,
        quantity=sum(one.take.quantity for one in sheet.planned),
        data={
            "fulfillments": [fulfillment.pk for fulfillment in sheet.fulfillments],
            "lines": len(sheet.planned),
            "wave": wave.pk,
        },
    )


def _method_of(wave: Wave, sheet: Sheet) -> str:
    """Of a batch of one order nobody needs to be told which tote."""
    return Method.SINGLE if sheet.zone_id is None and len(sheet.fulfillments) == 1 else wave.method


def _write_lines(pick_list: PickList, parts: dict[int, PickPart], planned: list[Planned]) -> None:
    """Sorted along the path; units of one item in one bin stand together, in the order of the totes."""
    phases = _phases({one.line.item_id for one in planned})
    stops = {(one.take.bin_id, phases[one.line.item_id]) for one in planned if one.take.bin_id is not None}
    places = path_places(pick_list.store, stops)

    def place(one: Planned) -> tuple[bool, Any, int, int]:
        if one.take.bin_id is None:  # Nobody knows where: after all the others.
            return True, 0, one.line.item_id, parts[one.line.fulfillment_id].position
        stop = places[one.take.bin_id, phases[one.line.item_id]]
        return False, stop, one.line.item_id, parts[one.line.fulfillment_id].position

    PickLine.objects.bulk_create(
        PickLine(
            pick_list=pick_list,
            part=parts[one.line.fulfillment_id],
            fulfillment_line=one.line,
            item_id=one.line.item_id,
            bin_id=one.take.bin_id,
            sequence=sequence,
            quantity=one.take.quantity,
        )
        for sequence, one in enumerate(sorted(planned, key=place), start=1)
    )


def _phases(item_ids: set[int]) -> dict[int, Phase]:
    """By item (id): when on the walk it is picked."""
    rows = Item.objects.filter(pk__in=item_ids).values_list("pk", "is_fragile", "is_cold")
    return {pk: phase_of(is_fragile=is_fragile, is_cold=is_cold) for pk, is_fragile, is_cold in rows}
