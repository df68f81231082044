"""A till sale has happened: it is recorded whatever the record says and whoever was promised the units."""

from datetime import UTC, datetime

import pytest
from django.db import transaction

from stores.catalog.actions.lifecycle import retire_item
from stores.catalog.actions.set_components import set_components
from stores.catalog.models import Item
from stores.journal.actions.answer_once import KeyReused
from stores.journal.models import Event
from stores.models import Bin, BinKind, Store, Zone
from stores.stock import hooks
from stores.stock.actions.reservations import reserve
from stores.stock.actions.sell import record_sale
from stores.stock.counting_errors import SaleInvalid
from stores.stock.models import Availability, Balance, Condition, CountRequest, Move
from tests.factories import atp, bin_of, change_items, in_bin, make_associate, make_bundle, make_item, stock_up
from tests.stock.counts import answer, ask
from tests.stock.handheld import make_house
from tests.stock.item_pages import moved

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def store() -> Store:
    return make_house()


@pytest.fixture
def lantern(store) -> Item:
    return make_item("Lantern")


@pytest.fixture
def heard(monkeypatch) -> list[int]:
    told: list[int] = []
    monkeypatch.setattr(hooks, "_shortfall", [lambda _store, _item, missing: told.append(missing)])
    return told


def sell(store: Store, item: Item, quantity: int = 1, key: str = "pos:1", at: datetime | None = None) -> list[int]:
    with transaction.atomic():
        return record_sale(
            store=store, item=item, quantity=quantity, key=key, reference="receipt 12", occurred_at=at
        )  # fmt: skip


def with_customer(store: Store, item: Item) -> int:
    return int(Balance.objects.get(bin__store=store, bin__kind=BinKind.CUSTOMER, item=item).quantity)


def shortfall(store: Store, item: Item) -> int:
    return int(Availability.objects.get(store=store, item=item).shortfall)


def test_a_sold_unit_leaves_the_shelf(store, lantern, heard):
    stock_up(store, lantern, 3)
    (move_id,) = sell(store, lantern, 2, at=NOON)
    move = Move.objects.get(pk=move_id)
    assert (move.reason, move.reference, move.quantity, move.occurred_at) == ("sold", "receipt 12", 2, NOON)
    assert (in_bin(store, "A-01-1", lantern), with_customer(store, lantern), atp(store, lantern)) == (1, 2, 1)
    event = Event.objects.get(kind="stock.sold")
    assert (event.subject, event.quantity, event.occurred_at) == (f"move:{move_id}", 2, NOON)
    assert (event.data["from"], event.data["for"]) == ("A-01-1", "receipt 12")
    assert (heard, CountRequest.objects.count()) == ([], 0)


def test_the_floor_is_sold_in_walking_order_then_the_backroom(store, lantern):
    for code in ("BR-01", "A-03-2", "IN-01", "WINDOW-01", "A-01-1"):
        stock_up(store, lantern, 1, code)
    # The window lies in the backroom's zone of this house, and is of the floor all the same.
    sold = [Move.objects.get(pk=pk).source_bin.code for pk in sell(store, lantern, 5)]
    assert sold == ["A-01-1", "A-03-2", "WINDOW-01", "BR-01", "IN-01"]
    assert CountRequest.objects.count() == 0


def test_what_lies_in_totes_and_staging_has_its_order(store, lantern):
    stock_up(store, lantern, 1)
    stock_up(store, lantern, 2, "TOTE-0001")
    stock_up(store, lantern, 2, "S-01")
    sell(store, lantern, 2)
    assert (in_bin(store, "TOTE-0001", lantern), in_bin(store, "S-01", lantern)) == (2, 2)
    assert CountRequest.objects.get().bin.code == "A-01-1"


def test_damaged_units_are_not_what_was_sold(store, lantern):
    stock_up(store, lantern, 1, condition=Condition.DAMAGED)
    sell(store, lantern)
    assert in_bin(store, "A-01-1", lantern, Condition.DAMAGED) == 1
    assert CountRequest.objects.get().bin.code == "A-01-1"


