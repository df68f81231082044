"""What people do on their screens, step by step, the way the screens ask for it."""

import re

from tests.flow.conftest import Handheld
from tests.flow.device import visit
from tests.flow.house import House, wait_for


def pick_everything(handheld: Handheld, number: str, tote: str) -> None:
    """From the home screen: claims the order's list and walks it line by line."""
    page = handheld.page
    page.locator("a.work", has_text=number).click()
    handheld.look("pick-start")
    page.click("#start")
    page.locator("#scan").wait_for()
    handheld.look("pick-tote")
    handheld.scan(tote, says=f"{tote} is your tote")
    lines = int(page.locator("progress").get_attribute("max") or 0)
    for line in range(1, lines + 1):
        where = page.locator("#screen .bin").inner_text()
        if "go to" in page.locator("#screen").inner_text():
            handheld.scan(where, says=f"{where} is right")
        handheld.look(f"pick-line-{line}")
        _pick_line(handheld, last=line == lines)
    handheld.look("pick-finish")
    handheld.scan(tote, says="is done")
    handheld.wait_until_sent()
    handheld.look("pick-done")


def _pick_line(handheld: Handheld, *, last: bool) -> None:
    card = handheld.page.locator("#screen .card").first.inner_text()
    done, wanted = map(int, re.findall(r"(\d+) of (\d+)", card)[0])
    sku = handheld.page.locator("#screen .sku").inner_text()
    for unit in range(done + 1, wanted + 1):
        handheld.scan(sku, says="All picked" if last and unit == wanted else f"{unit} of {wanted}")
        handheld.wait_until_sent()


def stage(handheld: Handheld, house: House, tote: str) -> str:
    """Scans the tote and the staging bin that the app suggests; returns that bin's code."""
    page = handheld.page
    visit(page, f"{house.url}/stage/")
    handheld.look("stage")
    handheld.type(tote)
    page.locator("#screen", has_text=tote).locator(".bin").wait_for()
    handheld.look("stage-tote")
    suggested = page.locator(".bin").first.inner_text()
    handheld.type(suggested)
    page.locator("#screen", has_text="is staged in").wait_for()
    handheld.wait_until_sent()
    handheld.look("staged")
    return suggested


def stage_quietly(handheld: Handheld, house: House, tote: str) -> None:
    """The same without a look at every screen."""
    page = handheld.page
    visit(page, f"{house.url}/stage/")
    handheld.type(tote)
    page.locator("#screen", has_text=tote).locator(".bin").wait_for()
    handheld.type(page.locator(".bin").first.inner_text())
    page.locator("#screen", has_text="is staged in").wait_for()
    handheld.wait_until_sent()


def put_back(handheld: Handheld, url: str, tote: str, sku: str, shelf: str, *, units: int) -> None:
    """Scans the tote, the item in it that nobody wants, and the bin it came from."""
    page = handheld.page
    visit(page, f"{url}/put-back/")
    handheld.look("put-backs")
    for code, shown in ((tote, "take out of"), (sku, "put into"), (shelf, f"{units} put back")):
        handheld.type(code)
        page.locator("#screen", has_text=shown).wait_for()
        handheld.wait_until_sent()
        handheld.look(f"put-back-{shown.replace(' ', '-')}")


def hand_over(handheld: Handheld, house: House, fulfillment: int, *, code: str) -> None:
    """Takes the arrival, scans the bag's label, checks the customer's code, gives the goods away."""
    page = handheld.page
    visit(page, f"{house.url}/handover/{fulfillment}/")
    handheld.look("handover")
    claim = page.get_by_role("button", name=re.compile("I'm on it", re.IGNORECASE))
    if claim.count():
        claim.first.click()
        page.locator("#scan").wait_for()
    bag = re.findall(rf"F-{fulfillment}(?:-\d+)?", "".join(house.printed()))[-1]
    handheld.scan(bag, says="")
    handheld.wait_until_sent()
    handheld.look("handover-bag")
    handheld.scan(code, says="")
    handheld.wait_until_sent()
    handheld.look("handover-code")
    page.get_by_role("button", name=re.compile("hand over", re.IGNORECASE)).first.click()
    wait_for(
        lambda: house.ask("SELECT 1 FROM orders_fulfillment WHERE id = %s AND state = 'handed_over'", fulfillment),
        what="the goods are handed over",
    )
    page.wait_for_load_state()
    handheld.look("handed-over")


def customer_link(house: House, fulfillment: int) -> str:
    """The address in the ready message about this fulfillment."""
    ((body,),) = house.ask(
        "SELECT body FROM notices_notice WHERE subject_of = %s AND kind = 'pickup.ready'", f"fulfillment:{fulfillment}"
    )
    return str(re.findall(r"http://\S+/c/[^\s/]+/", body)[0])


def pickup_code(handheld: Handheld) -> str:
    shown = handheld.page.locator(".pickup-code").first.inner_text()
    found = re.search(r"\b\d{3}\s?\d{3}\b", shown)
    assert found, shown
    return found[0].replace(" ", "")


def fulfillment_of(house: House, number: str) -> int:
    ((pk,),) = house.ask(
        "SELECT f.id FROM orders_fulfillment f JOIN orders_order o ON o.id = f.order_id WHERE o.number = %s", number
    )
    return int(pk)
