"""Totes that meet: an order picked by several people lies in several totes, and leaves when the last one has come."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, Subquery

from picking.models import PickClaim, PickList, PickPart, PickTote
from stores.models import Store
from stores.orders.models import Fulfillment

TOTES_SHOWN_MAX = 50


@dataclass(frozen=True)
class StillToCome:
    """A list on which part of the order is still to be picked. `zone` None: it is of no zone; `holder` None: nobody
    has it."""

    list_pk: int
    zone: str | None
    holder: str | None
    lines_open: int


@dataclass(frozen=True)
class EarlyTote:
    """A full tote that waits for the rest of its order."""

    tote: PickTote
    rest: list[StillToCome]


@dataclass(frozen=True)
class OtherTote:
    """Another full tote of the order: who filled it, and where."""

    pk: int
    code: str
    zone: str | None
    by: str | None


def other_totes(fulfillment: Fulfillment, *, but_not: int) -> list[OtherTote]:
    """The order's other totes that nobody has staged, in the order in which they were taken; one query."""
    last = PickClaim.objects.filter(pick_list=OuterRef("pick_list")).order_by("-pk")
    totes = PickTote.objects.filter(part__fulfillment=fulfillment, emptied_at=None).exclude(pk=but_not)
    rows = totes.order_by("pk").values_list(
        "pk", "tote__code", "pick_list__zone__name", Subquery(last.values("associate__name")[:1])
    )
    return [OtherTote(*row) for row in rows]


def early_totes(store: Store) -> list[EarlyTote]:
    """Totes whose list is done while others still pick for the same order, the soonest promise first; two queries."""
    waiting = PickTote.objects.filter(
        emptied_at=None,
        part__store=store,
        part__fulfillment__state=Fulfillment.State.PICKING,
        pick_list__state=PickList.State.DONE,
    ).select_related("tote", "part__fulfillment__order")
    totes = list(waiting.order_by("part__fulfillment__promised_at", "pk")[:TOTES_SHOWN_MAX])
    rest = still_to_come({tote.part.fulfillment_id for tote in totes}) if totes else {}
    return [EarlyTote(tote, rest.get(tote.part.fulfillment_id, [])) for tote in totes]


def still_to_come(fulfillment_ids: Collection[int]) -> dict[int, list[StillToCome]]:
    """What is still to be picked of these orders, by fulfillment; one query."""
    claim = PickClaim.objects.filter(pick_list=OuterRef("pick_list"), ended_at=None)
    rows = (
        PickPart.objects.filter(fulfillment__in=fulfillment_ids, pick_list__state__in=PickList.UNFINISHED)
        .annotate(
            holder=Subquery(claim.values("associate__name")[:1]),
            lines_open=Count("lines__fulfillment_line__order_line", filter=Q(lines__is_open=True), distinct=True),
        )
        .order_by("pick_list")
        .values_list("fulfillment_id", "pick_list_id", "pick_list__zone__name", "holder", "lines_open")
    )
    found: dict[int, list[StillToCome]] = {}
    for fulfillment_id, *row in rows:
        found.setdefault(fulfillment_id, []).append(StillToCome(*row))
    return found
