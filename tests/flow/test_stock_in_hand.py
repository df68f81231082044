"""Stock on its way through the house on one handheld: received, put away, fetched for the floor, damaged, undone."""

import re

import pytest

from tests.flow.conftest import Handheld
from tests.flow.house import HANG_SECONDS, House
from tests.flow.people import CAMDEN_LEAD
from tests.flow.steps import SAME_CODE_MS

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


def scan(lead: Handheld, code: str, says: str) -> None:
    lead.page.wait_for_timeout(SAME_CODE_MS)
    lead.scan(code, says=says)


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_case_goes_through_the_house(house: House, new_handheld, scheme: str) -> None:
    lead = new_handheld(f"stock-{scheme}")
    lead.page.emulate_media(color_scheme=scheme)
    lead.sign_in(house.enrolment_link("Camden"), *CAMDEN_LEAD)
    before = in_bin(house, "RECEIVING-01")
    lead.page.goto(f"{house.url}/stock/")
    lead.look("menu")

    start(lead, house, "receive")
    lead.look("receive")
    scan(lead, "RECEIVING-01", "You are at RECEIVING-01")
    scan(lead, HEART_CASE, "12 received")
    lead.look("received")
    assert in_bin(house, "RECEIVING-01") == before + 12
    # A reload comes back to the same task at the same step.
    lead.page.reload()
    assert "12" in lead.page.locator("#screen .list").inner_text()
    done(lead)

    start(lead, house, "put_away")
    lead.look("put-away")
    scan(lead, HEART_CASE, "12 in hand")
    lead.look("put-away-in-hand")
    shelf = big(lead)
    on_shelf = in_bin(house, shelf)
    scan(lead, shelf, f"12 put into {shelf}")
    assert (in_bin(house, "RECEIVING-01"), in_bin(house, shelf)) == (before, on_shelf + 12)
    # The bin read twice: still 12, and the task stays where it was.
    scan(lead, shelf, f"They are in {shelf} already")
    lead.look("put-away-twice")
    assert big(lead) == "RECEIVING-01"
    lead.page.click("#undo")
    lead.page.locator("#band", has_text="Undone: 12 back in RECEIVING-01").wait_for()
    assert in_bin(house, shelf) == on_shelf
    done(lead)

    start(lead, house, "replenish")
    lead.look("replenish")
    done(lead)

    start(lead, house, "damage")
    scan(lead, "RECEIVING-01", "You are at RECEIVING-01")
    scan(lead, HEART_HOLDER, "1 in hand")
    lead.page.get_by_role("link", name="Enter quantity").click()
    lead.look("keypad")
    lead.page.click("dialog[open] [data-digit='2']")
    lead.page.click("dialog[open] button.primary")
    lead.page.locator("#band", has_text="2 in hand").wait_for()
    damaged = in_bin(house, "CAGE-01", "damaged")
    scan(lead, "CAGE-01", "2 damaged, in CAGE-01")
    lead.look("damaged")
    assert in_bin(house, "CAGE-01", "damaged") == damaged + 2
    done(lead)

    lead.page.click("a[href='#why']")
    lead.look("write-off-why")
    lead.page.locator("dialog[open] label", has_text="Broken").click()
    lead.page.click("dialog[open] button.primary")
    lead.page.locator("#scan").wait_for()
    scan(lead, "CAGE-01", "You are at CAGE-01")
    scan(lead, HEART_HOLDER, "1 in hand")
    lead.look("write-off")
    scan(lead, "CAGE-01", "1 written off")
    assert in_bin(house, "CAGE-01", "damaged") == damaged + 1
    lead.page.goto(house.url)
    assert lead.page.get_by_role("link", name="Go on: Write off").is_visible()
    lead.page.goto(f"{house.url}/stock/")
    lead.page.get_by_role("link", name="Go on: Write off").click()
    done(lead)
