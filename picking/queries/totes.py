"""What lies in a picked tote."""

from django.db.models import QuerySet, Sum

from picking.models import PickTote, PutBack
from picking.queries.walk import Walk, WalkPart
from stores.models import Bin, Store
from stores.orders.models import Fulfillment, FulfillmentLine
from stores.stock.models import Move


def totes_to_stage(store: Store) -> QuerySet[PickTote]:
    """Totes of orders that are picked, the soonest promise first."""
    return (
        PickTote.objects.filter(part__store=store, part__fulfillment__state=Fulfillment.State.PICKED, emptied_at=None)
        .select_related("tote", "part__fulfillment__order__contact")
        .order_by("part__fulfillment__promised_at", "pk")
    )


def tote_contents(pick_tote: PickTote) -> list[tuple[FulfillmentLine, int]]:
    """The tote's units by fulfillment line, in item order: picks into it, less picks undone and what goes back."""
    part = pick_tote.part
    lines = {
        f"pickline:{line.pk}": line.fulfillment_line
        for line in part.lines.select_related("fulfillment_line__item", "fulfillment_line__reservation")
    }
    into = _units_by_reference(Move.objects.filter(reference__in=lines, target_bin=pick_tote.tote))
    out_of = _units_by_reference(Move.objects.filter(reference__in=lines, source_bin=pick_tote.tote))
    going_back = dict(
        PutBack.objects.filter(from_bin=pick_tote.tote, fulfillment_line__in=list(lines.values()))
        .values_list("fulfillment_line_id")
        .annotate(units=Sum("quantity"))
    )
    contents: dict[FulfillmentLine, int] = {}
    for reference, line in lines.items():
        contents[line] = contents.get(line, 0) + into.get(reference, 0) - out_of.get(reference, 0)
    left = [(line, units - going_back.get(line.pk, 0)) for line, units in contents.items()]
    return sorted(((line, units) for line, units in left if units), key=lambda entry: (entry[0].item_id, entry[0].pk))


def totes_with(line: FulfillmentLine) -> list[tuple[Bin, int]]:
    """(tote, units) of the line that lie in totes and are still wanted, the tote filled last first."""
    in_use = PickTote.objects.filter(part__fulfillment_id=line.fulfillment_id, emptied_at=None)
    return [
        (used.tote, units)
        for used in in_use.select_related("tote", "part").order_by("-pk")
        for one, units in tote_contents(used)
        if one.pk == line.pk
    ]


def last_tote(walk: Walk) -> str | None:
    """The code of the tote that the walk's last scan of an item filled."""
    filled = _last_filled(walk)
    return filled and filled[1]


def _last_filled(walk: Walk) -> tuple[int, str] | None:
    references = [f"pickline:{line.pk}" for line in walk.lines]
    return (
        Move.objects.filter(reference__in=references, reason=Move.Reason.PICKED, reversed_by=None)
        .order_by("-pk")
        .values_list("target_bin_id", "target_bin__code")
        .first()
    )


def tote_to_take_back(walk: Walk) -> tuple[WalkPart, str] | None:
    """Whose tote an undo frees, and its code: one that was taken since the last pick, into which nothing went.

    What fills the last pick's order by now is another tote only if it was opened after that pick. Before the first pick
    the walk itself says it. static/js/offline/walk.js finds the same.
    """
    filled = _last_filled(walk)
    if filled is None:
        return walk.tote_to_take_back
    pk, code = filled
    part = next((part for part in walk.parts if code in part.totes), None)
    return (part, part.tote) if part and part.tote_id not in {None, pk} else None


def tote_to_verify(walk: Walk) -> str | None:
    """Of a cart of several orders the tote that ends the walk: its scan shows where the last unit went.

    None where any tote will do: a single order's, or the last unit is of an order that nobody wants any more.
    """
    last = last_tote(walk) if walk.is_shared else None
    return last if last in walk.totes_to_stage else None


def tote_to_finish(walk: Walk) -> str:
    """Which one to ask for at the end; static/js/offline/walk.js asks for the same."""
    return tote_to_verify(walk) or next(iter(walk.totes_to_stage or walk.totes), "?")


def _units_by_reference(moves: QuerySet[Move]) -> dict[str, int]:
    return dict(moves.values_list("reference").annotate(units=Sum("quantity")))
