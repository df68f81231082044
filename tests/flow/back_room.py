"""Small stores with known stock, for walks: see scenes.py."""

from uuid import uuid4

from django.db import transaction

from picking.actions.release import release_wave
from picking.models import Method, PickLine, PickPlan, PutBack, Wave
from stores.models import Bin, BinKind, Store, Zone
from stores.orders.actions.cancel_units import cancel_units
from stores.orders.models import Fulfillment, Order
from stores.orders.reasons import CancelReason
from stores.staff.actions.devices import make_enrolment_code
from stores.staff.models import Role
from tests.factories import PIN, make_associate, make_gtin, make_item, make_store, order_for, stock_up
from tests.flow.scenes import Facts

STOCK = 20
NAMES = ("Felt acorn", "Linen towel", "Paper lantern", "Wooden owl")


def open_store(code: str, *, number: int, units: int) -> Facts:
    """A store with four bins, one item in each, and one list: `units` of every item. Two pickers and nobody at work.

    `number` keeps apart what is counted for the whole chain: each store has its own.
    """
    store = make_store(code)
    floor = Zone.objects.get(store=store)
    items = []
    for place, name in enumerate(NAMES, start=1):
        shelf = Bin.objects.create(store=store, zone=floor, code=f"D-0{place}-1", kind=BinKind.SHELF, walk_order=place)
        items.append(make_item(name, sku=f"{code}-{place}", gtin=make_gtin(number * 100 + place)))
        stock_up(store, items[-1], STOCK, shelf.code)
    PickPlan.objects.create(store=store, at_once=False)
    manager = make_associate(store, role=Role.MANAGER, name="Mia", badge=f"{code}M")
    make_associate(store, badge=f"{code}R")
    make_associate(store, badge=f"{code}J", name="Jonas")
    order = order_for(store, *((item, units) for item in items), external_id=code, number=f"#{code}")
    pk = release(store, [order], Method.SINGLE)
    return Facts(
        list=pk,
        enrol=f"/enrol/{make_enrolment_code(store=store, uses=4, by=manager)}/",
        rosa=(f"{code}R", PIN),
        jonas=(f"{code}J", PIN),
        lines=list(
            PickLine.objects.filter(pick_list=pk).values_list("pk", "bin__code", "item__sku").order_by("sequence")
        ),
    )


def withdraw(line: int, units: int) -> Facts:
    """The customer wants that many less of what a pick line is for."""
    wanted = PickLine.objects.get(pk=line).fulfillment_line.order_line
    with transaction.atomic():
        cancel_units(line=wanted, quantity=units, reason=CancelReason.CUSTOMER, key=str(uuid4()))
    return Facts(
        put_backs=list(PutBack.objects.filter(fulfillment_line__pick_lines=line).values_list("pk", "quantity"))
    )


def release(store: Store, orders: list[Order], method: Method) -> int:
    fulfillments = list(Fulfillment.objects.filter(order__in=orders).order_by("pk"))
    with transaction.atomic():
        wave = release_wave(store=store, fulfillments=fulfillments, method=method, trigger=Wave.Trigger.HAND)
    return wave.lists.get().pk
