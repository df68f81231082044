"""The pages that say where an item lies, what can be promised of it, and why."""

import re
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from stores.catalog.models import BundleComponent, Item, Picture, Style
from stores.models import OpeningHours, Store
from stores.staff.models import Associate
from stores.stock.actions.hold_cart import hold_cart
from stores.stock.models import Availability, Cart, Channel, Condition, Move
from stores.stock.queries.item_stock import item_stock
from tests.factories import change_items, make_associate, make_item, make_store, order_for, stock_up
from tests.pickup.conftest import start_pickup
from tests.staff.signing_in import signed_in_client
from tests.stock.carts import age
from tests.stock.item_pages import associate_in, damage, moved, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return make_store(phone="020 7946 0000")


class TestTheSum:
    def test_ten_on_hand_with_two_reserved_one_on_display_and_one_damaged_leave_six(self, store: Store) -> None:
        item = make_item("Lantern")
        stock_up(store, item, 10)
        moved(store, item, "A-01-1", "B-01-1", 1, Move.Reason.DISPLAYED, target_condition=Condition.DISPLAY)
        damage(store, item, 1)
        order = order_for(store, (item, 2))
        text = page(associate_in(store), f"/items/{item.pk}/")
        assert "Free to promise 6 [#bins] On hand 10 Reserved − 2" in text
        assert f"Order {order.number}" in text
        assert "On display − 1 B-01-1 Floor 1" in text
        assert f"Damaged − 1 A-01-1 Floor 1 [/items/{item.pk}/moves/?condition=damaged] How they got there" in text
        assert "Free = 6 None: Quarantined, To refurbish, Safety stock" in text

    def test_every_condition_and_the_safety_stock_have_their_line(self, store: Store) -> None:
        item = make_item()
        stock_up(store, item, 3)
        stock_up(store, item, 2, condition=Condition.QUARANTINED)
        stock_up(store, item, 1, condition=Condition.REFURBISHABLE)
        Availability.objects.update(safety_stock=2)
        text = page(associate_in(store), f"/items/{item.pk}/")
        assert "Free to promise 1 [#bins] On hand 6" in text
        assert "Quarantined − 2" in text
        assert "To refurbish − 1" in text
        assert "Safety stock − 2 Free = 1 None: Reserved, On display, Damaged" in text

    def test_when_more_is_taken_than_there_is_the_page_says_why_nothing_is_free(self, store: Store) -> None:
        item = make_item()
        stock_up(store, item, 2)
        Availability.objects.update(safety_stock=5)
        text = page(associate_in(store), f"/items/{item.pk}/")
        assert "Free to promise 0 [#bins] On hand 2 Safety stock − 5 Too few = − 3" in text
        assert "Less than nothing cannot be promised, so 0 is free." in text

    def test_promised_units_that_are_gone_are_told(self, store: Store) -> None:
        item = make_item()
        stock_up(store, item, 3)
        order_for(store, (item, 3))
        damage(store, item, 2)
        text = page(associate_in(store), f"/items/{item.pk}/")
        assert "Too few = − 2" in text
        assert "2 units are promised to customers and not there." in text

    @pytest.mark.parametrize("taken", [(0, 0, 0), (2, 1, 1), (5, 3, 4), (1, 0, 9)])
    def test_the_lines_always_add_up_to_what_the_database_says(self, store: Store, taken: tuple[int, int, int]) -> None:
        reserved, damaged, safety = taken
        item = make_item()
        stock_up(store, item, 5)
        if reserved:
            order_for(store, (item, reserved))
        if damaged:
            damage(store, item, damaged)
        Availability.objects.update(safety_stock=safety)
        stock = item_stock(store=store, item=item)
        assert stock.on_hand - sum(line.quantity for line in stock.lines) == stock.remainder
        assert stock.free == Availability.objects.get().atp
        assert sum(one.quantity for one in stock.bins) == stock.on_hand

    def test_an_item_that_the_store_never_had_has_nothing_free(self, store: Store) -> None:
        item = make_item()
        text = page(associate_in(store), f"/items/{item.pk}/")
        assert "Free to promise 0 [#bins] On hand 0 Free = 0" in text
        assert "None in this store" in text
        assert "It has never moved in this store." in text
        assert "0 on the way to this store." in text

    def test_of_a_retired_item_nothing_can_be_promised(self, store: Store) -> None:
        item = make_item()
        stock_up(store, item, 4)
        change_items(Item.objects.filter(pk=item.pk), state=Item.State.RETIRED)
        text = page(associate_in(store), f"/items/{item.pk}/")
        assert "Retired Free to promise 0 [#bins] On hand 4 Free = 4" in text
        assert "The item is retired. Only active items are sold, so nothing can be promised." in text


