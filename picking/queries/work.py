"""What there is to pick."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject

from picking.models import PickClaim, PickLine, PickList, PickPart
from picking.queries.claims import LEADS_KIND
from picking.queries.walk import BIGINT_MAX, Walk
from picking.texts import list_title
from stores.journal.models import Event
from stores.models import Store
from stores.staff.models import Associate

_CHANGES_OF_HANDS = [LEADS_KIND, "picking.list_passed_on", "picking.list_released", "picking.list_lapsed"]


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
    given: dict[str, str | int] | None  # how the list last changed hands: `by` gave it `to` somebody

    @property
    def given_by(self) -> str:
        """Who put it into its holder's hands; empty when they took it themselves."""
        if not self.given or self.given["to"] != self.holder_id or self.given["actor"] == self.holder_id:
            return ""
        return str(self.given["by"])

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
            given=_given(),
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
            "given",
        )
    )
    return [OpenList(*row) for row in rows]


def _given() -> Subquery:
    """The last time somebody but the holder had to do with whose list it is, or the holder let it go."""
    subject = Concat(Value("picklist:"), Cast(OuterRef("pk"), TextField()))
    changes = Event.objects.filter(subject=subject, kind__in=_CHANGES_OF_HANDS).order_by("-pk")
    said = JSONObject(to=F("data__to"), by=F("actor__name"), actor=F("actor_id"))
    return Subquery(changes.values(said=said)[:1])


def _ordered_lines(which: Q) -> Coalesce:
    """How many lines of the orders these lines of a list make."""
    lines = PickLine.objects.filter(pick_list=OuterRef("pk")).order_by().values("pick_list")
    counted = Count("fulfillment_line__order_line", filter=which, distinct=True)
    return Coalesce(Subquery(lines.annotate(n=counted).values("n")), 0)
