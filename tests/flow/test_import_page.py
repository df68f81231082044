"""Six days of a retailer's sales come in on a page: left and come back to, settled by reason, brought in again."""

import gzip
import re
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.flow.conftest import WAIT_MS, Handheld
from tests.flow.desk import in_sight
from tests.flow.house import HANG_SECONDS, House, hands_are_empty, wait_for
from tests.flow.people import CAMDEN_LEAD
from tests.flow.steps import pick_everything

pytestmark = pytest.mark.timeout(HANG_SECONDS)

RETAIL = Path(__file__).parents[1] / "data" / "retail"
LINES_IN_ALL = 16_985
COUNTS = ("added", "changed", "repeated", "refused", "known")
# One line in Camden, in the demo.
WAITING_ORDER = "#0992"
LAPTOP = {"width": 1280, "height": 800}
DONE_MS = 600_000


def retail_files(*, again: str = "") -> list[FilePayload]:
    return [
        {"name": f"{again}{path.stem}", "mimeType": "text/csv", "buffer": gzip.decompress(path.read_bytes())}
        for path in sorted(RETAIL.glob("*.csv.gz"))
    ]


def bring_in(lead: Handheld, house: House, files: list[FilePayload]) -> int:
    """Gives the files to the page as the tills' word; returns the import's number."""
    page = lead.page
    page.goto(f"{house.url}/catalog/imports/")
    page.set_input_files("#files", files)
    page.locator("label.choice", has_text="Tills").click()
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url(re.compile(r"/catalog/imports/\d+/"))
    return int(page.url.rstrip("/").rpartition("/")[2])


def wait_until_done(lead: Handheld) -> dict[str, int]:
    """Watches the page, which follows the work by itself; returns its counts, which must add up."""
    page = lead.page
    page.locator("#progress-title", has_text="Done").wait_for(timeout=DONE_MS)
    found = {name: int(page.locator(f"#count-{name}").inner_text()) for name in COUNTS}
    together = int(page.locator("#count-together").inner_text())
    assert sum(found.values()) == together == int(page.locator("#lines-read").inner_text())
    return found


def bad_lines(lead: Handheld, reason: str) -> int:
    return int(lead.page.locator(f"#bad-{reason} .chip").inner_text())


def open_bad_lines(lead: Handheld, reason: str) -> None:
    lead.page.locator(f"#bad-{reason}").get_by_role("link", name="Settle them").click()
    lead.page.locator("#lines-title").wait_for()


def settle(lead: Handheld, button: str, *, says: str) -> None:
    lead.page.get_by_role("button", name=button).first.click()
    in_sight(lead.page, says)


