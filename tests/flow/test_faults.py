"""kill -9 of the worker and of Valkey in mid-flow: after the restart everything arrives without a person's help."""

import pytest

from tests.flow.house import HANG_SECONDS, SHOP, hands_are_empty, sample_order, wait_for
from tests.flow.people import CAMDEN_ASSOCIATE
from tests.flow.steps import customer_link, fulfillment_of, hand_over, pick_everything, pickup_code, stage

pytestmark = pytest.mark.timeout(HANG_SECONDS)


def test_the_flow_survives_the_worker_and_valkey(house, new_handheld):
    # The worker is dead when the order comes in: it is stored, and answered at once.
    house.stack.kill("worker", stay_down=True)
    assert house.send_order(sample_order(id=2001, name="#2001"), webhook_id="worker-dead") == 200
    assert house.ask("SELECT state FROM sync_inboundmessage WHERE external_id = 'worker-dead'") == [("queued",)]
    house.stack.restart("worker")
    wait_for(
        lambda: house.ask("SELECT 1 FROM orders_order WHERE number = '#2001'"),
        what="the order is applied after the worker's return",
    )
    fulfillment = fulfillment_of(house, "#2001")

    rosa = new_handheld("faults")
    rosa.sign_in(house.enrolment_link("Camden"), *CAMDEN_ASSOCIATE)
    pick_everything(rosa, "#2001", "TOTE-0008")

    # Valkey dies, and the worker with it, before the tote is staged: the screens go on, the label and the message wait.
    house.servers.valkey.kill()
    house.stack.kill("worker")
    labels_before = len(house.printed())
    stage(rosa, house, "TOTE-0008")
    assert house.ask("SELECT state FROM orders_fulfillment WHERE id = %s", fulfillment) == [("staged",)]
    link = customer_link(house, fulfillment)
    assert len(house.printed()) == labels_before
    assert link not in house.mail()
    house.servers.valkey.start()
    wait_for(lambda: len(house.printed()) > labels_before, what="the label is printed")
    wait_for(lambda: link in house.mail(), what="the customer is told")
    wait_for(
        lambda: house.shop_heard("pickup.ready", "#2001"),
        what="the shop hears that it is ready",
    )
    assert len(house.printed()) == labels_before + 1, "one label, not two"

    customer = new_handheld("faults-customer")
    customer.page.goto(link)
    hand_over(rosa, house, fulfillment, code=pickup_code(customer))
    wait_for(
        lambda: house.shop_heard("pickup.handed_over", "#2001"),
        what="the shop hears of the handover",
    )


def plentiful_sku(house) -> str:
    """What the shop calls the item that stores have most of: the other tests' items must last for them."""
    ((code,),) = house.ask(
        "SELECT alias.code FROM stock_availability JOIN catalog_alias alias USING (item_id)"
        " WHERE alias.source = %s ORDER BY atp DESC LIMIT 1",
        SHOP,
    )
    return str(code)


def test_twenty_orders_and_three_dead_workers(house):
    line = sample_order()["line_items"][0] | {"sku": plentiful_sku(house)}
    for number in range(20):
        order = sample_order(id=3000 + number, name=f"#30{number:02}", line_items=[line])
        assert house.send_order(order, webhook_id=f"burst-{number}") == 200
        if number % 6 == 5:
            house.stack.kill("worker", stay_down=True)
            hands_are_empty(house, "sync_inboundmessage")
            house.stack.restart("worker")
    wait_for(
        lambda: house.ask("SELECT 1 WHERE (SELECT count(*) FROM orders_order WHERE number LIKE '#30__') = 20"),
        what="all twenty orders are applied",
    )
    states = house.ask("SELECT state, count(*) FROM sync_inboundmessage WHERE external_id LIKE 'burst-%%' GROUP BY 1")
    assert states == [("done", 20)]
