"""What there is to pick."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from picking.models import PickClaim, PickLine, PickList, PickPart
from picking.queries.walk import BIGINT_MAX, Walk
from picking.texts import list_title
from stores.models import Store
from stores.staff.models import Associate


@dataclass(frozen=True)
class OpenList:
    """A list nobody has finished: the holder is who picks it now. Lines are counted as `Walk.lines_wanted` does."""

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
    wave_id: int | None
    begun: bool
    claimed_at: datetime | None
    seen_at: datetime | None
    on_break_since: datetime | None

    @property
    def lines_done(self) -> int:
        return self.lines - self.lines_open

    @property
    def title(self) -> str:
        return list_title(self.order_numbers, self.zone)


def open_lists(store: Store) -> list[OpenList]:
    """The store's unfinished lists, express ones first, then the soonest promise; one query."""
    return _load(PickList.objects.filter(store=store, state__in=PickList.UNFINISHED))


def open_list(store: Store, pk: int) -> OpenList | None:
    """One of them; None when it has ended or is another store's."""
    if pk > BIGINT_MAX:
        return None
    return next(iter(_load(PickList.objects.filter(pk=pk, store=store, state__in=PickList.UNFINISHED))), None)


def has_other_lists(walk: Walk) -> bool:
    """Whether anything of the walk's orders is on another list."""
    orders = [part.fulfillment_id for part in walk.parts]
    return PickPart.objects.filter(fulfillment__in=orders).exclude(pick_list=walk.pk).exists()


def lists_held(store: Store, associate: Associate, *, but_not: int) -> list[int]:
    """The numbers of the other lists that the associate holds here."""
    held = PickClaim.objects.filter(pick_list__store=store, associate=associate, ended_at=None)
    return list(held.exclude(pick_list=but_not).order_by("pick_list").values_list("pick_list", flat=True))


def _load(lists: QuerySet[PickList]) -> list[OpenList]:
    claim = PickClaim.objects.filter(pick_list=OuterRef("pk"), ended_at=None)
    lines = PickLine.objects.filter(pick_list=OuterRef("pk")).order_by().values("pick_list")
    # What was short, or is no longer wanted, is nobody's work any more.
    wanted = F("quantity") - F("short") - F("withdrawn")
    rows = (
        lists.annotate(
            numbers=ArrayAgg("parts__fulfillment__order__number", order_by="parts__position"),
            line_count=_ordered_lines(Q(quantity__gt=F("short") + F("withdrawn"))),
            open_count=_ordered_lines(Q(is_open=True)),
            unit_count=Coalesce(Subquery(lines.annotate(n=Sum(wanted)).values("n")), 0),
            holder_id=Subquery(claim.values("associate_id")),
            holder_name=Subquery(claim.values("associate__name")),
            claimed_at=Subquery(claim.values("claimed_at")),
            seen_at=Subquery(claim.values("seen_at")),
            on_break_since=Subquery(claim.values("on_break_since")),
            begun=Q(state=PickList.State.PICKING),
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
            "wave_id",
            "begun",
            "claimed_at",
            "seen_at",
            "on_break_since",
        )
    )
    return [OpenList(*row) for row in rows]


def _ordered_lines(which: Q) -> Coalesce:
    """How many lines of the orders these lines of a list make."""
    lines = PickLine.objects.filter(pick_list=OuterRef("pk")).order_by().values("pick_list")
    counted = Count("fulfillment_line__order_line", filter=which, distinct=True)
    return Coalesce(Subquery(lines.annotate(n=counted).values("n")), 0)
