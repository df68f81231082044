"""What is wanted no more leaves the bags it was staged in."""

from django.db.models import F
from django.db.models.functions import Now

from pickup.models import Arrival, CustomerLink, StagedTote, StagedUnit
from stores.journal.actions.record import record
from stores.models import Bin
from stores.orders.models import Fulfillment, FulfillmentLine


def take_from_bags(line: FulfillmentLine, quantity: int) -> list[tuple[Bin, int]]:
    """Takes staged units of the line out of its bags, the last one first; answers in which bins they lie.

    A bag with nothing left in it is none any more. The caller holds the fulfillment's row.
    """
    units = StagedUnit.objects.filter(fulfillment_line=line, staged_tote__left_at=None)
    left = quantity
    places: list[tuple[Bin, int]] = []
    for unit in units.select_related("staged_tote__bin").order_by("-staged_tote__bag"):
        taken = min(unit.quantity, left)
        if not taken:
            break
        if taken == unit.quantity:
            unit.delete()
        else:
            StagedUnit.objects.filter(pk=unit.pk).update(quantity=F("quantity") - taken)
        places.append((unit.staged_tote.bin, taken))
        left -= taken
    FulfillmentLine.objects.filter(pk=line.pk).update(staged=F("staged") - (quantity - left))
    line.staged -= quantity - left
    empty = StagedTote.objects.filter(fulfillment=line.fulfillment_id, left_at=None, units=None)
    empty.update(left_at=Now())
    record(
        kind="pickup.taken_out",
        subject=line.fulfillment,
        store=line.fulfillment.store_id,
        item=line.item,
        quantity=quantity - left,
        data={"bins": [place.code for place, _units in places]},
    )
    return places


def close_customer_page(fulfillment: Fulfillment) -> None:
    """Nothing waits for the customer any more: the address answers no longer, and nobody waits at the counter."""
    CustomerLink.objects.filter(fulfillment=fulfillment, revoked_at=None).update(revoked_at=Now())
    Arrival.objects.filter(fulfillment=fulfillment, ended_at=None).update(ended_at=Now())