class TestReservedFor:
    def test_each_claim_leads_to_where_its_order_stands(self) -> None:
        allocated, picked, ready = (start_pickup() for _ in range(3))
        picked.pick()
        ready.make_ready()
        item, store = allocated.lantern, allocated.store
        text = page(associate_in(store), f"/items/{item.pk}/")
        walk = allocated.fulfillment.pick_lists.get().pk
        assert f"[/pick/{walk}/] Order {allocated.order.number} Allocated" in text
        text = page(associate_in(picked.store), f"/items/{picked.lantern.pk}/")
        assert f"[/stage/{picked.pick_tote().pk}/] Order {picked.order.number} Picked" in text
        text = page(associate_in(ready.store), f"/items/{ready.lantern.pk}/")
        assert f"[/handover/{ready.pk}/] Order {ready.order.number} Ready 2" in text

    @pytest.mark.parametrize(("called", "name"), [("c1", "c1"), ("tok-52f0a1b2c3d4", "b2c3d4")])
    def test_a_cart_has_a_short_name_its_channel_and_the_time_left(self, store: Store, called: str, name: str) -> None:
        item = make_item()
        stock_up(store, item, 3)
        channel = Channel.objects.create(code="web-test", name="Web shop", hold_minutes=30)
        with transaction.atomic():
            hold_cart(source="shop", external_id=called, channel=channel, lines=[(store.pk, item, 2)], key="c1")
        client = associate_in(store)
        assert f"Reserved − 2 Cart {name} Web shop 29 min left 2" in page(client, f"/items/{item.pk}/")
        age(Cart.objects.get(), minutes=31)
        text = page(client, f"/items/{item.pk}/")
        assert f"Reserved − 2 Cart {name} Web shop, its time is up 2" in text
        assert "late" not in text

    def test_where_the_last_one_is_reserved_one_line_says_for_what(self, store: Store) -> None:
        item = make_item()
        stock_up(store, item, 4)
        stock_up(store, item, 1, condition=Condition.DAMAGED)
        client = associate_in(store)
        order_for(store, (item, 2))
        assert "Everything is reserved" not in page(client, f"/items/{item.pk}/")
        order_for(store, (item, 1))
        channel = Channel.objects.create(code="web-test", name="Web shop", hold_minutes=30)
        with transaction.atomic():
            hold_cart(source="shop", external_id="c1", channel=channel, lines=[(store.pk, item, 1)], key="c1")
        text = page(client, f"/items/{item.pk}/")
        assert "Free to promise 0 Everything is reserved: 2 orders, 1 cart. [#bins] On hand 5" in text

    def test_what_nobody_has_reserved_is_not_called_reserved(self, store: Store) -> None:
        item = make_item()
        stock_up(store, item, 2, condition=Condition.DAMAGED)
        assert "Everything is reserved" not in page(associate_in(store), f"/items/{item.pk}/")

    def test_more_claims_than_a_glance_takes_are_paged(self, store: Store) -> None:
        item = make_item()
        stock_up(store, item, 40)
        orders = [order_for(store, (item, 1)) for _ in range(28)]
        client = associate_in(store)
        text = page(client, f"/items/{item.pk}/")
        assert len(re.findall(r"Order #", text.partition("Bins")[0])) == 5
        assert f"[/items/{item.pk}/reserved/] All reservations" in text
        first = page(client, f"/items/{item.pk}/reserved/")
        assert first.count("Order #") == 25
        later = re.search(r"\[(\?after=\d+)\] Later ones", first)
        assert later is not None
        rest = page(client, f"/items/{item.pk}/reserved/{later[1]}")
        assert [f"Order {order.number}" in rest for order in orders] == [False] * 25 + [True] * 3

    def test_nobody_reads_who_the_customer_is(self, store: Store) -> None:
        item = make_item()
        stock_up(store, item, 3)
        order_for(store, (item, 1))
        client = associate_in(store)
        for path in (f"/items/{item.pk}/", f"/items/{item.pk}/reserved/", f"/items/{item.pk}/moves/"):
            text = page(client, path)
            assert "Norman" not in text
            assert "bob@shop.example" not in text

    def test_another_stores_orders_and_moves_are_not_shown(self, store: Store) -> None:
        other, item = make_store(), make_item()
        stock_up(other, item, 3, "A-03-2")
        order = order_for(other, (item, 1))
        client = associate_in(store)
        for path in (f"/items/{item.pk}/", f"/items/{item.pk}/reserved/", f"/items/{item.pk}/moves/"):
            text = page(client, path)
            assert order.number not in text
            assert "A-03-2" not in text


