"""The lead's board: what waits, who holds what, and the waves of today."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from picking.models import Method, PickList, PickPlan, Wave
from picking.proposal import Proposal, propose_method
from picking.queries.plans import plan_of
from picking.queries.waiting import WaitingOrder, load_waiting, next_wave_at, open_work, pickers_there
from picking.queries.work import OpenList, open_lists
from stores.models import Store

# An order that is promised sooner than this should not wait any longer.
SOON = timedelta(minutes=45)
WAVES_SHOWN_MAX = 20


@dataclass(frozen=True)
class Waiting:
    """What is not released: the orders, how many are late or soon, and what the app would do with them."""

    orders: list[WaitingOrder]
    late: int
    soon: int
    proposal: Proposal | None
    pickers: int
    next_wave_at: datetime | None
    plan: PickPlan


@dataclass(frozen=True)
class HeldList:
    """A list in somebody's hands. `quiet`: half of the time that the store lets a picker be silent is over."""

    of: OpenList
    silent_minutes: int
    break_minutes: int | None
    quiet: bool


@dataclass(frozen=True)
class WaveToday:
    pk: int
    trigger: str
    method: str
    released_at: datetime
    by: str | None
    orders: int
    lists: int
    done: int

    @property
    def trigger_label(self) -> str:
        return str(Wave.Trigger(self.trigger).label)

    @property
    def method_label(self) -> str:
        return str(Method(self.method).label)


@dataclass(frozen=True)
class PickingBoard:
    waiting: Waiting
    held: list[HeldList]
    free: list[OpenList]
    waves: list[WaveToday]


def load_picking(store: Store) -> PickingBoard:
    """Six queries, however much there is to show."""
    waiting = load_unreleased(store)
    lists = open_lists(store)
    now = timezone.now()
    return PickingBoard(
        waiting=waiting,
        held=[_held(one, waiting.plan, now) for one in lists if one.holder_id],
        free=[one for one in lists if not one.holder_id],
        waves=_waves(store, now),
    )


def load_unreleased(store: Store, *, pickers: int | None = None) -> Waiting:
    """What waits, and the proposal for `pickers` people (None: those who are there)."""
    plan, orders, now = plan_of(store), load_waiting(store), timezone.now()
    there = pickers_there(store) if pickers is None else pickers
    proposal = None
    if orders:
        work = open_work(store, [one.pk for one in orders])
        proposal = propose_method(work, pickers=there, batch_orders_max=plan.batch_orders_max)
    return Waiting(
        orders=orders,
        late=sum(one.promised_at < now for one in orders),
        soon=sum(now <= one.promised_at < now + SOON for one in orders),
        proposal=proposal,
        pickers=there,
        next_wave_at=next_wave_at(plan, store, now),
        plan=plan,
    )


def _held(one: OpenList, plan: PickPlan, now: datetime) -> HeldList:
    silent = _minutes(now - (one.seen_at or now))
    on_break = _minutes(now - one.on_break_since) if one.on_break_since else None
    return HeldList(one, silent, on_break, quiet=on_break is None and silent * 2 >= plan.claim_minutes)


def _minutes(span: timedelta) -> int:
    return max(int(span.total_seconds() // 60), 0)


def _waves(store: Store, now: datetime) -> list[WaveToday]:
    midnight = store.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = (
        Wave.objects.filter(store=store, released_at__gte=midnight)
        .annotate(
            orders=Count("lists__parts__fulfillment", distinct=True),
            list_count=Count("lists", distinct=True),
            done=Count("lists", filter=~Q(lists__state__in=PickList.UNFINISHED), distinct=True),
        )
        .order_by("-pk")
        .values_list("pk", "trigger", "method", "released_at", "released_by__name", "orders", "list_count", "done")
    )
    return [
        WaveToday(pk, trigger, method, store.local(at), by, orders, lists, done)
        for pk, trigger, method, at, by, orders, lists, done in rows[:WAVES_SHOWN_MAX]
    ]
