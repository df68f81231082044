"""The demo chain: complete after one run, untouched by the next, and usable through the product's own doors."""

import csv
import io
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Sum
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from config.demo_chain.attributes import CATEGORIES, category_of, pack_count_of
from config.demo_chain.bundles import SETS
from config.demo_chain.chain import PLACES
from config.demo_chain.food import CATEGORY as FOOD
from config.demo_chain.food import FOODS
from config.demo_chain.goods import all_goods, readable
from config.demo_chain.people import PEOPLE
from config.demo_chain.places import enrolment_code
from config.demo_chain.shop import LOCATIONS, SHOP, api_token
from config.demo_chain.substitutes import SUBSTITUTES
from picking.models import Method, PickList
from picking.proposal import propose_method
from picking.queries.waiting import load_waiting, open_work
from stores.catalog.barcodes import has_valid_check_digit, read_code
from stores.catalog.models import Item
from stores.catalog.queries import find_item, items_by_codes
from stores.catalog.queries.substitutes import substitutes_of_many
from stores.catalog.required import INCOMPLETE
from stores.journal.models import Event
from stores.models import VIRTUAL_KINDS, Bin, BinKind, Device, Store, StoreAlias
from stores.orders.actions.place_order import ContactData, LineRequest, place_order
from stores.orders.models import Fulfillment, Order
from stores.printing.models import Printer
from stores.refusals import Refusal
from stores.staff.actions.devices import enrol_device
from stores.staff.models import Associate, Role
from stores.staff.pins import check_new_pin
from stores.staff.tokens import hashed
from stores.stock.models import Availability, Balance, Move
from stores.stock.queries.promisable import promisable
from stores.sync.models import ApiKey, WebhookEndpoint

SAMPLE_BARCODES = Path(__file__).parent.parent / "data" / "barcodes.csv"


def run() -> str:
    output = io.StringIO()
    with override_settings(DEMO=True, SITE_URL="http://127.0.0.1:8000"):
        call_command("demo_chain", stdout=output)
    return output.getvalue()


def test_it_refuses_to_run_outside_the_demo() -> None:
    with override_settings(DEMO=False), pytest.raises(CommandError, match="STOREHAND_DEMO"):
        call_command("demo_chain")


def test_descriptions_become_readable() -> None:
    assert readable("SET OF 6 T-LIGHTS SANTA") == "Set of 6 T-Lights Santa"
    assert readable("PAPER CHAIN KIT 50'S CHRISTMAS") == "Paper Chain Kit 50's Christmas"
    assert readable("RED WOOLLY HOTTIE WHITE HEART.") == "Red Woolly Hottie White Heart"
    assert readable("SET/20 RED RETROSPOT PAPER NAPKINS") == "Set/20 Red Retrospot Paper Napkins"


def test_names_tell_how_many_are_in_a_pack_and_what_it_is() -> None:
    packs = {
        "Set of 6 T-Lights Santa": 6,
        "Set/20 Red Retrospot Paper Napkins": 20,
        "Pack of 72 Skull Cake Cases": 72,
        "Clothes Pegs Retrospot Pack 24": 24,
        "12 Pencils Tall Tube Skulls": 12,
        "Airline Bag Vintage Tokyo 78": 1,
        "4 Burners": 1,
    }
    assert {name: pack_count_of(name) for name in packs} == packs
    assert category_of("Christmas Gingham Tree") == "CHRISTMAS"
    assert category_of("Hand Warmer Owl Design") == "BATH"
    assert category_of("Ivory Diner Wall Clock") == "HOME"


def test_goods_are_the_published_ones_with_invented_numbers() -> None:
    goods = {one.sku: one for one in all_goods()}
    assert len(goods) == 600
    assert (goods["85123A"].name, str(goods["85123A"].price)) == ("White Hanging Heart T-Light Holder", "2.95")
    gtins = [one.gtin for one in all_goods()] + [one.case_gtin for one in all_goods() if one.case_gtin]
    assert len(set(gtins)) == len(gtins)
    assert all(has_valid_check_digit(gtin) for gtin in gtins)
    assert all(len(one.gtin) == 13 and one.gtin.startswith("952") for one in all_goods())
    assert all(one.case_gtin.startswith(f"1{one.gtin[:12]}") for one in all_goods() if one.case_gtin)


def test_no_pin_is_one_that_the_product_refuses() -> None:
    people = [person for staff in PEOPLE.values() for person in staff]
    for person in people:
        check_new_pin(person.pin)
    assert len({person.badge for person in people}) == len({person.pin for person in people}) == len(people)


