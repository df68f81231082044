"""What is made of a shop's order, and what stands in the way."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stores.journal.models import Event
from stores.models import StoreAlias
from stores.orders.models import Order
from stores.sync import hooks
from stores.sync.actions import apply_message
from stores.sync.models import InboundMessage
from tests.sync.conftest import SHOP, link_all

Reason = InboundMessage.Reason
State = InboundMessage.State


def place(shop, sample, work) -> Order | None:
    shop.send(sample)
    work()
    return Order.objects.first()


def held() -> InboundMessage:
    message = InboundMessage.objects.get()
    assert message.state == State.FAILED
    return message


def test_unknown_skus_are_all_named_and_the_order_waits_whole(shop, sample, store, work):
    link_all("IPOD2008RED")
    assert place(shop, sample, work) is None
    message = held()
    assert message.reason == Reason.UNKNOWN_SKU
    assert message.facts["codes"] == ["IPOD2008GREEN", "IPOD2008BLACK"]
    assert message.facts["unknown_lines"] == [1, 3]
    assert message.facts["summary"]["number"] == "#1001"
    assert [line["code"] for line in message.facts["summary"]["lines"]][1] == "IPOD2008RED"
    assert "Bob" not in str(message.facts)


def test_codes_are_recognised_in_any_case_and_spacing(shop, sample, store, aliases, work):
    sample["line_items"][0]["sku"] = " ipod2008green "
    assert place(shop, sample, work).lines.count() == 3


def test_a_location_is_the_pickup_store(shop, sample, store, aliases, work):
    StoreAlias.objects.create(store=store, source=SHOP, code="905684977")
    sample["location_id"] = 905684977
    assert place(shop, sample, work).pickup_store == store


def test_an_unknown_location_waits_for_a_person(shop, sample, store, aliases, work):
    sample["location_id"] = 1
    assert place(shop, sample, work) is None
    assert (held().reason, held().facts["store_code"]) == (Reason.UNKNOWN_STORE, "1")


@pytest.mark.parametrize(
    ("change", "method"),
    [
        ({"shipping_lines": [{"code": "Curbside", "title": "x"}]}, "curbside"),
        ({"shipping_lines": [{"code": "x", "title": "Kerbside collection"}]}, "curbside"),
        ({"note_attributes": [{"name": "Pickup", "value": "curb-side, blue car"}]}, "curbside"),
        ({"note_attributes": [{"name": "curbside", "value": "true"}]}, "curbside"),
        ({"note_attributes": [{"name": "curbside", "value": "no"}]}, "counter"),
        ({"shipping_lines": [{"code": None, "title": 5}]}, "counter"),
        ({"shipping_lines": None, "note_attributes": None}, "counter"),
    ],
)
def test_curbside_is_read_from_the_delivery_and_the_notes(shop, sample, store, aliases, work, change, method):
    assert place(shop, sample | change, work).method == method


def test_curbside_at_a_store_that_has_none_waits_for_a_person(shop, sample, store, aliases, work):
    store.offers_curbside = False
    store.save()
    sample |= {"location_id": store.code, "shipping_lines": [{"title": "Curbside"}]}
    assert place(shop, sample, work) is None
    assert (held().reason, held().facts["refusal"]) == (Reason.REFUSED, "store_does_not_offer")
    assert held().facts["headline"] == "Store CAMDEN does not offer this: Curbside"


@pytest.mark.parametrize(
    "change",
    [
        {"quantity": 0},
        {"requires_shipping": False},
        {"gift_card": True},
        {"fulfillment_status": "fulfilled"},
        {"fulfillable_quantity": 0},
        {"current_quantity": 0},
    ],
)
def test_a_line_with_nothing_to_pick_is_left_out(shop, sample, store, work, change):
    link_all("IPOD2008RED", "IPOD2008BLACK")
    sample["line_items"][0] |= change
    assert [line.item.sku for line in place(shop, sample, work).lines.all()] == ["OUR-IPOD2008RED", "OUR-IPOD2008BLACK"]


def test_what_is_left_to_send_counts_where_the_shop_says_it(shop, sample, store, aliases, work):
    sample["line_items"][0] |= {"quantity": 5, "fulfillable_quantity": 2, "fulfillment_status": "partial"}
    assert place(shop, sample, work).lines.first().quantity == 2


def test_an_order_without_anything_to_pick_is_done(shop, sample, store, work):
    sample["cancelled_at"] = "2008-01-10T11:30:00-05:00"
    assert place(shop, sample, work) is None
    message = InboundMessage.objects.get()
    assert (message.state, message.subject) == (State.DONE, "")


def test_a_variant_without_a_sku_can_be_linked_by_its_id(shop, sample, store, aliases, work):
    sample["line_items"][0]["sku"] = ""
    place(shop, sample, work)
    assert held().facts["codes"] == ["variant:39072856"]


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [
        ("quantity", -1, "line_items 2, quantity"),
        ("quantity", 1.5, "line_items 2, quantity"),
        ("quantity", 10_000, "line_items 2, quantity"),
        ("price", "-1.00", "line_items 2, price"),
        ("price", "a lot", "line_items 2, price"),
        ("price", "1e12", "line_items 2, price"),
        ("sku", "x" * 101, "line_items 2, sku"),
    ],
)
def test_a_line_beyond_its_limits_is_named(shop, sample, store, aliases, work, field, value, named):
    sample["line_items"][1][field] = value
    place(shop, sample, work)
    assert (held().reason, held().facts["field"]) == (Reason.MALFORMED, named)


def test_texts_no_database_can_hold_do_no_harm(shop, sample, store, aliases, work):
    sample["name"] = "#10\x0001\ud800"
    sample["shipping_address"]["name"] = "Bob\x00 Norman" + "x" * 500
    order = place(shop, sample, work)
    assert order.number == "#10 01"
    assert len(order.contact.name) == 120


def test_who_cannot_be_written_to_still_gets_the_order(shop, sample, store, aliases, work):
    for part in ("customer", "billing_address", "shipping_address"):
        sample[part] = None
    sample |= {"email": "not an address", "customer_locale": "es-MX"}
    order = place(shop, sample, work)
    assert (order.contact.name, order.contact.email, order.contact.language) == ("", "", "es")
    assert order.latitude is None


def test_a_poison_message_is_tried_five_times_and_the_rest_flows(shop, sample, store, aliases, monkeypatch, caplog):
    class Poison(Exception):
        pass

    def handler(message):
        raise Poison("bob.norman@hostmail.com")

    monkeypatch.setitem(hooks._handlers, ("shopify", "orders/create"), handler)
    shop.send(sample)
    message = InboundMessage.objects.get()
    waits = []
    for tries in range(1, 6):
        InboundMessage.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))
        apply_message.apply_message(pk=message.pk)
        message.refresh_from_db()
        assert message.attempts == tries
        waits.append(round((message.next_try_at - timezone.now()).total_seconds()))
    assert waits[:4] == [5, 30, 120, 600]
    assert (message.state, message.reason, message.facts["error"]) == (State.FAILED, Reason.ERROR, "Poison")
    assert Event.objects.filter(kind="sync.message_held").count() == 1
    assert "hostmail" not in caplog.text + str(message.facts) + message.last_error


def test_a_message_that_kills_its_workers_is_set_aside(shop, sample, store, aliases, work):
    shop.send(sample)
    # Five workers claimed it and were never heard of again.
    InboundMessage.objects.update(state=State.WORKING, attempts=5, lease_until=timezone.now() - timedelta(seconds=1))
    work()
    assert (held().reason, held().facts["error"]) == (Reason.ERROR, "WorkerLost")


def test_whoever_cannot_claim_it_leaves_it_alone(shop, sample, store, aliases):
    shop.send(sample)
    message = InboundMessage.objects.get()
    assert InboundMessage.queue.claim(message.pk)
    apply_message.apply_message(pk=message.pk)
    assert not Order.objects.exists()
