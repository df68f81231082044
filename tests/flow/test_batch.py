"""Six orders on one cart over two zones, with everything that goes wrong on the way; and two zones that meet."""

import json
import re
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.flow.cart import ORDERS, ZONED, six_orders, zoned_orders
from tests.flow.conftest import Handheld
from tests.flow.desk import in_sight, look_in_both
from tests.flow.house import HANG_SECONDS, WAIT_SECONDS, House, wait_for
from tests.flow.ledger import units_by_kind
from tests.flow.people import YORK_ASSOCIATE, YORK_COLLEAGUE, YORK_LEAD
from tests.flow.picker import Cart, free_totes
from tests.flow.steps import put_back, stage, stage_quietly

pytestmark = pytest.mark.timeout(HANG_SECONDS)

DESK = {"width": 1280, "height": 800}


def release(lead: Handheld, house: House, numbers: list[str], method: str) -> None:
    """The lead looks at what waits, ticks these orders and releases them in this shape."""
    page = lead.page
    page.goto(f"{house.url}/pick/board/")
    expect(page.locator("#waiting-title")).to_contain_text("Not released")
    look_in_both(lead, "board")
    page.click("#to-release")
    page.locator("#release-form").wait_for()
    expect(page.locator("#release-form")).to_contain_text("Proposed:")
    look_in_both(lead, "release")
    for number in numbers:
        page.locator("label.list-row", has=page.locator("strong", has_text=re.compile(f"^{number}$"))).click()
    page.locator("#release-form label.choice", has_text=method).click()
    page.get_by_role("button", name="Release those ticked").click()
    in_sight(page, f"{len(numbers)} orders released")


def lists_of(house: House, numbers: list[str]) -> list[int]:
    return [
        pk
        for (pk,) in house.ask(
            """SELECT DISTINCT part.pick_list_id FROM picking_pickpart part
               JOIN orders_fulfillment f ON f.id = part.fulfillment_id JOIN orders_order o ON o.id = f.order_id
               WHERE o.number = ANY (%s) ORDER BY 1""",
            numbers,
        )
    ]


def cancel_by_api(house: House, external_id: str) -> None:
    token = re.search(r"API key of the demo shop: (\S+)", house.welcome)
    assert token
    request = urllib.request.Request(
        f"{house.url}/api/v1/orders/cancel",
        data=json.dumps({"external_id": external_id, "reason": "customer"}).encode(),
        headers={
            "Content-Type": "application/json",
            "Authorization": f"Bearer {token[1]}",
            "Idempotency-Key": f"cancel {external_id}",
        },
    )
    with urllib.request.urlopen(request, timeout=WAIT_SECONDS) as answer:
        assert answer.status == 200


def states(house: House, numbers: list[str]) -> dict[str, list[tuple[str, str]]]:
    """(store, state) of each order's fulfillments, the oldest first."""
    rows = house.ask(
        """SELECT o.number, store.code, f.state FROM orders_order o JOIN orders_fulfillment f ON f.order_id = o.id
           JOIN stores_store store ON store.id = f.store_id WHERE o.number = ANY (%s) ORDER BY f.id""",
        numbers,
    )
    found: dict[str, list[tuple[str, str]]] = {}
    for number, store, state in rows:
        found.setdefault(number, []).append((store, state))
    return found


def notices(house: House, kind: str) -> set[str]:
    """Numbers of the orders about which the customer was written to."""
    rows = house.ask(
        "SELECT o.number FROM notices_notice n JOIN orders_order o ON n.subject_of = 'order:' || o.id"
        " WHERE n.kind = %s AND o.number LIKE '#B_'",
        kind,
    )
    return {number for (number,) in rows}


def york_counts(house: House, state: str) -> set[tuple[str, str]]:
    rows = house.ask(
        """SELECT bin.code, item.sku FROM stock_countrequest request JOIN stores_bin bin ON bin.id = request.bin_id
           JOIN stores_store store ON store.id = bin.store_id JOIN catalog_item item ON item.id = request.item_id
           WHERE store.code = 'YORK' AND request.state = %s AND item.sku IN ('BOWL', 'LAMP', 'TRAY', 'CLOCK')""",
        state,
    )
    return {(code, sku) for code, sku in rows}


@pytest.fixture
def york_lead(house: House, new_handheld: Callable[..., Handheld]) -> Handheld:
    lead = new_handheld("batch-lead", viewport=DESK)
    lead.sign_in(house.enrolment_link("York"), *YORK_LEAD)
    return lead


