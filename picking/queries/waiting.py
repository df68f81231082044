"""Orders that wait to be released to the pickers."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import CharField, Count, Exists, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from picking.models import PickPart, PickPlan
from picking.proposal import OpenWork
from stores.journal.models import Event
from stores.models import PICKABLE_KINDS, Store
from stores.orders.models import Fulfillment, FulfillmentLine
from stores.staff.models import Role, Session
from stores.staff.queries.colleagues import HERE_FOR

# What a lead took back is left to the lead for so long before a wave may take it again.
KEPT_FOR_LEAD = timedelta(minutes=10)
TAKEN_BACK = "picking.order_taken_back"

# Where each item is fetched first; what no bin has counts to no zone.
_OPEN_WORK_SQL = """
WITH wanted AS (
    SELECT fulfillment_id, item_id, sum(quantity - short - cancelled) AS units
    FROM orders_fulfillmentline
    WHERE fulfillment_id = ANY (%(orders)s::bigint[]) AND quantity > short + cancelled
    GROUP BY fulfillment_id, item_id
), place AS (
    SELECT DISTINCT ON (balance.item_id) balance.item_id, bin.zone_id
    FROM stock_balance balance
    JOIN stores_bin bin ON bin.id = balance.bin_id
    LEFT JOIN stores_zone zone ON zone.id = bin.zone_id
    WHERE balance.store_id = %(store)s::bigint AND balance.item_id IN (SELECT item_id FROM wanted)
      AND balance.condition = 'sellable' AND balance.quantity > 0 AND bin.kind = ANY (%(kinds)s::text[])
    ORDER BY balance.item_id, COALESCE(zone.walk_order, 0), bin.walk_order, bin.id
), of_order AS (
    SELECT wanted.fulfillment_id, count(*) AS lines, sum(wanted.units) AS units, count(DISTINCT place.zone_id) AS zones
    FROM wanted LEFT JOIN place USING (item_id) GROUP BY wanted.fulfillment_id
)
SELECT count(*), COALESCE(sum(lines), 0)::int, COALESCE(sum(units), 0)::int,
       (SELECT count(DISTINCT zone_id) FROM place), count(*) FILTER (WHERE zones > 1)
FROM of_order
"""


@dataclass(frozen=True)
class WaitingOrder:
    """`kept` for the lead who took it back a moment ago: no wave takes it by itself."""

    pk: int
    number: str
    promised_at: datetime
    created_at: datetime
    is_express: bool
    lines: int
    units: int
    kept: bool


def waiting_orders(store: Store) -> QuerySet[Fulfillment]:
    """Allocated, something of them still wanted, and on no list."""
    parts = PickPart.objects.filter(fulfillment=OuterRef("pk"))
    return Fulfillment.objects.filter(
        ~Exists(parts), Exists(_wanted_lines()), store=store, state=Fulfillment.State.ALLOCATED
    )


def load_waiting(store: Store) -> list[WaitingOrder]:
    """The store's orders that wait, express ones first, then the soonest promise; one query."""
    lines = _wanted_lines().order_by().values("fulfillment")
    taken_back = Event.objects.filter(
        store=store,
        kind=TAKEN_BACK,
        recorded_at__gte=timezone.now() - KEPT_FOR_LEAD,
        subject=Concat(Value("fulfillment:"), Cast(OuterRef("pk"), CharField())),
    )
    rows = (
        waiting_orders(store)
        .annotate(
            line_count=Subquery(lines.annotate(n=Count("pk")).values("n")),
            unit_count=Subquery(lines.annotate(n=Sum(F("quantity") - F("short") - F("cancelled"))).values("n")),
            kept=Exists(taken_back),
        )
        .order_by("-order__is_express", "promised_at", "pk")
        .values_list(
            "pk",
            "order__number",
            "promised_at",
            "created_at",
            "order__is_express",
            Coalesce("line_count", 0),
            Coalesce("unit_count", 0),
            "kept",
        )
    )
    return [WaitingOrder(*row) for row in rows]


def open_work(store: Store, orders: Collection[int]) -> OpenWork:
    """How much these orders (fulfillments' ids) are, and where it lies."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OPEN_WORK_SQL,
            {"store": store.pk, "orders": list(orders), "kinds": [str(kind) for kind in PICKABLE_KINDS]},
        )
        return OpenWork(*cursor.fetchone())


def pickers_there(store: Store) -> int:
    """Associates who were seen on one of the store's devices lately."""
    lately = timezone.now() - HERE_FOR
    seen = Session.objects.filter(store=store, role=Role.ASSOCIATE, last_seen_at__gte=lately)
    return seen.order_by().values("associate").distinct().count()


@dataclass(frozen=True)
class HeldBack:
    """How many orders wait for a wave, and when the clock brings the next one (None: no clock does)."""

    orders: int
    next_wave_at: datetime | None


def held_back(store: Store) -> HeldBack:
    """What an associate may know of the work to come; one query. A store without a plan holds nothing back."""
    waiting = waiting_orders(store).order_by().values("store").annotate(n=Count("pk")).values("n")
    plan = PickPlan.objects.filter(store=store).annotate(waiting=Coalesce(Subquery(waiting), 0)).first()
    if plan is None:
        return HeldBack(0, None)
    return HeldBack(plan.waiting, next_wave_at(plan, store, timezone.now()))


def last_wave_was_due_at(plan: PickPlan, store: Store, now: datetime) -> datetime | None:
    """The last time, until `now`, at which the clock brings a wave: every so many minutes from midnight on."""
    if plan.at_once or plan.every_minutes is None:
        return None
    midnight = store.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    every = timedelta(minutes=plan.every_minutes)
    return midnight + (now - midnight) // every * every


def next_wave_at(plan: PickPlan, store: Store, now: datetime) -> datetime | None:
    last = last_wave_was_due_at(plan, store, now)
    return last + timedelta(minutes=plan.every_minutes or 0) if last else None


def _wanted_lines() -> QuerySet[FulfillmentLine]:
    return FulfillmentLine.objects.filter(fulfillment=OuterRef("pk"), quantity__gt=F("short") + F("cancelled"))