class DemoChainTest(TestCase):
    output: str

    @classmethod
    def setUpTestData(cls) -> None:
        cls.output = run()

    def test_a_second_run_writes_nothing_and_is_quick(self) -> None:
        before = _state()
        started = time.thread_time()
        with CaptureQueriesContext(connection) as queries:
            again = run()
        assert time.thread_time() - started < 2
        writes = [query["sql"] for query in queries if query["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
        # One a store finds no printer to move; see the test of the ports.
        assert [sql for sql in writes if not sql.startswith('UPDATE "printing_printer" SET "port"')] == []
        assert _state() == before
        assert again == self.output

    def test_a_run_that_was_cut_short_is_completed(self) -> None:
        before = _state()
        york = Store.objects.get(code="YORK")
        Printer.objects.filter(store=york).delete()
        york.bins.filter(kind=BinKind.TOTE, code="TOTE-0203").delete()
        Device.objects.filter(store=york, name="Handheld 2").delete()
        Associate.objects.filter(badge="4912").delete()
        StoreAlias.objects.filter(store=york).delete()
        run()
        assert _state() == before

    def test_stores_of_four_formats_and_a_distribution_center(self) -> None:
        formats = {store.code: store.format for store in Store.objects.all()}
        assert formats == {
            "CAMDEN": "flagship",
            "LEEDS": "high_street",
            "YORK": "retail_park",
            "BRISTOL": "express",
            "DAVENTRY": "distribution_center",
        }
        assert not Store.objects.get(code="DAVENTRY").offers_pickup
        assert list(Store.objects.filter(offers_curbside=True).values_list("code", "bays")) == [("YORK", 6)]
        for store in Store.objects.all():
            kinds = dict(store.bins.values_list("kind").annotate(Count("pk")))
            assert {kind: kinds[kind] for kind in VIRTUAL_KINDS} == dict.fromkeys(VIRTUAL_KINDS, 1)
            assert 30 <= kinds[BinKind.SHELF] <= 120
            assert kinds[BinKind.RECEIVING] == 1
            assert (kinds.get(BinKind.STAGING, 0) > 0) == (kinds.get(BinKind.TOTE, 0) > 0) == store.offers_pickup
            assert {hours.weekday for hours in store.opening_hours.all()} >= set(range(6))
            assert store.printers.exists()
            orders = list(store.bins.values_list("walk_order", flat=True))
            assert len(set(orders)) == len(orders)
            assert {membership.role for membership in store.memberships.all()} == set(Role)
        camden = Bin.objects.filter(store__code="CAMDEN")
        assert camden.get(code="A-03-2").kind == BinKind.SHELF
        assert camden.get(code="TOTE-0007").kind == BinKind.TOTE
        totes = Bin.objects.filter(kind=BinKind.TOTE).values_list("code", flat=True)
        assert len(set(totes)) == len(totes)

    def test_the_walk_goes_up_one_aisle_and_down_the_next(self) -> None:
        walk = list(
            Bin.objects.filter(store__code="CAMDEN", zone__code="GROUND", kind=BinKind.SHELF).values_list(
                "code", flat=True
            )
        )
        assert walk[:4] == ["A-01-1", "A-01-2", "A-01-3", "A-02-1"]
        assert walk[11:14] == ["A-04-3", "B-04-1", "B-04-2"]

    def test_every_row_of_the_sample_barcodes_can_be_tried(self) -> None:
        found = {}
        with SAMPLE_BARCODES.open(newline="") as lines:
            for row in csv.DictReader(lines):
                try:
                    answer = find_item(read_code(row["typed_by_scanner"]))
                except Refusal as refusal:
                    found[row["typed_by_scanner"]] = refusal.code
                else:
                    found[row["typed_by_scanner"]] = f"{answer.pack_quantity} {answer.item.sku}" if answer else ""
        assert found == {
            "9521234543213": "1 85123A",
            "09521234543213": "1 85123A",
            "19521234543210": "12 85123A",
            "952123454324": "1 85123A",
            "01234565": "1 71053",
            "]C1010952123454321310ABC123": "1 85123A",
            "010952123454321317270131": "1 85123A",
            "https://id.gs1.org/01/09521234543213/10/ABC123": "1 85123A",
            "]C100009520123456789120": "",
            "9521234543214": "wrong_check_digit",
            "A-03-2": "",
            "TOTE-0007": "",
            "B:4711": "",
        }
        assert read_code("B:4711").badge in set(Associate.objects.values_list("badge", flat=True))

    def test_goods_are_sorted_and_a_few_drafts_wait(self) -> None:
        sold = Item.objects.filter(state="active", is_bundle=False).exclude(category__code=FOOD)
        assert sold.count() == 600
        assert set(sold.values_list("category__code", flat=True)) == set(CATEGORIES)
        assert sold.filter(category__code="HOME").count() < 150
        assert dict(sold.values_list("abc_class").annotate(Count("pk"))) == {"A": 120, "B": 180, "C": 300}
        assert sold.get(sku="21080").pack_count == 20
        assert sold.get(sku="71477").is_fragile
        notebooks = sold.filter(style__code="BABUSHKA").order_by("size", "color").values_list("size", "color")
        assert list(notebooks) == [("L", "Purple"), ("L", "Red"), ("S", "Purple"), ("S", "Red"), ("S", "Yellow")]
        drafts = Item.objects.filter(state="draft")
        assert drafts.count() == 7
        assert drafts.filter(INCOMPLETE).count() == 4

    def test_stock_is_as_sloppy_as_a_real_store(self) -> None:
        camden = Availability.objects.filter(store__code="CAMDEN")
        assert camden.count() < Item.objects.count()
        assert camden.filter(on_hand__lte=2).count() > 10
        assert camden.filter(unsellable__gt=0).count() > 10
        in_bins = (
            Balance.objects.filter(store__code="CAMDEN", physical=True, condition="sellable")
            .values("item")
            .annotate(bins=Count("bin"))
        )
        assert in_bins.filter(bins=2).count() > 50
        assert Move.objects.exclude(reason=Move.Reason.OPENING).count() == 0
        opened = Event.objects.filter(kind="stock.opened").aggregate(Sum("quantity"))["quantity__sum"]
        assert opened == Availability.objects.aggregate(Sum("on_hand"))["on_hand__sum"]

    def test_the_ledger_and_everything_else_adds_up(self) -> None:
        call_command("audit", stdout=io.StringIO())

    def test_orders_wait_at_every_stage_of_lateness(self) -> None:
        found = {
            order.number: (order.state, order.method, [one.store.code for one in order.fulfillments.all()])
            for order in Order.objects.prefetch_related("fulfillments__store")
        }
        assert found == {
            "#0991": ("allocated", "counter", ["CAMDEN"]),
            "#0992": ("allocated", "counter", ["CAMDEN"]),
            "#0993": ("allocated", "counter", ["CAMDEN"]),
            "#0994": ("allocated", "curbside", ["YORK"]),
            "#0995": ("allocated", "counter", ["YORK"]),
            "#0996": ("allocated", "counter", ["LEEDS"]),
            "#0997": ("allocated", "counter", ["BRISTOL"]),
            "#0998": ("backordered", "counter", []),
            "#0999": ("allocated", "counter", ["CAMDEN"]),
        } | {f"#098{number}": ("allocated", "counter", ["YORK"]) for number in range(1, 7)}
        soon = timezone.now() + timedelta(minutes=20)
        assert Fulfillment.objects.filter(promised_at__lt=soon).count() == 1
        assert PickList.objects.filter(due_at=F("fulfillments__promised_at")).count() == 8

    def test_six_orders_over_two_zones_wait_for_the_lead_of_york(self) -> None:
        store = Store.objects.get(code="YORK")
        waiting = load_waiting(store)
        assert [one.number for one in waiting] == [f"#098{number}" for number in range(1, 7)]
        work = open_work(store, [one.pk for one in waiting])
        assert (work.orders, work.lines, work.zones, work.crossing) == (6, 14, 2, 5)
        assert propose_method(work, pickers=1, batch_orders_max=6).method == Method.BATCH
        assert propose_method(work, pickers=2, batch_orders_max=6).method == Method.ZONE

    def test_sets_are_sold_in_several_stores_under_the_shop_s_names(self) -> None:
        named = items_by_codes(SHOP, [f"SH-{one.sku}" for one in SETS])
        sets = [named[f"SH-{one.sku}"] for one in SETS]
        assert [item.state for item in sets] == ["active"] * len(SETS)
        stores = list(Store.objects.all())
        promised = promisable((store.pk, item.pk) for store in stores for item in sets)
        for item in sets:
            assert sum(promised[store.pk, item.pk] > 0 for store in stores) >= 2, item
        for one in SETS:
            assert one.price < sum(Item.objects.get(sku=sku).price * units for sku, units in one.parts.items())

    def test_some_goods_ask_something_of_whoever_picks_them(self) -> None:
        asks = ("is_age_restricted", "is_serialised", "is_weighed", "is_lot_tracked", "is_expiry_tracked", "is_cold")
        for flag in asks:
            asked = Item.objects.filter(**{flag: True}, state="active", barcodes__isnull=False).distinct()
            assert asked.count() >= 2, flag
            camden = Availability.objects.filter(store__code="CAMDEN", item__in=asked, on_hand__gt=0)
            assert camden.count() >= 2, flag
        cheddar = next(one for one in FOODS if one.sku == "FOOD-CHEDDAR")
        code = read_code(f"01{cheddar.gtin}310300026417270131")
        found = find_item(code)
        assert (found.item.sku if found else "", code.weight_g) == ("FOOD-CHEDDAR", 264)

    def test_substitutes_are_on_sale_for_the_same_price_or_more(self) -> None:
        named = dict(Item.objects.filter(sku__in=SUBSTITUTES).values_list("pk", "sku"))
        found = {named[pk]: items for pk, items in substitutes_of_many(named).items()}
        assert {sku: tuple(one.sku for one in items) for sku, items in found.items()} == SUBSTITUTES
        assert len(SUBSTITUTES) >= 10
        for sku, items in found.items():
            assert all(one.price >= Item.objects.get(sku=sku).price for one in items), sku

    def test_an_order_of_the_shop_s_sample_goes_to_camden_wherever_the_customer_lives(self) -> None:
        items = items_by_codes(SHOP, ["IPOD2008GREEN", "IPOD2008RED", "IPOD2008BLACK"])
        for position in [(45.41634, -75.6868), (53.8, -1.55), (51.45, -2.6), (53.96, -1.08)]:
            order = place_order(
                source=SHOP,
                external_id=str(position),
                number="#1001",
                method=Order.Method.COUNTER,
                lines=[LineRequest(item=item, quantity=1, price=item.price) for item in items.values()],
                contact=ContactData(name="Bob Norman"),
                currency="USD",
                latitude=position[0],
                longitude=position[1],
            )
            assert len(items) == 3
            assert [fulfillment.store.code for fulfillment in order.fulfillments.all()] == ["CAMDEN"]

    def test_the_shop_has_its_own_name_for_everything(self) -> None:
        names = items_by_codes(SHOP, [f"sh-{goods.sku}" for goods in all_goods()])
        assert {code.removeprefix("sh-"): item.sku for code, item in names.items()} == {
            goods.sku: goods.sku for goods in all_goods()
        }
        aliases = StoreAlias.objects.filter(source=SHOP).select_related("store")
        assert {alias.store.code: alias.code for alias in aliases} == LOCATIONS
        prefix, _dot, secret = api_token().partition(".")
        assert ApiKey.objects.get(prefix=prefix).secret_hash == hashed(secret)
        assert "pickup.handed_over" in WebhookEndpoint.objects.get().kinds

    def test_the_printed_links_let_many_devices_in(self) -> None:
        for place in PLACES:
            assert f"http://127.0.0.1:8000/enrol/{enrolment_code(place)}/" in self.output
            names = [enrol_device(code=enrolment_code(place), name=f"Browser {number}") for number in range(3)]
            assert {enrolled.device.store.code for enrolled in names} == {place.code}

    def test_the_printed_badges_and_pins_fit(self) -> None:
        for person in PEOPLE["CAMDEN"]:
            assert f"badge {person.badge}  PIN {person.pin}  {person.name}" in self.output
        assert Associate.objects.get(badge="4711").check_password("830274")
        assert Associate.objects.get(badge="4713").language == "es"

    def test_ports_follow_the_environment(self) -> None:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("DEMO_PRINTER_PORT", "19123")
            environment.setenv("DEMO_SHOP_PORT", "19234")
            run()
        assert set(Printer.objects.values_list("port", flat=True)) == {19123}
        assert WebhookEndpoint.objects.get().url == "http://127.0.0.1:19234/"


def _state() -> dict[str, object]:
    """How many rows every table has, and what the stock adds up to."""
    counts: dict[str, object] = {model._meta.label_lower: model._default_manager.count() for model in apps.get_models()}
    sums = Availability.objects.aggregate(Sum("on_hand"), Sum("unsellable"), Sum("reserved"), Sum("atp"))
    return counts | sums | Balance.objects.aggregate(balance=Sum("quantity"))
