"""Which of the waiting orders make a wave now. Nothing here asks the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from picking.models import Method, PickPlan, Wave
from picking.queries.waiting import WaitingOrder


@dataclass(frozen=True)
class Due:
    """`method` None: what the plan says, or what the app proposes for these orders."""

    trigger: Wave.Trigger
    orders: list[WaitingOrder]
    method: Method | None = None


def next_due(
    plan: PickPlan, waiting: Sequence[WaitingOrder], *, now: datetime, clock: datetime | None, clock_served: bool
) -> Due | None:
    """The next wave that is due, the most pressing first; ask again with the rest until there is none.

    `waiting` stands express first, then by promise. `clock` is the last time at which the clock brought a wave, and
    `clock_served` whether it was released: one time, one wave, so that a store is not flooded beyond the size it set.
    An order that is near its promise never waits for a size: each wave has room for `wave_orders_max`, and the next one
    follows at once.
    """
    free = [one for one in waiting if not one.kept]
    most = plan.wave_orders_max
    if express := [one for one in free if one.is_express]:
        return Due(Wave.Trigger.EXPRESS, express[:most], Method.SINGLE)
    if not free:
        return None
    if plan.at_once:
        return Due(Wave.Trigger.AT_ONCE, free[:most], Method.SINGLE)
    if near := _near(plan, free, now):
        return Due(Wave.Trigger.PROMISE, free[: min(max(near, _cart(plan)), most)])
    if clock is not None and not clock_served and any(one.created_at <= clock for one in free):
        return Due(Wave.Trigger.TIME, free[:most])
    if plan.at_orders is not None and len(free) >= plan.at_orders:
        return Due(Wave.Trigger.COUNT, free[:most])
    return None


def _near(plan: PickPlan, free: Sequence[WaitingOrder], now: datetime) -> int:
    if plan.before_promise_minutes is None:
        return 0
    until = now + timedelta(minutes=plan.before_promise_minutes)
    return sum(one.promised_at <= until for one in free)


def _cart(plan: PickPlan) -> int:
    """A cart that leaves anyhow takes the next soonest along."""
    return 1 if plan.method == Method.SINGLE else plan.batch_orders_max
