"""What lies in a picked tote."""

from django.db.models import QuerySet, Sum

from picking.models import PickList, PickTote
from stores.models import Store
from stores.orders.models import FulfillmentLine
from stores.stock.models import Move


def totes_to_stage(store: Store) -> QuerySet[PickTote]:
    """Totes of finished lists, the soonest promise first."""
    return (
        PickTote.objects.filter(pick_list__store=store, pick_list__state=PickList.State.DONE, emptied_at=None)
        .select_related("tote", "pick_list__fulfillment__order__contact")
        .order_by("pick_list__due_at", "pk")
    )


def tote_contents(pick_tote: PickTote) -> list[tuple[FulfillmentLine, int]]:
    """The tote's units by fulfillment line, in item order: picks into it less picks undone."""
    lines = {
        f"pickline:{line.pk}": line.fulfillment_line
        for line in pick_tote.pick_list.lines.select_related("fulfillment_line__item", "fulfillment_line__reservation")
    }
    into = _units_by_reference(Move.objects.filter(reference__in=lines, target_bin=pick_tote.tote))
    out_of = _units_by_reference(Move.objects.filter(reference__in=lines, source_bin=pick_tote.tote))
    contents: dict[FulfillmentLine, int] = {}
    for reference, line in lines.items():
        units = into.get(reference, 0) - out_of.get(reference, 0)
        if units:
            contents[line] = contents.get(line, 0) + units
    return sorted(contents.items(), key=lambda entry: (entry[0].item_id, entry[0].pk))


def _units_by_reference(moves: QuerySet[Move]) -> dict[str, int]:
    return dict(moves.values_list("reference").annotate(units=Sum("quantity")))
