"""What there is to pick."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from picking.models import PickClaim, PickList
from stores.models import Store


@dataclass(frozen=True)
class OpenList:
    """A list nobody has finished: counts are of lines and units, the holder is who picks it now."""

    pk: int
    due_at: datetime
    order_number: str
    lines: int
    lines_open: int
    units: int
    holder_id: int | None
    holder_name: str | None


def open_lists(store: Store) -> list[OpenList]:
    """The store's unfinished lists, the soonest promise first; one query."""
    claim = PickClaim.objects.filter(pick_list=OuterRef("pk"), ended_at=None)
    rows = (
        PickList.objects.filter(store=store, state__in=[PickList.State.OPEN, PickList.State.PICKING])
        .annotate(
            # What was short is nobody's work any more; what another bin has of it is a line of its own.
            line_count=Count("lines", filter=Q(lines__quantity__gt=F("lines__short"))),
            open_count=Count("lines", filter=Q(lines__quantity__gt=F("lines__picked") + F("lines__short"))),
            unit_count=Sum(F("lines__quantity") - F("lines__short")),
            holder_id=Subquery(claim.values("associate_id")),
            holder_name=Subquery(claim.values("associate__name")),
        )
        .order_by("due_at", "pk")
        .values_list(
            "pk",
            "due_at",
            "fulfillment__order__number",
            "line_count",
            "open_count",
            "unit_count",
            "holder_id",
            "holder_name",
        )
    )
    return [OpenList(*row) for row in rows]
