"""What lies in a customer's bags in the place of what they ordered."""

from dataclasses import dataclass

from django.db.models import Sum

from pickup.models import StagedUnit
from stores.orders.models import Fulfillment, FulfillmentLine


@dataclass(frozen=True)
class Given:
    """`quantity` units of `item` that stand in for `instead_of` (names)."""

    line_pk: int
    item: str
    instead_of: str
    quantity: int


def substitutes_given(fulfillment: Fulfillment) -> list[Given]:
    """In the bags that are still here. One query, or none where the customer takes no substitutes."""
    if not fulfillment.order.allows_substitutes:
        return []
    lying = StagedUnit.objects.filter(
        staged_tote__fulfillment=fulfillment,
        staged_tote__left_at=None,
        fulfillment_line__order_line__substitute_for__isnull=False,
    )
    instead_of = "fulfillment_line__order_line__substitute_for__item__name"
    rows = lying.values_list("fulfillment_line_id", "fulfillment_line__item__name", instead_of)
    return [Given(*row) for row in rows.annotate(units=Sum("quantity")).order_by("fulfillment_line_id")]


def substitute_line(fulfillment: Fulfillment, pk: int) -> FulfillmentLine | None:
    """The line of the fulfillment, if it stands in for another."""
    lines = fulfillment.lines.filter(pk=pk, order_line__substitute_for__isnull=False)
    return lines.select_related("fulfillment", "item").first()