def test_six_orders_and_all_that_goes_wrong(house: House, york_lead: Handheld, new_handheld) -> None:
    house.scenes.set(six_orders)
    release(york_lead, house, list(ORDERS), "Batch")
    (pk,) = lists_of(house, list(ORDERS))

    jade = new_handheld("batch")
    jade.sign_in(house.enrolment_link("York"), *YORK_ASSOCIATE)
    cart = Cart(jade, house, pk)
    cart.start(free_totes(house))
    cancelled: list[int] = []

    def bowl() -> bool:
        if jade.page.locator("#screen .bin").first.inner_text() != "B-01-1":
            return False
        cart.cannot_find(says="BR-02-1 comes later")
        return True

    def lamp() -> bool:
        cart.cannot_find(says="There is something to take instead.")
        jade.page.click("#instead")
        jade.page.locator("#band", has_text="On your list, from C-02-1").wait_for()
        return True

    def tray() -> bool:
        cart.cannot_find(says="It is cancelled with the end of the list")
        return True

    def clock() -> bool:
        cart.cannot_find(says="Goes to another store.")
        return True

    def thinks_again(place: int) -> None:
        """The fifth order's customer does, when the first thing is in the tote."""
        if place == cart.places["#B5"] and not cancelled:
            cancel_by_api(house, "cart#B5")
            cancelled.append(place)

    picked = cart.walk({"BOWL": bowl, "LAMP": lamp, "TRAY": tray, "CLOCK": clock}, thinks_again)
    # The backroom comes before the mugs' aisle: of the fifth order one vase is in its tote, and no mug.
    assert sorted(picked) == sorted(
        [("A-01-1", "MUG")] * 3 + [("BR-01-1", "VASE")] * 5 + [("BR-02-1", "BOWL")] * 2 + [("C-02-1", "LAMP2")]
    )
    cart.finish()
    kept = ["#B1", "#B2", "#B3", "#B4"]
    for number in kept:
        (stage if number == "#B1" else stage_quietly)(jade, house, cart.totes[number])
    put_back(jade, house.url, cart.totes["#B5"], "VASE", "BR-01-1", units=1)

    assert states(house, list(ORDERS)) == {
        **{number: [("YORK", "staged")] for number in kept},
        "#B5": [("YORK", "cancelled")],
        "#B6": [("YORK", "cancelled"), ("LEEDS", "allocated")],
    }
    their_list = """SELECT list.state FROM picking_picklist list
        JOIN picking_pickpart part ON part.pick_list_id = list.id
        JOIN orders_fulfillment f ON f.id = part.fulfillment_id JOIN orders_order o ON o.id = f.order_id
        JOIN stores_store store ON store.id = list.store_id WHERE o.number = '#B6' AND store.code = 'LEEDS'"""
    wait_for(lambda: house.ask(their_list) == [("open",)], what="the other store has it to pick")
    assert units_by_kind(house, "MUG") == {"shelf": 17, "staging": 3}
    assert units_by_kind(house, "VASE") == {"backroom": 16, "staging": 4}
    assert units_by_kind(house, "BOWL") == {"shelf quarantined": 3, "backroom": 3, "staging": 2}
    assert units_by_kind(house, "LAMP") == {"shelf quarantined": 2}
    assert units_by_kind(house, "LAMP2") == {"shelf": 4, "staging": 1}
    assert notices(house, "orders.substituted") == {"#B2"}
    assert notices(house, "orders.line_cancelled") == {"#B4"}
    wait_for(lambda: "Desk lamp in steel" in house.mail(), what="the customer hears of the other lamp")

    # The lead has somebody look, and answers what was found.
    to_count = {("B-01-1", "BOWL"), ("C-01-1", "LAMP"), ("D-01-1", "TRAY"), ("E-01-1", "CLOCK")}
    assert york_counts(house, "open") == to_count
    page = york_lead.page
    page.goto(f"{house.url}/exceptions/")
    look_in_both(york_lead, "exceptions")
    for code, sku, found in (
        ("B-01-1", "BOWL", 3),
        ("C-01-1", "LAMP", 0),
        ("D-01-1", "TRAY", 0),
        ("E-01-1", "CLOCK", 1),
    ):
        card = page.locator("article", has=page.locator("h3", has_text=code)).filter(has_text=sku)
        card.locator("input[name=counted]").fill(str(found))
        card.get_by_role("button", name="Counted").click()
        card.wait_for(state="detached")
    york_lead.look("counted")
    assert york_counts(house, "open") == set()
    assert units_by_kind(house, "BOWL") == {"shelf": 3, "backroom": 3, "staging": 2}
    assert units_by_kind(house, "LAMP") == {}
    assert units_by_kind(house, "TRAY") == {}
    assert units_by_kind(house, "CLOCK") == {"shelf": 1}


def test_two_zones_meet_at_staging(house: House, york_lead: Handheld, new_handheld) -> None:
    house.scenes.set(zoned_orders)
    numbers = list(ZONED)
    mugs, vases = units_by_kind(house, "MUG"), units_by_kind(house, "VASE")
    release(york_lead, house, numbers, "Zone")
    lists = lists_of(house, numbers)
    assert len(lists) == 2
    totes = free_totes(house)
    jade, sunil = new_handheld("zone-first"), new_handheld("zone-second")
    carts = []
    for handheld, who, pk in ((jade, YORK_ASSOCIATE, lists[0]), (sunil, YORK_COLLEAGUE, lists[1])):
        handheld.sign_in(house.enrolment_link("York"), *who)
        cart = Cart(handheld, house, pk)
        cart.start(totes)
        carts.append(cart)
    first, second = carts
    # The floor has the mugs, the backroom the vases, and nobody is sent to both.
    assert [set(cart.walk()) for cart in carts] in (
        [{("A-01-1", "MUG")}, {("BR-01-1", "VASE")}],
        [{("BR-01-1", "VASE")}, {("A-01-1", "MUG")}],
    )

    # The first is done, and its totes wait for those of the other.
    first.finish()
    assert states(house, numbers) == {number: [("YORK", "picking")] for number in numbers}
    jade.page.goto(f"{house.url}/stage/")
    expect(jade.page.locator("#screen")).to_contain_text("Wait for the rest")
    jade.look("wait-for-the-rest")
    second.finish()
    assert states(house, numbers) == {number: [("YORK", "picked")] for number in numbers}
    for number in numbers:
        bins = set()
        for cart in carts:
            stage_quietly(jade, house, cart.totes[number])
            bins.add(jade.page.locator("#screen .bin").first.inner_text())
        assert len(bins) == 1, "an order lies in one place"
    assert states(house, numbers) == {number: [("YORK", "staged")] for number in numbers}
    for sku, before, units in (("MUG", mugs, 3), ("VASE", vases, 2)):
        kind = "shelf" if sku == "MUG" else "backroom"
        now = units_by_kind(house, sku)
        assert (now[kind], now["staging"]) == (before[kind] - units, before.get("staging", 0) + units)
