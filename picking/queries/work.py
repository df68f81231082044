"""What there is to pick."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from picking.models import PickClaim, PickLine, PickList
from stores.models import Store


@dataclass(frozen=True)
class OpenList:
    """A list nobody has finished: counts are of lines and units, the holder is who picks it now."""

    pk: int
    due_at: datetime
    method: str
    zone: str | None
    is_express: bool
    order_numbers: list[str]
    lines: int
    lines_open: int
    units: int
    holder_id: int | None
    holder_name: str | None


def open_lists(store: Store) -> list[OpenList]:
    """The store's unfinished lists, express ones first, then the soonest promise; one query."""
    claim = PickClaim.objects.filter(pick_list=OuterRef("pk"), ended_at=None)
    lines = PickLine.objects.filter(pick_list=OuterRef("pk")).order_by().values("pick_list")
    # What was short, or is no longer wanted, is nobody's work any more.
    wanted = F("quantity") - F("short") - F("withdrawn")
    rows = (
        PickList.objects.filter(store=store, state__in=PickList.UNFINISHED)
        .annotate(
            numbers=ArrayAgg("parts__fulfillment__order__number", order_by="parts__position"),
            line_count=Coalesce(
                Subquery(lines.annotate(n=Count("pk", filter=Q(quantity__gt=F("short") + F("withdrawn")))).values("n")),
                0,
            ),
            open_count=Coalesce(Subquery(lines.annotate(n=Count("pk", filter=Q(is_open=True))).values("n")), 0),
            unit_count=Coalesce(Subquery(lines.annotate(n=Sum(wanted)).values("n")), 0),
            holder_id=Subquery(claim.values("associate_id")),
            holder_name=Subquery(claim.values("associate__name")),
        )
        .order_by("-is_express", "due_at", "pk")
        .values_list(
            "pk",
            "due_at",
            "method",
            "zone__name",
            "is_express",
            "numbers",
            "line_count",
            "open_count",
            "unit_count",
            "holder_id",
            "holder_name",
        )
    )
    return [OpenList(*row) for row in rows]
