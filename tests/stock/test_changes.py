"""Nothing is left out, in whatever order transactions end. The twin pages by what it can see, and misses some."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from threading import Event
from time import sleep
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from stores.catalog.models import BundleComponent, Item
from stores.models import Store
from stores.stock.actions.reservations import release, reserve
from stores.stock.errors import ShortStock
from stores.stock.models import Availability, PromiseMark, Reservation
from stores.stock.queries.changes import Horizon, Page, Position, changes_after, from_the_start, read_horizon
from stores.stock.queries.promised_at import promised_by_ids
from tests.factories import change_items, make_item, make_store, stock_up
from tests.horizon import last_transaction, look_here_alone, wait_for_horizon

pytestmark = pytest.mark.django_db(transaction=True)

INTERLEAVINGS = 200
WRITERS = 3
STEPS = 30
# The way around an item's life.
NEXT_STATE = {"active": "retired", "retired": "approved", "approved": "active"}


def visible() -> Horizon:
    """The twin's horizon: it takes what it can see now for all there is."""
    return Horizon(last_transaction() + 1, "", 0)


@dataclass
class Follower:
    stores: list[int] | None = None
    horizon: Any = read_horizon
    position: Position | None = None
    seen: dict[tuple[int, int], Any] = field(default_factory=dict)

    def read(self, limit: int = 1000) -> Page:
        horizon = self.horizon()
        page = changes_after(self.position or from_the_start(horizon), horizon, limit=limit, stores=self.stores)
        self.seen |= zip(page.pairs, promised_by_ids(page.pairs), strict=True)
        self.position = page.after
        return page

    def catch_up(self) -> list[tuple[int, int]]:
        """The pairs it was told."""
        told = []
        while (page := self.read()).more:
            told += page.pairs
        return told + page.pairs

    @property
    def is_right(self) -> bool:
        """Whether what it was told is so."""
        return self.seen == dict(zip(self.seen, promised_by_ids(list(self.seen)), strict=True))


@pytest.fixture(autouse=True)
def horizon(monkeypatch: pytest.MonkeyPatch) -> None:
    look_here_alone(monkeypatch)


@pytest.fixture
def writers() -> Iterator[list[psycopg.Connection]]:
    """Connections of their own, whose transactions stay open until they are told otherwise."""
    with ExitStack() as stack:
        yield [stack.enter_context(psycopg.connect(**_own_parameters())) for _ in range(WRITERS)]


def _own_parameters() -> dict[str, Any]:
    wanted = connection.get_connection_params()
    return {name: wanted[name] for name in ("dbname", "user", "password", "host", "port") if name in wanted}


def set_safety(writer: psycopg.Connection, store: Store, item: Item, units: int) -> None:
    writer.execute(
        "UPDATE stock_availability SET safety_stock = %s WHERE store_id = %s AND item_id = %s",
        [units, store.pk, item.pk],
    )


def test_whoever_commits_late_is_still_told(writers):
    store, first, second = make_store(), make_item(), make_item()
    for item in (first, second):
        stock_up(store, item, 10)
    wait_for_horizon()
    follower, twin = Follower(), Follower(horizon=visible)
    for one in (follower, twin):
        one.catch_up()
    slow, quick, _third = writers
    set_safety(slow, store, first, 1)
    set_safety(quick, store, second, 2)
    quick.commit()

    assert twin.catch_up() == [(store.pk, second.pk)]
    assert follower.catch_up() == []
    assert follower.horizon().transaction <= Availability.objects.get(item=second).changed_in
    slow.commit()
    wait_for_horizon()
    assert twin.catch_up() == []
    assert set(follower.catch_up()) == {(store.pk, first.pk), (store.pk, second.pk)}
    assert (follower.is_right, twin.is_right) == (True, False)


def test_how_far_behind_a_slow_writer_holds_its_followers_is_told(writers):
    store, item = make_store(), make_item()
    stock_up(store, item, 10)
    set_safety(writers[0], store, item, 1)
    sleep(1.1)
    assert read_horizon().behind_seconds >= 1
    writers[0].rollback()