class TestPromised:
    def test_promised_units_are_sold_and_missed_in_the_same_transaction(self, store, lantern, heard):
        stock_up(store, lantern, 3)
        reserve(key="r", store_id=store.pk, item_id=lantern.pk, quantity=2, reference="test")
        sell(store, lantern, 2, at=NOON)
        assert (shortfall(store, lantern), atp(store, lantern), heard) == (1, 0, [1])
        event = Event.objects.get(kind="stock.shortfall")
        assert (event.quantity, event.item, event.occurred_at) == (1, lantern, NOON)
        assert event.data == {"missing": 1, "reason": "sold", "bin": "A-01-1"}

    def test_units_from_several_bins_are_missed_once(self, store, lantern, heard):
        for code in ("A-01-1", "A-02-1"):
            stock_up(store, lantern, 1, code)
        reserve(key="r", store_id=store.pk, item_id=lantern.pk, quantity=2, reference="test")
        sell(store, lantern, 2)
        assert (shortfall(store, lantern), heard, Event.objects.filter(kind="stock.shortfall").count()) == (2, [2], 1)

    def test_a_unit_the_record_did_not_have_makes_nothing_more_short(self, store, lantern, heard):
        stock_up(store, lantern, 1)
        reserve(key="r", store_id=store.pk, item_id=lantern.pk, quantity=1, reference="test")
        sell(store, lantern, 1, key="pos:1")
        sell(store, lantern, 1, key="pos:2")
        assert (shortfall(store, lantern), heard, Event.objects.filter(kind="stock.shortfall").count()) == (1, [1], 1)


class TestWhatTheRecordLacks:
    def test_it_comes_in_from_the_variance_bin_first_and_is_counted(self, store, lantern):
        stock_up(store, lantern, 1)
        sell(store, lantern, 3)
        request = CountRequest.objects.get()
        assert (request.reason, request.held, request.opened_by, request.bin.code) == ("sold", 0, None, "A-01-1")
        told = Move.objects.order_by("pk").values_list("reason", "source_bin__kind", "target_bin__kind", "quantity")
        assert list(told)[1:] == [
            ("found", "variance", "shelf", 2), ("sold", "shelf", "customer", 1), ("sold", "shelf", "customer", 2),
        ]  # fmt: skip
        assert Move.objects.get(reason="found").reference == f"countrequest:{request.pk}"
        assert (with_customer(store, lantern), in_bin(store, "A-01-1", lantern), atp(store, lantern)) == (3, 0, 0)
        assert list(Event.objects.filter(kind__in=("stock.found", "stock.sold")).values_list("kind", "quantity")) == [
            ("stock.found", 2), ("stock.sold", 1), ("stock.sold", 2),
        ]  # fmt: skip

    def test_the_bin_that_is_to_be_counted_already_is_where_it_lay(self, store, lantern):
        stock_up(store, lantern, 2, "A-03-2")
        stock_up(store, lantern, 1, "A-01-1")
        rosa = make_associate(store)
        # Rosa did not find them; a customer did.
        request = ask(store, lantern, 2, bin_code="A-03-2", by=rosa)
        sell(store, lantern, 2)
        assert CountRequest.objects.get() == request
        done = answer(request, 1, rosa)
        assert (done.recorded, done.released, done.written_off) == (2, 1, 1)
        variance = Balance.objects.get(bin__store=store, bin__kind=BinKind.VARIANCE, item=lantern)
        assert (variance.quantity, atp(store, lantern)) == (0, 1)

    def test_where_it_lay_last(self, store, lantern):
        stock_up(store, lantern, 1, "BR-02")
        moved(store, lantern, "BR-02", "A-02-1", 1, Move.Reason.REPLENISHED)
        sell(store, lantern, key="pos:1")
        CountRequest.objects.all().delete()
        sell(store, lantern, key="pos:2")
        assert CountRequest.objects.get().bin.code == "A-02-1"

    def test_an_item_the_store_never_had_is_counted_where_its_like_belong(self, store, lantern):
        stock_up(store, make_item("Candle"), 4, "A-02-1")
        sell(store, lantern)
        assert CountRequest.objects.get().bin.kind == BinKind.SHELF
        assert (with_customer(store, lantern), atp(store, lantern)) == (1, 0)

    def test_a_store_without_a_bin_for_goods_sells_all_the_same(self, lantern):
        bare = Store.objects.create(code="BARE", name="Bare", format="express", address="-", latitude=0, longitude=0)
        for kind in (BinKind.SUPPLIER, BinKind.CUSTOMER, BinKind.TRANSIT, BinKind.VARIANCE):
            Bin.objects.create(store=bare, code=kind.upper(), kind=kind)
        sell(bare, lantern, 2)
        assert (with_customer(bare, lantern), CountRequest.objects.count()) == (2, 0)

    def test_a_bin_behind_every_shelf_will_do(self, lantern, store):
        Bin.objects.filter(kind=BinKind.SHELF, store=store).delete()
        Zone.objects.filter(store=store, code="FLOOR").delete()
        sell(store, lantern)
        assert CountRequest.objects.get().bin == bin_of(store, "BR-01")