class TestBins:
    def test_bins_stand_in_walking_order_with_their_conditions(self, store: Store) -> None:
        item = make_item()
        for code, quantity in (("B-01-1", 1), ("A-03-2", 2), ("A-01-1", 3)):
            stock_up(store, item, quantity, code)
        stock_up(store, item, 4, "A-03-2", Condition.DAMAGED)
        text = page(associate_in(store), f"/items/{item.pk}/")
        assert "Bins A-01-1 Floor 3 A-03-2 Floor Damaged 4 A-03-2 Floor 2 B-01-1 Floor 1 Last movements" in text

    def test_a_tote_and_a_staging_bin_say_whom_their_goods_are_for(self) -> None:
        picked, ready = start_pickup(), start_pickup()
        picked.pick()
        ready.make_ready()
        walk = picked.fulfillment.pick_lists.get().pk
        text = page(associate_in(picked.store), f"/items/{picked.lantern.pk}/")
        assert f"TOTE-0001 Tote for [/pick/{walk}/] Order {picked.order.number} 2" in text
        text = page(associate_in(ready.store), f"/items/{ready.lantern.pk}/")
        assert f"S-01 Staging for [/handover/{ready.pk}/] Order {ready.order.number} 2" in text


class TestOtherStores:
    def test_stores_that_can_promise_one_stand_by_distance(self, store: Store) -> None:
        item = make_item()
        far = make_store("FAR", latitude=store.latitude + 2, phone="0113 496 0271")
        near = make_store("NEAR", latitude=store.latitude + 0.1)
        empty = make_store("EMPTY", latitude=store.latitude + 0.2)
        stock_up(far, item, 3)
        stock_up(near, item, 2)
        stock_up(empty, item, 1)
        Availability.objects.filter(store=empty).update(safety_stock=1)
        text = page(associate_in(store), f"/items/{item.pk}/")
        assert re.search(r"Store NEAR 2 free 6\.9 miles .* Store FAR 3 free 138\.\d miles \[tel:0113 496 0271\]", text)
        assert f"[/items/{item.pk}/order/{near.pk}/] Order from there" in text
        assert "Store EMPTY" not in text

    def test_a_store_where_one_pays_in_euros_reads_kilometres(self) -> None:
        here, item = make_store("PARIS", currency="EUR", time_zone="Europe/Paris"), make_item()
        stock_up(make_store("NEAR", latitude=here.latitude + 0.1), item, 2)
        assert "Store NEAR 2 free 11.1 km" in page(associate_in(here), f"/items/{item.pk}/")

    def test_the_clock_of_the_other_store_says_whether_it_is_open(self, store: Store) -> None:
        item = make_item()
        for code, weekdays in (("OPEN", range(7)), ("SHUT", [])):
            other = make_store(code, latitude=store.latitude + 1, time_zone="Pacific/Auckland")
            stock_up(other, item, 1)
            # Kept for another day only, so that it is closed today.
            days = weekdays or [(other.local(Move.objects.latest("pk").recorded_at).weekday() + 1) % 7]
            for weekday in days:
                OpeningHours.objects.create(store=other, weekday=weekday, opens="00:00", closes="23:59:59.999999")
        text = page(associate_in(store), f"/items/{item.pk}/")
        assert re.search(r"Store OPEN 1 free 69\.\d miles Open until 23:59", text)
        assert re.search(r"Store SHUT 1 free 69\.\d miles Closed today", text)

    def test_a_store_that_gives_nothing_out_offers_no_order(self, store: Store) -> None:
        item = make_item()
        center = make_store("DC", offers_pickup=False)
        stock_up(center, item, 1)
        text = page(associate_in(store), f"/items/{item.pk}/")
        assert "Store DC 1 free" in text
        assert "Order from there" not in text

    def test_all_of_many_stores_have_a_page_of_their_own(self, store: Store) -> None:
        item = make_item()
        for number in range(7):
            stock_up(make_store(f"N{number}", latitude=store.latitude + number), item, 1)
        client = associate_in(store)
        assert f"[/items/{item.pk}/elsewhere/] 2 more stores" in page(client, f"/items/{item.pk}/")
        text = page(client, f"/items/{item.pk}/elsewhere/")
        assert [f"Store N{number} 1 free" in text for number in range(7)] == [True] * 7


