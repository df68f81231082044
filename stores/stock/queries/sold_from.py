"""Where a till's goods come from: nobody scans a bin there."""

from collections.abc import Iterable

from django.db.models import Case, Q, Value, When

from stores.catalog.models import Item
from stores.models import PICKABLE_KINDS, Bin, BinKind, Store
from stores.stock.models import Balance, Condition, CountRequest, Move
from stores.stock.queries.put_away import suggest_bin

# What customers can reach comes first; then what somebody fetched for one of them.
ON_THE_FLOOR = (BinKind.SHELF, BinKind.DISPLAY)


def lock_bins_to_sell_from(*, store: Store, item: Item) -> list[tuple[Bin, int]]:
    """(bin, sellable units) in the order in which a sale takes them: the floor in walking order, then the backroom.

    Locked in bin order, as the posting function locks: a pick moves units without the availability row, which the
    caller has locked. What lies in totes and staging bins has its order.
    """
    there = Balance.objects.filter(
        store=store, item=item, condition=Condition.SELLABLE, quantity__gt=0, bin__kind__in=PICKABLE_KINDS
    )
    # Read after they are locked: while this waited for a pick, it took units away.
    units = dict(there.select_for_update(of=("self",)).order_by("bin_id").values_list("bin_id", "quantity"))
    on_the_floor = Case(When(kind__in=ON_THE_FLOOR, then=Value(0)), default=Value(1))
    bins = Bin.objects.filter(pk__in=[pk for pk, left in units.items() if left])
    return [(place, units[place.pk]) for place in bins.order_by(on_the_floor, "zone__walk_order", "walk_order", "code")]


def where_it_must_have_lain(*, store: Store, item: Item, sold_from: Iterable[Bin]) -> Bin | None:
    """The bin to count for units that were sold and are not in the record; None for a store without any bin for goods.

    The one that is to be counted already, where the others of the sale were, where it lay last, or where it belongs.
    """
    asked = CountRequest.objects.filter(
        store=store, item=item, state=CountRequest.State.OPEN, bin__kind__in=PICKABLE_KINDS
    )
    if request := asked.select_related("bin").first():
        return request.bin
    if place := next(iter(sold_from), None):
        return place
    known = Q(target_bin__kind__in=PICKABLE_KINDS) | Q(source_bin__kind__in=PICKABLE_KINDS)
    moves = Move.objects.filter(known, store=store, item=item).select_related("source_bin", "target_bin")
    if last := moves.order_by("-pk").first():
        return last.target_bin if last.target_bin.kind in PICKABLE_KINDS else last.source_bin
    if suggested := suggest_bin(store=store, item_id=item.pk):
        return Bin.objects.get(pk=suggested.bin_id)
    return Bin.objects.filter(store=store, kind__in=PICKABLE_KINDS).order_by("walk_order", "code").first()
