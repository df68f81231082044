"""Stock on its way through the house on one handheld: received, put away, fetched for the floor, damaged, undone."""

import re

import pytest

from tests.flow.conftest import Handheld
from tests.flow.desk import look_in_both
from tests.flow.house import HANG_SECONDS, House
from tests.flow.people import CAMDEN_LEAD

pytestmark = pytest.mark.timeout(HANG_SECONDS)

HEART_HOLDER, HEART_CASE = "85123A", "19521234543210"


def start(lead: Handheld, house: House, kind: str) -> None:
    lead.page.goto(f"{house.url}/stock/")
    lead.page.click(f"#start-{kind}")
    lead.page.wait_for_url(re.compile(r"/stock/\d+/"))
    lead.page.locator("#scan").wait_for()


def done(lead: Handheld) -> None:
    lead.page.click("#done")
    lead.page.wait_for_url(re.compile(r"/stock/$"))


def big(lead: Handheld) -> str:
    return lead.page.locator("#screen .bin").inner_text()


def in_bin(house: House, code: str, condition: str = "sellable") -> int:
    rows = house.ask(
        """SELECT balance.quantity FROM stock_balance balance JOIN stores_bin bin ON bin.id = balance.bin_id
           JOIN stores_store store ON store.id = bin.store_id JOIN catalog_item item ON item.id = balance.item_id
           WHERE store.code = 'CAMDEN' AND bin.code = %s AND item.sku = %s AND balance.condition = %s""",
        code, HEART_HOLDER, condition,
    )  # fmt: skip
    return int(rows[0][0]) if rows else 0


def test_a_case_goes_through_the_house(house: House, new_handheld) -> None:
    lead = new_handheld("stock")
    lead.sign_in(house.enrolment_link("Camden"), *CAMDEN_LEAD)
    before = in_bin(house, "RECEIVING-01")
    lead.page.goto(f"{house.url}/stock/")
    look_in_both(lead, "menu")

    start(lead, house, "receive")
    look_in_both(lead, "receive")
    lead.scan("RECEIVING-01", says="You are at RECEIVING-01")
    lead.scan(HEART_CASE, says="12 received")
    look_in_both(lead, "received")
    assert in_bin(house, "RECEIVING-01") == before + 12
    # A reload comes back to the same task at the same step.
    lead.page.reload()
    assert "12" in lead.page.locator("#screen .list").inner_text()
    done(lead)

    start(lead, house, "put_away")
    look_in_both(lead, "put-away")
    lead.scan(HEART_CASE, says="12 in hand")
    look_in_both(lead, "put-away-in-hand")
    shelf = big(lead)
    on_shelf = in_bin(house, shelf)
    lead.scan(shelf, says=f"12 put into {shelf}")
    assert (in_bin(house, "RECEIVING-01"), in_bin(house, shelf)) == (before, on_shelf + 12)
    # The bin read twice: still 12, and the task stays where it was.
    lead.scan(shelf, says=f"They are in {shelf} already")
    look_in_both(lead, "put-away-twice")
    assert big(lead) == "RECEIVING-01"
    lead.page.click("#undo")
    lead.page.locator("#band", has_text="Undone: 12 back in RECEIVING-01").wait_for()
    assert in_bin(house, shelf) == on_shelf
    done(lead)

    start(lead, house, "replenish")
    look_in_both(lead, "replenish")
    done(lead)

    start(lead, house, "damage")
    lead.scan("RECEIVING-01", says="You are at RECEIVING-01")
    lead.scan(HEART_HOLDER, says="1 in hand")
    lead.page.get_by_role("link", name="Enter quantity").click()
    look_in_both(lead, "keypad")
    lead.page.click("dialog[open] [data-digit='2']")
    lead.page.click("dialog[open] button.primary")
    lead.page.locator("#band", has_text="2 in hand").wait_for()
    damaged = in_bin(house, "CAGE-01", "damaged")
    lead.scan("CAGE-01", says="2 damaged, in CAGE-01")
    look_in_both(lead, "damaged")
    assert in_bin(house, "CAGE-01", "damaged") == damaged + 2
    done(lead)

    lead.page.click("a[href='#why']")
    look_in_both(lead, "write-off-why")
    lead.page.locator("dialog[open] label", has_text="Broken").click()
    lead.page.click("dialog[open] button.primary")
    lead.page.locator("#scan").wait_for()
    lead.scan("CAGE-01", says="You are at CAGE-01")
    lead.scan(HEART_HOLDER, says="1 in hand")
    look_in_both(lead, "write-off")
    lead.scan("CAGE-01", says="1 written off")
    assert in_bin(house, "CAGE-01", "damaged") == damaged + 1
    lead.page.goto(house.url)
    assert lead.page.get_by_role("link", name="Go on: Write off").is_visible()
    lead.page.goto(f"{house.url}/stock/")
    lead.page.get_by_role("link", name="Go on: Write off").click()
    done(lead)
