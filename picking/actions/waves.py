"""Waves: orders that waited are released together, by the store's plan or by a lead; untouched lists are taken back."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from picking.actions.release import release_wave
from picking.errors import ListEnded
from picking.models import Method, PickList, PickPlan, Shortage, Wave
from picking.proposal import propose_method
from picking.queries.waiting import (
    TAKEN_BACK,
    last_wave_was_due_at,
    load_waiting,
    open_work,
    pickers_there,
    waiting_orders,
)
from picking.triggers import Due, next_due
from picking.wave_errors import ListBegun, NothingWaits
from stores.journal.actions.record import record
from stores.models import Device, Store
from stores.orders.errors import NotHere
from stores.orders.models import Fulfillment
from stores.staff.models import Associate


def release_due(*, store: Store) -> int:
    """Releases every wave that the store's plan says is due now; returns how many. Rerunnable at any time.

    One round of a store at a time: a second one finds the plan held and leaves the work to the first.
    """
    with transaction.atomic(durable=True):
        plan = PickPlan.objects.select_for_update(skip_locked=True).filter(store=store).first()
        if plan is None:
            if PickPlan.objects.filter(store=store).exists():
                return 0
            plan = PickPlan(store=store)
        released = 0
        waiting = load_waiting(store)
        now = timezone.now()
        clock = last_wave_was_due_at(plan, store, now)
        by_clock = Wave.objects.filter(store=store, trigger=Wave.Trigger.TIME)
        served = clock is not None and by_clock.filter(released_at__gte=clock).exists()
        while due := next_due(plan, waiting, now=now, clock=clock, clock_served=served):
            served = served or due.trigger == Wave.Trigger.TIME
            chosen = {one.pk for one in due.orders}
            waiting = [one for one in waiting if one.pk not in chosen]
            released += _release(store, plan, due)
        return released


def release_by_hand(
    *, store: Store, orders: Collection[int] | None, method: Method, associate: Associate, device: Device | None
) -> tuple[Wave, int]:
    """Releases these orders (fulfillments' ids; None: all that wait) in one wave; returns it and how many they were.

    What somebody else released or cancelled a moment ago is left out. Raises NothingWaits when nothing is left.
    """
    fulfillments = _lock_waiting(store, orders)
    if not fulfillments:
        raise NothingWaits
    wave = release_wave(
        store=store,
        fulfillments=fulfillments,
        method=method,
        trigger=Wave.Trigger.HAND,
        associate=associate,
        device=device,
    )
    return wave, len(fulfillments)


def take_back(*, store: Store, pk: int, associate: Associate, device: Device | None) -> int:
    """Takes a list that nobody ever held back into the pool, with every list that shares an order with it.

    Returns how many orders wait again. Raises ListEnded, ListBegun when one of the lists was held, NotHere.
    """
    lists, orders = _bound_together(store, pk)
    # Orders before lists, as everybody who needs both: what was not bound to them before is not bound now.
    locked = Fulfillment.objects.select_for_update(no_key=True).filter(pk__in=orders)
    list(locked.order_by("pk").values_list("pk"))
    found = PickList.objects.select_for_update().filter(pk__in=lists).order_by("pk")
    for pick_list in found:
        if pick_list.pk == pk and pick_list.state not in PickList.UNFINISHED:
            raise ListEnded(state=pick_list.get_state_display().lower())
        if pick_list.state != PickList.State.OPEN or pick_list.claims.exists():
            raise ListBegun(number=pick_list.pk)
    for pick_list in found:
        record(kind="picking.list_taken_back", subject=pick_list, store=store, actor=associate, device=device)
    for order in sorted(orders):
        record(kind=TAKEN_BACK, subject=f"fulfillment:{order}", store=store, actor=associate, device=device)
    # What a sale took from it meanwhile stays known without its line.
    Shortage.objects.filter(pick_line__pick_list__in=lists).update(pick_line=None)
    PickList.objects.filter(pk__in=lists).delete()
    return len(orders)


def _release(store: Store, plan: PickPlan, due: Due) -> int:
    fulfillments = _lock_waiting(store, [one.pk for one in due.orders])
    if not fulfillments:
        return 0
    release_wave(
        store=store,
        fulfillments=fulfillments,
        method=due.method or method_for(store, plan, [one.pk for one in fulfillments]),
        trigger=due.trigger,
    )
    return 1


def method_for(store: Store, plan: PickPlan, orders: Collection[int]) -> Method:
    """What the plan says, or what fits these orders and the people who are there."""
    if plan.method:
        return Method(plan.method)
    work = open_work(store, orders)
    return propose_method(work, pickers=pickers_there(store), batch_orders_max=plan.batch_orders_max).method


def _lock_waiting(store: Store, orders: Collection[int] | None) -> list[Fulfillment]:
    """Those of the orders that still wait, their rows held; what somebody else holds is left to them."""
    waiting = waiting_orders(store)
    if orders is not None:
        waiting = waiting.filter(pk__in=list(orders))
    held = list(waiting.select_for_update(no_key=True, skip_locked=True, of=("self",)).values_list("pk", flat=True))
    # Looked at again under the lock, by a new statement: the first one's snapshot may be older than the lists of
    # somebody who has just let go of the rows, and a row that was only locked is not read anew.
    still = waiting_orders(store).filter(pk__in=held).select_related("order")
    return list(still.order_by("-order__is_express", "promised_at", "pk"))


def _bound_together(store: Store, pk: int) -> tuple[set[int], set[int]]:
    """The list, the lists it shares orders with, theirs in turn; and all orders on them."""
    lists = set(PickList.objects.filter(pk=pk, store=store).values_list("pk", flat=True))
    if not lists:
        raise NotHere
    while True:
        orders = set(Fulfillment.objects.filter(pick_parts__pick_list__in=lists).values_list("pk", flat=True))
        bound = set(PickList.objects.filter(parts__fulfillment__in=orders).values_list("pk", flat=True))
        if bound <= lists:
            return lists, orders
        lists |= bound
