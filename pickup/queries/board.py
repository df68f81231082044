"""The counter board: all that one store's counter must see, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Window
from django.db.models.functions import Coalesce
from django.utils import timezone

from picking.models import PickList
from pickup.models import Arrival, StagedTote
from stores.models import Store
from stores.orders.models import Fulfillment, FulfillmentLine
from stores.printing.models import PrintJob

# Seconds a customer may wait before the board turns amber, then red.
WAIT_LOOK_SECONDS = 120
WAIT_NO_SECONDS = 240

READY_SHOWN_MAX = 30
TROUBLE_SHOWN_MAX = 20
LEAVES_SOON = timedelta(hours=24)

_TODAY_SQL = """
SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)
FROM journal_event
WHERE store_id = %(store)s::bigint AND kind = 'pickup.handed_over' AND recorded_at >= %(since)s::timestamptz
"""


@dataclass(frozen=True)
class Bags:
    """Where an order's bags lie. `bins` has each bin once, in walking order."""

    count: int = 0
    bins: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class WaitingCustomer:
    arrival: Arrival
    bags: Bags

    @property
    def fulfillment(self) -> Fulfillment:
        return self.arrival.fulfillment


@dataclass(frozen=True)
class ReadyOrder:
    fulfillment: Fulfillment
    leaves_at: datetime
    leaves_soon: bool
    bags: Bags


@dataclass(frozen=True)
class TroubledOrder:
    """An order that is late, or that misses `short` units that no other bin of the store has made up for."""

    fulfillment: Fulfillment
    short: int
    is_late: bool
    pick_list_id: int | None


@dataclass(frozen=True)
class Board:
    here: list[WaitingCustomer]
    on_the_way: list[WaitingCustomer]
    ready: list[ReadyOrder]
    ready_count: int
    trouble: list[TroubledOrder]
    labels: list[PrintJob]
    handed_over_today: int
    median_wait_seconds: int | None

    @property
    def needs_count(self) -> int:
        return len(self.trouble) + len(self.labels)


def load_board(store: Store) -> Board:
    """Six queries, however much there is to show."""
    arrivals = list(_open_arrivals(store))
    expected = {arrival.fulfillment_id for arrival in arrivals}
    others = _ready(store).exclude(pk__in=expected).annotate(ready_count=Window(Count("*")))
    ready = list(others[:READY_SHOWN_MAX])
    # All that match, however many are shown.
    ready_count = ready[0].ready_count if ready else 0
    bags = _bags(expected | {fulfillment.pk for fulfillment in ready})
    waiting = [WaitingCustomer(arrival, bags[arrival.fulfillment_id]) for arrival in arrivals]
    handed_over, median_wait = _today(store)
    return Board(
        here=[customer for customer in waiting if customer.arrival.state == Arrival.State.HERE],
        on_the_way=[customer for customer in waiting if customer.arrival.state == Arrival.State.ON_THE_WAY],
        ready=[_ready_order(store, fulfillment, bags[fulfillment.pk]) for fulfillment in ready],
        ready_count=ready_count,
        trouble=_trouble(store),
        labels=list(_troubled_labels(store)),
        handed_over_today=handed_over,
        median_wait_seconds=median_wait,
    )


def waiting_here(store: Store) -> QuerySet[Arrival]:
    """Customers who are in the store and not served, the longest waiting first."""
    return _open_arrivals(store).filter(state=Arrival.State.HERE)


def _open_arrivals(store: Store) -> QuerySet[Arrival]:
    return (
        Arrival.objects.filter(
            store=store, ended_at=None, fulfillment__state__in=[Fulfillment.State.PICKED, Fulfillment.State.STAGED]
        )
        .select_related("fulfillment__order__contact", "claimed_by")
        .order_by(F("here_at").asc(nulls_last=True), "eta_at", "pk")
    )


def _ready(store: Store) -> QuerySet[Fulfillment]:
    return (
        Fulfillment.objects.filter(store=store, state=Fulfillment.State.STAGED)
        .select_related("order__contact", "customer_link")
        .order_by("customer_link__expires_at", "pk")
    )


def _ready_order(store: Store, fulfillment: Fulfillment, bags: Bags) -> ReadyOrder:
    leaves_at = fulfillment.customer_link.expires_at
    return ReadyOrder(fulfillment, store.local(leaves_at), leaves_at - timezone.now() < LEAVES_SOON, bags)


def _bags(fulfillment_ids: Iterable[int]) -> defaultdict[int, Bags]:
    lying = (
        StagedTote.objects.filter(fulfillment__in=list(fulfillment_ids), left_at=None)
        .order_by(F("bin__zone__walk_order").asc(nulls_first=True), "bin__walk_order", "bag")
        .values_list("fulfillment_id", "bin__code")
    )
    codes: defaultdict[int, list[str]] = defaultdict(list)
    for fulfillment_id, code in lying:
        codes[fulfillment_id].append(code)
    found: defaultdict[int, Bags] = defaultdict(Bags)
    for fulfillment_id, bins in codes.items():
        found[fulfillment_id] = Bags(len(bins), list(dict.fromkeys(bins)))
    return found


def _trouble(store: Store) -> list[TroubledOrder]:
    now = timezone.now()
    lists = PickList.objects.filter(parts__fulfillment=OuterRef("pk")).order_by("-pk").values("pk")[:1]
    # What is looked for in another bin is a second line for the same order line.
    first = FulfillmentLine.objects.filter(
        fulfillment=OuterRef("fulfillment"), order_line=OuterRef("order_line"), pk__lt=OuterRef("pk")
    )
    again = (
        FulfillmentLine.objects.filter(Exists(first), fulfillment=OuterRef("pk"))
        .order_by()
        .values("fulfillment")
        .annotate(units=Sum("quantity"))
        .values("units")
    )
    troubled = (
        Fulfillment.objects.filter(
            store=store,
            state__in=[Fulfillment.State.ALLOCATED, Fulfillment.State.PICKING, Fulfillment.State.PICKED],
        )
        .annotate(short=Sum("lines__short") - Coalesce(Subquery(again), 0), pick_list_id=Subquery(lists))
        .filter(Q(promised_at__lt=now) | Q(short__gt=0))
        .select_related("order")
        .order_by("promised_at", "pk")
    )
    return [
        TroubledOrder(one, one.short or 0, one.promised_at < now, one.pick_list_id)
        for one in troubled[:TROUBLE_SHOWN_MAX]
    ]


def _troubled_labels(store: Store) -> QuerySet[PrintJob]:
    """Labels that a person must look at and that nobody has printed again."""
    states = [PrintJob.State.FAILED, PrintJob.State.UNKNOWN]
    troubled = PrintJob.objects.filter(store=store, state__in=states, reprints=None).select_related("printer")
    return troubled.order_by("-pk")[:TROUBLE_SHOWN_MAX]


def _today(store: Store) -> tuple[int, int | None]:
    """Orders handed over since midnight on the store's clock, and half of the waits were shorter than this."""
    midnight = store.local(timezone.now()).replace(hour=0, minute=0, second=0, microsecond=0)
    with connection.cursor() as cursor:
        cursor.execute(_TODAY_SQL, {"store": store.pk, "since": midnight})
        count, median = cursor.fetchone()
    return count, None if median is None else int(median)
