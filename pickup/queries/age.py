"""Goods that are not given to everybody."""

from pickup.models import StagedUnit
from stores.orders.models import Fulfillment, FulfillmentLine


def restricted_lines(fulfillment: Fulfillment) -> list[FulfillmentLine]:
    """The order's age-restricted lines of which somebody still wants units, in the order of all locks."""
    lines = fulfillment.lines.filter(item__is_age_restricted=True).select_related("fulfillment", "item")
    return [line for line in lines.order_by("item_id", "pk") if line.wanted]


def age_restricted(fulfillment: Fulfillment) -> list[str]:
    """The names of age-restricted items that lie ready in the order's bags, in alphabetical order."""
    lying = StagedUnit.objects.filter(
        staged_tote__fulfillment=fulfillment,
        staged_tote__left_at=None,
        fulfillment_line__item__is_age_restricted=True,
    )
    return sorted(set(lying.values_list("fulfillment_line__item__name", flat=True)))
