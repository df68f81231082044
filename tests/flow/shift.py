"""A shift of one picker in a store of its own: see scenes.py."""

from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from picking.actions.claims import claim_list, hand_over_list
from picking.actions.finish_list import finish_list
from picking.actions.release import release_wave
from picking.actions.scan import scan
from picking.models import Method, PickLine, PickList, PickPlan, PutBack, Wave
from picking.queries.walk import load_walk
from pickup.models import StagedTote
from stores.catalog.models import Item
from stores.models import Bin, BinKind, Store, Zone
from stores.orders.actions.cancel_order import cancel_order
from stores.orders.actions.cancel_units import cancel_units
from stores.orders.models import Fulfillment, Order
from stores.orders.reasons import CancelReason
from stores.staff.actions.devices import make_enrolment_code
from stores.staff.models import Associate, Role, Session
from stores.stock.models import Move
from tests.factories import PIN, make_associate, make_item, make_store, order_for, stock_up
from tests.flow.scenes import Facts

STORE = "SHIFT"
BINS = [f"D-0{number}-1" for number in range(1, 9)]
TOTES = [f"TOTE-9{number:03}" for number in range(1, 41)]
CARTS, SINGLES = 3, 9
AWAY = timedelta(hours=4)


def set_up() -> Facts:
    """Three carts of six orders and nine single orders in Rosa's hands; five units go back to their shelves."""
    store = make_store(STORE)
    floor = Zone.objects.get(store=store)
    for place, code in enumerate(BINS, start=10):
        Bin.objects.create(store=store, zone=floor, code=code, kind=BinKind.SHELF, walk_order=place)
    for code in TOTES:
        Bin.objects.create(store=store, code=code, kind=BinKind.TOTE)
    items = [make_item(f"Shift thing {number}") for number in range(len(BINS))]
    for item, code in zip(items, BINS, strict=True):
        stock_up(store, item, 400, code)
    PickPlan.objects.create(store=store, at_once=False, batch_orders_max=6)
    manager = make_associate(store, role=Role.MANAGER, name="Mia")
    rosa, jonas = make_associate(store, badge="SHIFT1"), make_associate(store, badge="SHIFT2", name="Jonas")
    _units_to_put_back(store, jonas, items[:5])
    lists = [
        _release(store, [order_for(store, *_some(items, order, 3, 2)) for order in range(6)], Method.BATCH)
        for _cart in range(CARTS)
    ]
    lists += [_release(store, [order_for(store, *_some(items, n, 4, 8))], Method.SINGLE) for n in range(SINGLES)]
    with transaction.atomic():
        for pk in lists:
            claim_list(store=store, pk=pk, associate=rosa)
    return Facts(
        lists=lists,
        enrol=f"/enrol/{make_enrolment_code(store=store, uses=2, by=manager)}/",
        badge=rosa.badge,
        pin=PIN,
        gtins={item.sku: item.barcodes.get().gtin for item in items},
        totes=TOTES[1:],
    )


def meanwhile(cancelled: int, taken_over: int) -> Facts:
    """What happens while the device is away: one line cancelled, one list in other hands, the session too old."""
    store = Store.objects.get(code=STORE)
    line = PickLine.objects.filter(pick_list=cancelled).order_by("sequence")[1]
    with transaction.atomic():
        cancel_units(
            line=line.fulfillment_line.order_line,
            quantity=line.quantity,
            reason=CancelReason.CUSTOMER,
            key=str(uuid4()),
        )
    with transaction.atomic():
        hand_over_list(
            store=store,
            pk=taken_over,
            associate=Associate.objects.get(badge="SHIFT1"),
            colleague=Associate.objects.get(badge="SHIFT2"),
            device=None,
        )
    long_ago = timezone.now() - AWAY
    Session.objects.filter(associate__badge="SHIFT1").update(last_seen_at=long_ago, expire_date=long_ago)
    return Facts(cancelled_units=line.quantity)


def sums() -> Facts:
    """What the ledger has, from the moves alone, and what the counters say."""
    store = Store.objects.get(code=STORE)
    rosa = Associate.objects.get(badge="SHIFT1")
    picked = Move.objects.filter(store=store, associate=rosa, reason=Move.Reason.PICKED)
    by_list = PickLine.objects.filter(pick_list__store=store).values_list("pick_list").annotate(units=Sum("picked"))
    times = sorted(picked.values_list("occurred_at", flat=True))
    return Facts(
        picked_moves=picked.count(),
        picked=picked.aggregate(units=Sum("quantity"))["units"],
        undone=Move.objects.filter(store=store, reason=Move.Reason.PICK_UNDONE).count(),
        by_list=dict(by_list),
        states=dict(PickList.objects.filter(store=store).values_list("pk", "state")),
        staged=StagedTote.objects.filter(fulfillment__store=store).count(),
        ready=Fulfillment.objects.filter(store=store, state=Fulfillment.State.STAGED).count(),
        put_back=PutBack.objects.filter(store=store, state=PutBack.State.DONE).count(),
        hours=(times[-1] - times[0]).total_seconds() / 3600,
    )


def _some(items: list[Item], start: int, count: int, units: int) -> list[tuple[Item, int]]:
    return [(items[(start + step * 2) % len(items)], units) for step in range(count)]


def _release(store: Store, orders: list[Order], method: Method) -> int:
    fulfillments = list(Fulfillment.objects.filter(order__in=orders).order_by("pk"))
    with transaction.atomic():
        wave = release_wave(store=store, fulfillments=fulfillments, method=method, trigger=Wave.Trigger.HAND)
    return wave.lists.get().pk


def _units_to_put_back(store: Store, associate: Associate, items: list[Item]) -> None:
    order = order_for(store, *((item, 1) for item in items))
    pk = _release(store, [order], Method.SINGLE)
    with transaction.atomic():
        claim_list(store=store, pk=pk, associate=associate)
    codes = [TOTES[0]]
    for line in load_walk(store=store, pk=pk).lines:
        codes += [str(line.bin_code), line.sku]
    with transaction.atomic():
        for code in codes:
            walk = load_walk(store=store, pk=pk)
            scan(store=store, walk=walk, raw=code, associate=associate, device=None, key=str(uuid4()))
        finish_list(store=store, pk=pk, associate=associate, device=None)
    with transaction.atomic():
        cancel_order(order=order, reason=CancelReason.CUSTOMER, key=str(uuid4()))