def test_a_row_that_is_written_behind_the_first_reading_is_told_after_it(writers):
    """A new row may have a lower id than one already told: its transaction took the number and slept."""
    store = make_store()
    items = [make_item() for _ in range(3)]
    stock_up(store, items[1], 1)
    stock_up(store, items[2], 1)
    wait_for_horizon()
    sql = "INSERT INTO stock_availability (store_id, item_id, safety_stock) VALUES (%s, %s, 5)"
    writers[0].execute(sql, [store.pk, items[0].pk])
    follower = Follower()
    assert follower.read(limit=1).pairs == [(store.pk, items[1].pk)]
    writers[0].commit()
    wait_for_horizon()
    assert (store.pk, items[0].pk) in follower.catch_up()
    assert follower.is_right


def test_an_item_is_marked_once_however_many_stores_there_are():
    item, plain = make_item(), make_item()
    for _ in range(3):
        stock_up(make_store(), item, 1)
    before = dict(Availability.objects.values_list("pk", "changed_in"))
    change_items(Item.objects.all(), price=Decimal(9))
    assert not PromiseMark.objects.exists()
    change_items(Item.objects.filter(pk=item.pk), state=Item.State.RETIRED)
    change_items(Item.objects.filter(pk=item.pk), state=Item.State.APPROVED)
    assert list(PromiseMark.objects.values_list("item_id", "everywhere")) == [(item.pk, False)]
    # No row of availability was written for it, so nobody who reserves has waited.
    assert dict(Availability.objects.values_list("pk", "changed_in")) == before
    change_items(Item.objects.filter(pk=plain.pk), is_bundle=True)
    BundleComponent.objects.create(bundle=plain, component=item)
    assert dict(PromiseMark.objects.values_list("item_id", "everywhere")) == {item.pk: False, plain.pk: True}


# --- any order at all -----------------------------------------------------------------------------------------------


WHY = json.dumps({"system": "storehand", "associate": None, "request": None, "reason": "A test."})
_WRITE_SQL = """
INSERT INTO stock_availability (store_id, item_id, safety_stock) VALUES (%(store)s, %(item)s, %(units)s)
ON CONFLICT (store_id, item_id) DO UPDATE SET safety_stock = EXCLUDED.safety_stock
"""
_STATE_SQL = "UPDATE catalog_item SET state = %(state)s WHERE id = %(item)s"


@dataclass
class Interleaving:
    """One store with items of its own, so that no later one covers up what its followers have missed."""

    random: Random
    store: Store
    items: list[Item]
    bundle: Item
    careful: Follower
    naive: Follower
    writers: list[psycopg.Connection]
    holders: dict[tuple[str, int], int] = field(default_factory=dict)  # Which writer has locked what.

    def run(self) -> None:
        for _step in range(STEPS):
            self.random.choice([self.write, self.write, self.write, self.change_state, self.end, self.read])()
        for number in self.random.sample(range(WRITERS), WRITERS):
            self._end(number)

    def write(self) -> None:
        self._execute(_WRITE_SQL, self.random.choice(self.items))

    def change_state(self) -> None:
        item = self.random.choice([*self.items, self.bundle])
        self._execute(_STATE_SQL, item)
        item.state = NEXT_STATE[item.state]

    def end(self) -> None:
        self._end(self.random.randrange(WRITERS))

    def read(self) -> None:
        for follower in (self.careful, self.naive):
            follower.read(limit=self.random.randint(1, 4))

    def _execute(self, sql: str, item: Item) -> None:
        """By whichever writer has locked it, so that none waits for another."""
        number = self.holders.setdefault((sql, item.pk), self.random.randrange(WRITERS))
        self.writers[number].execute("SELECT set_config('storehand.change', %s, true)", [WHY])
        self.writers[number].execute(
            sql,
            {
                "store": self.store.pk,
                "item": item.pk,
                "units": self.random.randint(0, 99),
                "state": NEXT_STATE[item.state],
            },
        )

    def _end(self, number: int) -> None:
        # States are tracked here, so a writer that has changed one always commits.
        states = any(sql == _STATE_SQL for (sql, _item), holder in self.holders.items() if holder == number)
        if states or self.random.random() < 0.8:
            self.writers[number].commit()
        else:
            self.writers[number].rollback()
        self.holders = {what: holder for what, holder in self.holders.items() if holder != number}


