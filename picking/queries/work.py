"""What there is to pick."""

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from picking.models import PickClaim, PickList
from stores.models import Store


def open_lists(store: Store) -> QuerySet[PickList]:
    """Lists nobody has finished, the soonest promise first, by one query.

    Each carries `order_number`, `line_count`, `open_count` (lines), `unit_count`, `holder_id` and `holder_name`.
    """
    claim = PickClaim.objects.filter(pick_list=OuterRef("pk"), ended_at=None)
    return (
        PickList.objects.filter(store=store, state__in=[PickList.State.OPEN, PickList.State.PICKING])
        .annotate(
            order_number=F("fulfillment__order__number"),
            line_count=Count("lines"),
            open_count=Count("lines", filter=Q(lines__quantity__gt=F("lines__picked") + F("lines__short"))),
            unit_count=Sum("lines__quantity"),
            holder_id=Subquery(claim.values("associate_id")),
            holder_name=Subquery(claim.values("associate__name")),
        )
        .order_by("due_at", "pk")
    )
