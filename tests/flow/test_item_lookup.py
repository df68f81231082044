"""An item is scanned, its arithmetic is read, and it is ordered from another store, in a real browser at 360×640."""

import re

import pytest

from tests.flow.house import HANG_SECONDS
from tests.flow.people import CAMDEN_ASSOCIATE

pytestmark = pytest.mark.timeout(HANG_SECONDS)

# Free here and in another store that gives orders out, and sold in more than one variant where there is such a one.
WELL_STOCKED = """
SELECT item.id, item.sku, here.on_hand, here.atp, there.store_id
FROM stock_availability here
JOIN stores_store camden ON camden.id = here.store_id AND starts_with(camden.name, 'Camden')
JOIN catalog_item item ON item.id = here.item_id AND item.state = 'active'
JOIN stock_availability there ON there.item_id = item.id AND there.store_id <> camden.id AND there.atp > 0
JOIN stores_store other ON other.id = there.store_id AND other.offers_pickup
WHERE here.atp > 0 ORDER BY item.style_id NULLS LAST, item.id LIMIT 1
"""


def test_from_the_scan_to_an_order_elsewhere(house, new_handheld):
    ((item, sku, on_hand, atp, other),) = house.ask(WELL_STOCKED)
    rosa = new_handheld("lookup")
    rosa.sign_in(house.enrolment_link("Camden"), *CAMDEN_ASSOCIATE)
    page = rosa.page
    page.goto(f"{house.url}/items/?next=/stage/")
    rosa.look("search")
    rosa.type(sku)
    page.wait_for_url(f"**/items/{item}/**")

    assert page.locator(".sum-free").inner_text() == str(atp)
    assert page.locator(".sum-row", has_text="On hand").locator(".sum-figure").inner_text() == str(on_hand)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        rosa.look(f"item-{scheme}")
        page.evaluate("document.querySelectorAll('details').forEach(line => { line.open = true })")
        page.evaluate("window.scrollTo(0, 500)")
        rosa.look(f"item-opened-{scheme}")
    page.emulate_media(color_scheme="light")
    page.locator("#actions").get_by_role("link", name="Back").click()
    page.wait_for_url("**/stage/")

    for address in ("moves", "reserved", "elsewhere"):
        page.goto(f"{house.url}/items/{item}/{address}/")
        rosa.look(address)
    page.goto(f"{house.url}/items/{item}/")
    page.locator(f'a[href="/items/{item}/order/{other}/"]').click()
    rosa.look("order")
    page.fill("[name=name]", "Bob Norman")
    page.get_by_role("button", name="Place the order").click()
    page.locator("#reach-error", has_text="Enter an e-mail or a phone number").wait_for()
    assert page.input_value("[name=name]") == "Bob Norman"
    rosa.look("order-refused")
    page.fill("[name=reach]", "07700 900123")
    page.get_by_role("button", name="Place the order").click()
    page.wait_for_url("**/items/ordered/**")
    rosa.look("placed")

    number = page.locator(".order-number").inner_text()
    assert re.fullmatch(r"S-\w{7}", number)
    placed = house.ask("SELECT state, pickup_store_id FROM orders_order WHERE number = %s", number)
    assert placed == [("allocated", other)]
    page.reload()
    assert page.locator(".order-number").inner_text() == number
    assert house.ask("SELECT count(*) FROM orders_order WHERE source = 'storehand'") == [(1,)]
