"""One order from the shop's webhook to the customer's hands, in a real browser at 360×640, through every process."""

import re

import pytest
from playwright.sync_api import expect

from tests.flow.house import HANG_SECONDS, sample_order, wait_for
from tests.flow.people import CAMDEN_ASSOCIATE, CAMDEN_LEAD
from tests.flow.steps import customer_link, fulfillment_of, hand_over, pick_everything, pickup_code, stage

pytestmark = pytest.mark.timeout(HANG_SECONDS)

HERE = re.compile("I['’]m here", re.IGNORECASE)
ON_MY_WAY = re.compile("on my way", re.IGNORECASE)


def test_from_the_shop_to_the_customer(house, new_handheld):
    # The shop sends its order; sent twice, it is one order.
    assert house.send_order(sample_order(), webhook_id="first") == 200
    assert house.send_order(sample_order(), webhook_id="first") == 200
    wait_for(lambda: house.ask("SELECT 1 FROM orders_order WHERE number = '#1001'"), what="the order is applied")
    assert house.ask("SELECT state, repeats FROM sync_inboundmessage WHERE external_id = 'first'") == [("done", 1)]
    fulfillment = fulfillment_of(house, "#1001")

    rosa = new_handheld("associate")
    rosa.page.goto(house.enrolment_link("Camden"))
    rosa.look("enrol")
    rosa.sign_in(house.enrolment_link("Camden"), *CAMDEN_ASSOCIATE)
    rosa.look("home")
    pick_everything(rosa, "#1001", "TOTE-0007")

    # The label is printed, the customer and the shop are told.
    labels_before = len(house.printed())
    suggested = stage(rosa, house, "TOTE-0007")
    wait_for(lambda: len(house.printed()) > labels_before, what="the staging label is printed")
    assert suggested in house.printed()[-1]
    link = customer_link(house, fulfillment)
    wait_for(lambda: link in house.mail(), what="the ready message goes out")
    wait_for(lambda: house.shop_heard("pickup.ready", "#1001"), what="the shop hears that it is ready")

    # A lead's counter board is open while the customer sets out.
    board = new_handheld("board", viewport={"width": 1280, "height": 800})
    board.sign_in(house.enrolment_link("Camden"), *CAMDEN_LEAD)
    board.page.goto(f"{house.url}/counter/")
    board.look("counter")
    customer = new_handheld("customer")
    customer.page.goto(link)
    customer.look("ready")
    code = pickup_code(customer)
    customer.page.locator("summary", has_text=ON_MY_WAY).click()
    customer.page.locator("button[name=minutes]").first.click()
    board.page.locator("#board", has_text="B. Norman").wait_for()
    customer.page.locator("summary", has_text="Change the time").wait_for()
    customer.look("on-my-way")
    customer.page.locator("summary", has_text=HERE).click()
    customer.look("where")
    # While the stream lives the board never looks by itself: what it shows it was told.
    live = board.page.locator("[data-live-chip][data-state=live]").first
    live.wait_for()
    customer.page.get_by_role("button", name="Tell the store").click()
    board.page.locator(".arrival", has_text="B. Norman").wait_for()
    expect(live).to_have_count(1)
    board.look("counter-here")
    customer.page.locator("summary", has_text="Change where I wait").wait_for()
    customer.look("here")

    hand_over(rosa, house, fulfillment, code=code)

    # Stock has left, the claim on it is consumed, the order is complete, and the shop has a signed message.
    assert house.ask("SELECT state FROM orders_order WHERE number = '#1001'") == [("completed",)]
    ends = "SELECT DISTINCT state FROM stock_reservation WHERE reference = %s"
    assert house.ask(ends, f"fulfillment:{fulfillment}") == [("consumed",)]
    wait_for(lambda: house.shop_heard("pickup.handed_over", "#1001"), what="the shop hears of the handover")
    customer.page.goto(link)
    customer.look("collected")