class TestBundles:
    def test_a_sold_bundle_is_what_is_in_it(self, store, lantern):
        mug = make_item("Mug")
        picnic = make_bundle((lantern, 1), (mug, 2))
        stock_up(store, lantern, 2)
        stock_up(store, mug, 3)
        sell(store, picnic, 2)
        assert (in_bin(store, "A-01-1", lantern), in_bin(store, "A-01-1", mug)) == (0, 0)
        assert CountRequest.objects.get().item == mug
        assert {event.data["sold_as"]["sku"] for event in Event.objects.filter(kind="stock.sold")} == {picnic.sku}

    def test_told_again_after_the_bundle_has_changed_it_is_the_same_sale(self, store, lantern):
        mug = make_item("Mug")
        picnic = make_bundle((lantern, 1), (mug, 1))
        stock_up(store, lantern, 9)
        stock_up(store, mug, 9)
        first = sell(store, picnic)
        with transaction.atomic():
            retire_item(item=picnic)
            set_components(bundle=picnic, components=[(mug, 3)], reason="Repacked")
        assert sell(store, picnic) == first
        assert (atp(store, lantern), atp(store, mug)) == (8, 8)


class TestTheSameKey:
    def test_told_again_it_is_answered_and_not_sold_again(self, store, lantern, heard):
        stock_up(store, lantern, 1)
        reserve(key="r", store_id=store.pk, item_id=lantern.pk, quantity=1, reference="test")
        first = sell(store, lantern, 3)
        rows = (Move.objects.count(), Event.objects.count(), CountRequest.objects.count())
        assert sell(store, lantern, 3) == first
        assert (Move.objects.count(), Event.objects.count(), CountRequest.objects.count()) == rows
        assert (heard, with_customer(store, lantern)) == ([1], 3)

    def test_for_another_sale_it_is_refused(self, store, lantern):
        stock_up(store, lantern, 5)
        sell(store, lantern, 1)
        for item, quantity in ((lantern, 2), (make_item("Mug"), 1)):
            with pytest.raises(KeyReused):
                sell(store, item, quantity)
        assert (atp(store, lantern), Move.objects.filter(reason="sold").count()) == (4, 1)

    def test_a_longer_key_is_another_one(self, store, lantern):
        stock_up(store, lantern, 5)
        sell(store, lantern, 1, key=f"pos:1:{lantern.pk}")
        sell(store, lantern, 1, key="pos:1")
        sell(store, lantern, 1, key="pos")
        assert atp(store, lantern) == 2


@pytest.mark.parametrize("quantity", [0, -1, 10_000])
def test_a_number_that_is_no_sale_changes_nothing(store, lantern, quantity):
    stock_up(store, lantern, 1)
    with pytest.raises(SaleInvalid):
        sell(store, lantern, quantity)
    assert (atp(store, lantern), Move.objects.filter(reason="sold").count()) == (1, 0)


def test_what_is_retired_was_sold_all_the_same(store, lantern):
    stock_up(store, lantern, 1)
    change_items(Item.objects.filter(pk=lantern.pk), state=Item.State.RETIRED)
    sell(store, lantern)
    assert in_bin(store, "A-01-1", lantern) == 0