class TestWhatItIs:
    def test_flags_price_and_picture(self, store: Store) -> None:
        item = make_item("Bleach")
        change_items(
            Item.objects.filter(pk=item.pk),
            is_hazardous=True,
            is_age_restricted=True,
            price=Decimal("12.30"),
            size="1 l",
            color="Clear",
            pack_count=6,
        )
        Picture.objects.create(item=item, content=b"x", sha256="a" * 64, width=1, height=1)
        client = associate_in(store)
        text = page(client, f"/items/{item.pk}/")
        assert f"{item.sku} Clear · 1 l · pack of 6 12.30 GBP Age-restricted Hazardous Free to promise" in text
        assert f"/pictures/{'a' * 64}.webp" in client.get(f"/items/{item.pk}/").content.decode()

    def test_variants_of_its_style_stand_with_what_is_free(self, store: Store) -> None:
        style = Style.objects.create(code="RAIN", name="Rain jacket")
        small, medium, gone = make_item(), make_item(), make_item()
        for item, size in ((small, "S"), (medium, "M"), (gone, "XS")):
            change_items(Item.objects.filter(pk=item.pk), style=style, size=size, color="Red")
        change_items(Item.objects.filter(pk=gone.pk), state=Item.State.RETIRED)
        stock_up(store, medium, 4)
        text = page(associate_in(store), f"/items/{small.pk}/")
        assert (
            f"Variants of Rain jacket [/items/{small.pk}/] Red · S 0 free [/items/{medium.pk}/] Red · M 4 free Bins"
        ) in text

    def test_a_bundle_shows_its_components_and_which_one_limits(self, store: Store) -> None:
        bundle, jacket, hook = make_item("Set"), make_item("Jacket"), make_item("Hook")
        change_items(Item.objects.filter(pk=bundle.pk), is_bundle=True)
        BundleComponent.objects.create(bundle=bundle, component=jacket, quantity=1)
        BundleComponent.objects.create(bundle=bundle, component=hook, quantity=2)
        stock_up(store, jacket, 9)
        stock_up(store, hook, 7)
        text = page(associate_in(store), f"/items/{bundle.pk}/")
        assert (
            f"Free to promise 3 [/items/{jacket.pk}/] Jacket 1 in each, 9 free 9 "
            f"[/items/{hook.pk}/] Hook 2 in each, 7 free Limits 3 Whole bundles = 3"
        ) in text

    @pytest.mark.parametrize("path", ["/items/0/", "/items/99999999999999999999/", "/items/0/moves/"])
    def test_what_is_no_item_is_not_there(self, store: Store, path: str) -> None:
        assert associate_in(store).get(path).status_code == 404


class TestSpeed:
    def test_the_page_asks_the_same_however_much_there_is(self) -> None:
        """Everything at once: picks, totes, staged bags, claims, variants, other stores."""
        first = start_pickup()
        store, item = first.store, first.lantern
        style = Style.objects.create(code="LIGHT", name="Light")
        change_items(Item.objects.filter(pk=item.pk), style=style, size="M")
        change_items(Item.objects.filter(pk=first.hanger.pk), style=style, size="S")
        stock_up(store, item, 20)
        first.make_ready()
        second = order_for(store, (item, 1))
        again = start_pickup(store)
        again.totes = ["TOTE-0002"]
        again.pick()
        moved(store, item, "A-01-1", "TOTE-0002", 1, Move.Reason.MOVED)
        for number in range(3):
            stock_up(make_store(f"Q{number}"), item, 2)
        client: Client = associate_in(store)
        with CaptureQueriesContext(
            connection,
        ) as few:
            text = page(client, f"/items/{item.pk}/")
        assert f"Order {second.number}" in text
        assert len(few) == 11
        # One more move: more of them would push what has a document off the page.
        stock_up(store, item, 3, "A-03-2")
        for _ in range(3):
            order_for(store, (item, 1))
            stock_up(make_store(), item, 2)
        with CaptureQueriesContext(connection) as more:
            page(client, f"/items/{item.pk}/")
        assert len(more) == len(few)

    def test_searching_asks_the_same_however_much_is_found(self, store: Store) -> None:
        client = associate_in(store)
        counts = []
        for _ in range(2):
            for _ in range(3):
                stock_up(store, make_item("Lantern"), 1)
            with CaptureQueriesContext(connection) as asked:
                page(client, "/items/", q="lantern")
            counts.append(len(asked))
        assert counts == [6, 6]

    def test_a_page_of_moves_asks_the_same_however_many(self) -> None:
        pickup = start_pickup().make_ready()
        client = associate_in(pickup.store)
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as asked:
                page(client, f"/items/{pickup.lantern.pk}/moves/")
            counts.append(len(asked))
            for _ in range(8):
                stock_up(pickup.store, pickup.lantern, 1)
        assert counts == [5, 5]


def test_associates_need_no_other_role(store: Store) -> None:
    item, who = make_item(), make_associate(store)
    assert isinstance(who, Associate)
    client = signed_in_client(who, store)
    for path in ("/items/", f"/items/{item.pk}/", f"/items/{item.pk}/moves/", f"/items/{item.pk}/elsewhere/"):
        assert client.get(path).status_code == 200
