"""Four eyes on an item: a lead asks for a change, a manager decides, and a field changes its owner."""

import re

import pytest

from tests.flow.conftest import Handheld
from tests.flow.desk import in_sight, look_in_both, press
from tests.flow.house import HANG_SECONDS, House

pytestmark = pytest.mark.timeout(HANG_SECONDS)

ACTIVE = """SELECT id, sku, name FROM catalog_item
WHERE state = 'active' AND NOT is_bundle AND category_id IS NOT NULL ORDER BY id DESC LIMIT 1"""


def test_a_lead_asks_for_a_change_and_a_manager_decides(house: House, lead, manager) -> None:
    ((item, _sku, name),) = house.ask(ACTIVE)
    page = lead.page
    page.goto(f"{house.url}/catalog/requests/")
    lead.look("requests-none")
    page.goto(f"{house.url}/catalog/items/{item}/")
    page.get_by_role("link", name="Ask for a change").click()
    page.locator("[name=reason]").wait_for()
    look_in_both(lead, "ask")
    # The tills own the price: it is said where, and even a browser that sends it changes nothing.
    assert page.locator("[name=price]").is_disabled()
    assert page.locator("label", has=page.locator("[name=price]")).locator(".hint").inner_text() == (
        "Kept by Tills (POS): change it there."
    )
    ((price,),) = house.ask("SELECT price FROM catalog_item WHERE id = %s", item)
    page.locator("[name=price]").evaluate("box => { box.disabled = false; box.value = '0.01' }")
    page.fill("[name=name]", f"{name} (new box)")
    page.fill("[name=reason]", "The box says so")
    page.get_by_role("button", name="Ask for the change").click()
    page.locator(".chip", has_text="1 change waits").wait_for()
    lead.look("asked")
    assert house.ask("SELECT name, price FROM catalog_item WHERE id = %s", item) == [(name, price)]
    ((request, changes),) = house.ask("SELECT id, changes FROM catalog_changerequest WHERE item_id = %s", item)
    assert set(changes) == {"name"}
    page.goto(f"{house.url}/catalog/requests/")
    look_in_both(lead, "requests")
    page.click(f"#request-{request}")
    page.locator("#request").wait_for()
    lead.look("request-of-mine")
    assert page.locator("#approve").count() == 0
    key = page.evaluate("document.cookie") and page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    answer = page.request.post(
        f"{house.url}/catalog/requests/{request}/approve/",
        form={"csrfmiddlewaretoken": key, "key": "5f0c2f7e-6f4f-4f0e-9d50-1f6a57c3a111"},
        headers={"Referer": house.url},
    )
    assert answer.status == 403
    assert house.ask("SELECT state FROM catalog_changerequest WHERE id = %s", request) == [("open",)]

    page = manager.page
    page.goto(house.url)
    manager.look("home-with-a-request")
    page.get_by_role("link", name=re.compile("change request")).first.click()
    page.click(f"#request-{request}")
    look_in_both(manager, "request")
    page.fill("#note", "Checked on the shelf")
    press(page, "Approve", says="Approved")
    manager.look("request-approved")
    assert house.ask("SELECT name FROM catalog_item WHERE id = %s", item) == [(f"{name} (new box)",)]
    page.goto(f"{house.url}/catalog/items/{item}/history/")
    look_in_both(manager, "history")
    moment = page.locator("#history section").first.inner_text()
    for words in ("The box says so", "Priya Raman", "approved by Gareth Pugh", name, f"{name} (new box)"):
        assert words in moment

    # The field changes hands: from now on a lead may ask for it.
    page.goto(f"{house.url}/catalog/owners/")
    look_in_both(manager, "owners")
    hand_over(manager, "price", "Storehand", "Prices are made in the office")
    manager.look("owner-changed")
    lead.page.goto(f"{house.url}/catalog/items/{item}/edit/")
    assert lead.page.locator("[name=price]").is_enabled()
    page.goto(f"{house.url}/catalog/owners/")
    hand_over(manager, "price", "Tills", "As it was")
    assert house.ask("SELECT system FROM catalog_fieldowner WHERE field = 'price'") == [("pos",)]


def hand_over(manager: Handheld, field: str, system: str, reason: str) -> None:
    place = manager.page.locator(f"#field-{field}")
    place.locator("summary").click()
    place.locator("label", has_text=system).click()
    place.locator("[name=reason]").fill(reason)
    place.get_by_role("button", name="Hand it over").click()
    in_sight(manager.page, "from now on")