def test_a_lead_leaves_it_picks_and_settles_what_was_bad(house: House, new_handheld) -> None:
    priya = new_handheld("import")
    priya.sign_in(house.enrolment_link("Camden"), *CAMDEN_LEAD)
    page = priya.page
    page.goto(f"{house.url}/catalog/imports/")
    priya.look("before")

    number = bring_in(priya, house, retail_files())
    priya.look("progress")
    page.goto(house.url)
    pick_everything(priya, WAITING_ORDER, "TOTE-0009")
    page.goto(f"{house.url}/catalog/imports/")
    priya.look("list")
    page.click(f"#import-{number}")
    first = wait_until_done(priya)

    assert sum(first.values()) == LINES_IN_ALL
    assert (first["changed"], first["refused"], first["known"]) == (0, 256, 0)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate("window.scrollTo(0, 0)")
        priya.look(f"done-{scheme}")
        page.locator("#bad-duplicate_code").scroll_into_view_if_needed()
        priya.look(f"bad-lines-{scheme}")
    page.emulate_media(color_scheme="light")
    reasons = ("no_goods", "duplicate_code", "blank_name", "conflicting_name", "no_price")
    assert sum(bad_lines(priya, reason) for reason in reasons) == 256

    # Codes that are no goods: all of them at once.
    open_bad_lines(priya, "no_goods")
    priya.look("no-goods")
    settle(priya, "Not goods", says="Tick the lines you mean")
    priya.look("nothing-ticked")
    page.locator("#lines-title ~ label").click()
    settle(priya, "Not goods", says="Remembered: not goods")
    priya.look("no-goods-settled")
    assert page.get_by_text("Nothing of this kind waits").is_visible()

    # Another spelling of a code: one ticked line, then the rest.
    page.goto(f"{house.url}/catalog/imports/{number}/")
    open_bad_lines(priya, "duplicate_code")
    page.locator(".line-row label").first.click()
    priya.look("spelling-ticked")
    settle(priya, "Same item", says="Spelling remembered")
    page.locator("#lines-title ~ label").click()
    settle(priya, "Same item", says="Spelling remembered")

    # Two names for one item: ours stays.
    page.goto(f"{house.url}/catalog/imports/{number}/")
    open_bad_lines(priya, "conflicting_name")
    priya.look("conflicts")
    page.locator(".line-row label").first.click()
    settle(priya, "Keep ours", says="Ours is kept")
    priya.look("conflict-settled")

    # A code without a name: the lead has the thing in the hand and names it.
    page.goto(f"{house.url}/catalog/imports/{number}/")
    open_bad_lines(priya, "blank_name")
    row = page.locator(".line-row", has=page.locator(".line-add")).first
    code = row.locator(".code").inner_text()
    row.locator(".line-add summary").click()
    row.locator("[name=name]").fill("Tin of buttons")
    row.locator("[name=price]").fill("2.50")
    row.scroll_into_view_if_needed()
    priya.look("name-it")
    row.get_by_role("button", name="Add the item").click()
    in_sight(page, "is a draft now")
    priya.look("named")
    added = house.ask("SELECT name, price::text, state FROM catalog_item WHERE sku = %s", code.upper())
    assert added == [("Tin of buttons", "2.50", "draft")]

    # The same files again: nothing is new.
    items = house.ask("SELECT count(*), max(id) FROM catalog_item")
    waiting = house.ask("SELECT count(*) FROM sync_inboundmessage WHERE state = 'failed' AND source = 'pos'")
    bring_in(priya, house, retail_files())
    second = wait_until_done(priya)
    priya.look("again")
    assert (second["added"], second["changed"], second["refused"]) == (0, 0, 0)
    assert sum(second.values()) == LINES_IN_ALL
    # What was settled is no bad line any more, or is known as settled.
    assert second["known"] < 256
    assert second["repeated"] > first["repeated"] + first["added"]
    assert house.ask("SELECT count(*), max(id) FROM catalog_item") == items
    assert house.ask("SELECT count(*) FROM sync_inboundmessage WHERE state = 'failed' AND source = 'pos'") == waiting

    # Or theirs is right: a draft is called so at once.
    page.goto(f"{house.url}/exceptions/items/pos/conflicting_name/")
    row = page.locator(".line-row").last
    code, _, theirs = row.locator(".line-said > span").first.inner_text().partition(" ")
    row.locator("label").click()
    settle(priya, "Use theirs", says="Theirs is taken")
    priya.look("theirs")
    ((name,),) = house.ask("SELECT name FROM catalog_item WHERE sku = %s AND state = 'draft'", code.upper())
    assert theirs.startswith(name)

    desk = new_handheld("import-desk", viewport=LAPTOP)
    desk.sign_in(house.enrolment_link("Camden"), *CAMDEN_LEAD)
    for what, address in {
        "imports": "/catalog/imports/", "import": f"/catalog/imports/{number}/", "exceptions": "/exceptions/",
        "conflicts": "/exceptions/items/pos/conflicting_name/",
    }.items():  # fmt: skip
        desk.page.goto(house.url + address)
        desk.look(what)


def begun_by_a_dead_worker(house: House, lead: Handheld) -> tuple[int, int]:
    """An import whose worker is killed in the middle of it; how many lines it had read."""
    found = "SELECT state, lines_read FROM catalog_itemimport WHERE id = %s AND lines_read > 0"
    while True:
        number = bring_in(lead, house, retail_files() + retail_files(again="again-"))
        wait_for(partial(house.ask, found, number), what="the first lines are read")
        house.stack.kill("worker", stay_down=True)
        ((state, read),) = house.ask(found, number)
        if state == "working":
            return number, read
        assert state == "done"
        # The worker was quicker than the hand that kills it: once more.
        house.stack.restart("worker")


def test_it_ends_by_itself_after_a_dead_worker_and_a_dead_spot(house: House, new_handheld) -> None:
    priya = new_handheld("import-faults")
    priya.sign_in(house.enrolment_link("Camden"), *CAMDEN_LEAD)
    page = priya.page
    number, read = begun_by_a_dead_worker(house, priya)
    assert 0 < read <= 2 * LINES_IN_ALL
    page.locator("#progress-title", has_text=re.compile("Reading|Comparing|Changing")).wait_for()
    priya.look("worker-dead")

    # The page asks in vain how far it is.
    with page.expect_event("requestfailed"):
        page.context.set_offline(True)
    page.locator("#connection[data-state=offline]").wait_for()
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(page.locator("#connection-banner")).to_be_in_viewport(timeout=WAIT_MS)
    priya.keep("offline")
    page.context.set_offline(False)
    hands_are_empty(house, "catalog_itemimport")
    house.stack.restart("worker")

    counts = wait_until_done(priya)
    priya.look("ended")
    assert sum(counts.values()) == 2 * LINES_IN_ALL
    assert page.locator("#connection").get_attribute("data-state") == "online"
    # What only repeats what is known is counted, not kept; of the rest every line is kept once.
    kept = "SELECT count(*), count(DISTINCT number) FROM catalog_importline WHERE item_import_id = %s"
    worth_keeping = sum(counts.values()) - counts["repeated"]
    assert house.ask(kept, number) == [(worth_keeping, worth_keeping)]
    # The browser itself complains of the dead spot; nothing else may have gone wrong.
    priya.errors[:] = [error for error in priya.errors if "ERR_INTERNET_DISCONNECTED" not in error]
