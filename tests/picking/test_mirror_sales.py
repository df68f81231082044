"""Two tills at once, in two stores, each of which sells what the other one could give instead."""

import threading
from uuid import uuid4

import pytest
from django.db import OperationalError, connection, transaction

from picking.actions.turns import meet_shortfall
from picking.actions.turns.meet_shortfall import settle_shortfall
from picking.models import PickPlan
from stores.catalog.models import Item, Substitute
from stores.models import Store
from stores.orders.models import Order
from stores.stock.actions.sell import record_sale
from stores.stock.models import Availability
from tests.factories import make_item, make_store, order_for, stock_up
from tests.racing import at_once

ROUNDS = 6

pytestmark = pytest.mark.django_db(transaction=True)

Sale = tuple[Store, Item]


@pytest.fixture
def stores() -> list[Store]:
    found = [make_store(latitude=51.54), make_store(latitude=52.0)]
    for store in found:
        PickPlan.objects.create(store=store, at_once=False)
    return found


def same_item_in_both(stores: list[Store]) -> list[Sale]:
    """Each has one unit promised and two free: the other's order could go there, until all three are sold."""
    item = make_item("Lantern")
    for store in stores:
        stock_up(store, item, 3)
    for store in stores:
        order_for(None, (item, 1), latitude=store.latitude, longitude=store.longitude)
    return [(store, item) for store in stores]


def each_others_substitute(stores: list[Store]) -> list[Sale]:
    """The same in one store, with two items that stand in for each other."""
    store, items = stores[0], [make_item("Red lantern"), make_item("Blue lantern")]
    for item, other in (items, items[::-1]):
        Substitute.objects.create(item=item, substitute=other, rank=1)
        stock_up(store, item, 3)
    for item in items:
        order_for(store, (item, 1), allows_substitutes=True)
    return [(store, item) for item in items]


def sell_all_at_once(sales: list[Sale], monkeypatch: pytest.MonkeyPatch) -> list[OperationalError]:
    """Both hold their own stock when they look for the other's. Returns the deadlocks."""
    go_on, both = meet_shortfall._go_on, threading.Barrier(len(sales))
    failed: list[OperationalError] = []
    waited: set[int] = set()

    def meet(*args: object) -> None:
        if threading.get_ident() not in waited:
            waited.add(threading.get_ident())
            both.wait(20)
        go_on(*args)  # type: ignore[arg-type]  # As they came.

    def sell(store: Store, item: Item) -> None:
        try:
            with transaction.atomic():
                record_sale(store=store, item=item, quantity=3, key=str(uuid4()), reference="till")
        except OperationalError as error:
            failed.append(error)

    with monkeypatch.context() as patch:
        patch.setattr(meet_shortfall, "_go_on", meet)
        at_once(*(lambda sale=sale: sell(*sale) for sale in sales))
    return failed


def deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def settle(store: Store, item: Item) -> int:
    with transaction.atomic():
        return settle_shortfall(store_id=store.pk, item_id=item.pk)


@pytest.mark.parametrize("mirror", [same_item_in_both, each_others_substitute])
def test_neither_waits_for_the_other(stores, mirror, monkeypatch):
    before = deadlocks()
    for _round in range(ROUNDS):
        sales = mirror(stores)
        assert sell_all_at_once(sales, monkeypatch) == []
        at_once(*(lambda sale=sale: settle(*sale) for sale in sales))
        short = Availability.objects.filter(item__in=[item for _store, item in sales], shortfall__gt=0)
        assert not short.exists()
    assert deadlocks() == before
    # Nobody has anything left to give: the plan's word is to cancel.
    assert set(Order.objects.values_list("state", flat=True)) == {"cancelled"}


@pytest.mark.parametrize("mirror", [same_item_in_both, each_others_substitute])
def test_twin_with_patience_one_of_them_is_the_victim(stores, mirror, monkeypatch):
    monkeypatch.setattr(meet_shortfall, "without_waiting", lambda act: act())
    assert len(sell_all_at_once(mirror(stores), monkeypatch)) == 1