def make_interleaving(seed: int, writers: list[psycopg.Connection]) -> Interleaving:
    store = Store.objects.create(
        code=f"I{seed}", name=f"I{seed}", format=Store.Format.EXPRESS, address="1 High Street", latitude=0, longitude=0
    )
    made = Item.objects.bulk_create(
        Item(sku=f"I{seed}-{n}", name=f"I{seed}-{n}", price=1, state="active", is_bundle=n == 3) for n in range(4)
    )
    BundleComponent.objects.create(bundle=made[3], component=made[0])
    Availability.objects.create(store=store, item=made[0])
    careful, careless = (Follower([store.pk], horizon) for horizon in (read_horizon, visible))
    return Interleaving(Random(seed), store, made[:3], made[3], careful, careless, writers)


def test_two_hundred_interleavings_are_followed_to_the_letter(writers):
    interleavings = [make_interleaving(seed, writers) for seed in range(INTERLEAVINGS)]
    for one in interleavings:
        one.run()
    wait_for_horizon()
    for one in interleavings:
        for follower in (one.careful, one.naive):
            follower.catch_up()
    assert [one.store.code for one in interleavings if not right(one, one.careful)] == []
    # The twin: the same pages, but for the horizon.
    missed = sum(not right(one, one.naive) for one in interleavings)
    assert missed > INTERLEAVINGS // 20


def right(one: Interleaving, follower: Follower) -> bool:
    """Every row and the bundle, as they are."""
    rows = Availability.objects.filter(store=one.store).values_list("store_id", "item_id")
    truth = [*rows, (one.store.pk, one.bundle.pk)]
    return {pair: follower.seen.get(pair) for pair in truth} == dict(zip(truth, promised_by_ids(truth), strict=True))


# --- while everybody works --------------------------------------------------------------------------------------------


def test_followers_of_a_busy_store_end_with_the_truth():
    store = make_store()
    items = [make_item() for _ in range(4)]
    for item in items:
        stock_up(store, item, 20)
    bundle = make_item()
    change_items(Item.objects.filter(pk=bundle.pk), is_bundle=True)
    for item in items[:2]:
        BundleComponent.objects.create(bundle=bundle, component=item)
    stop = Event()

    def work(seed: int) -> None:
        random = Random(seed)
        try:
            for number in range(25):
                with transaction.atomic():
                    # Pairs in the order everybody takes them, and a pause with the first in hand.
                    for item in sorted(random.sample(items, 2), key=lambda one: one.pk):
                        _reserve_or_release(random, store, item, f"{seed}:{number}:{item.pk}")
                        sleep(random.random() * 0.02)
        finally:
            connection.close()

    def follow(limit: int) -> Follower:
        follower = Follower()
        try:
            while not stop.is_set():
                follower.read(limit)
                sleep(0.003)
        finally:
            connection.close()
        return follower

    with ThreadPoolExecutor(8) as pool:
        following = [pool.submit(follow, limit) for limit in (1, 3, 100)]
        for worker in [pool.submit(work, seed) for seed in range(5)]:
            worker.result()
        stop.set()
        followers = [one.result() for one in following]
    wait_for_horizon()
    pairs = [(store.pk, item.pk) for item in (*items, bundle)]
    truth = dict(zip(pairs, promised_by_ids(pairs), strict=True))
    for follower in followers:
        follower.catch_up()
        assert follower.seen == truth
    assert Reservation.objects.count() > 50


def _reserve_or_release(random: Random, store: Store, item: Item, key: str) -> None:
    held = Reservation.objects.filter(store=store, item=item, state="held", reference=f"test:{key.partition(':')[0]}")
    mine = held.first()
    if mine and random.random() < 0.5:
        release(reservation=mine, reason="test")
        return
    try:
        with transaction.atomic():
            reserve(
                key=key,
                store_id=store.pk,
                item_id=item.pk,
                quantity=random.randint(1, 3),
                reference=f"test:{key.partition(':')[0]}",
            )
    except ShortStock:
        pass
