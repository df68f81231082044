"""`orders/cancelled` and `orders/edited`, before and after their order."""

import random

import pytest

from stores.journal.models import Event
from stores.orders.models import Order
from stores.sync.models import InboundMessage
from tests.orders.conftest import floor as floor  # A fixture is used by its name.

pytestmark = pytest.mark.usefixtures("floor")

GREEN, RED, BLACK = "466157049", "518995019", "703073504"


def cancelled(sample):
    return sample | {"cancelled_at": "2008-01-10T12:00:00-05:00", "cancel_reason": "inventory"}


def edited(sample, *, removals=(), additions=()):
    def rows(found):
        return [{"id": int(line), "delta": units} for line, units in found]

    lines = {"additions": rows(additions), "removals": rows(removals)}
    return {"order_edit": {"id": 78912328793, "order_id": sample["id"], "line_items": lines}}


def counts():
    return list(Order.objects.get().lines.order_by("pk").values_list("external_id", "quantity", "cancelled"))


def test_an_order_is_cancelled_once(shop, sample, store, aliases, work):
    shop.send(sample)
    for _time in range(2):
        shop.send(cancelled(sample), topic="orders/cancelled")
    work()
    order = Order.objects.get()
    assert order.state == "cancelled"
    assert Event.objects.get(kind="orders.cancelled").data["reason"] == "stock"
    assert set(InboundMessage.objects.values_list("state", "subject")) == {("done", f"order:{order.pk}")}


@pytest.mark.parametrize("seed", range(6))
def test_in_any_order_and_three_times_over_it_ends_the_same(shop, sample, store, aliases, work, seed):
    sent = [
        ("orders/create", "w1", sample),
        ("orders/edited", "w2", edited(sample, removals=[(GREEN, 1)])),
        ("orders/cancelled", "w3", cancelled(sample)),
    ] * 3
    random.Random(seed).shuffle(sent)
    for topic, webhook_id, body in sent:
        shop.send(body, topic=topic, webhook_id=webhook_id)
        if seed % 2:
            work()
    for _time in range(3):
        work()
    order = Order.objects.get()
    assert order.state == "cancelled"
    assert Event.objects.filter(kind="orders.cancelled").count() == 1
    states = dict(InboundMessage.objects.values_list("topic", "state"))
    assert (states["orders/create"], states["orders/cancelled"]) == ("done", "done")


def test_what_the_shop_took_out_is_taken_out(shop, sample, store, aliases, work):
    sample["line_items"][1]["quantity"] = 3
    sample["line_items"][1].pop("fulfillable_quantity", None)
    sample["line_items"][1].pop("current_quantity", None)
    shop.send(edited(sample, removals=[(RED, 1), (RED, 1)]), topic="orders/edited")
    work()
    assert InboundMessage.objects.get().state == "queued"
    shop.send(sample)
    work()
    work()
    assert counts() == [(GREEN, 1, 0), (RED, 3, 2), (BLACK, 1, 0)]


def test_what_the_shop_added_waits_for_a_person_and_nothing_is_changed(shop, sample, store, aliases, work):
    shop.send(sample)
    work()
    shop.send(edited(sample, removals=[(RED, 1)], additions=[("1", 1)]), topic="orders/edited")
    work()
    message = InboundMessage.objects.get(topic="orders/edited")
    assert (message.state, message.facts["refusal"]) == ("failed", "lines_added")
    assert {cancelled for _line, _quantity, cancelled in counts()} == {0}


@pytest.mark.parametrize(
    ("topic", "body", "field"),
    [
        ("orders/cancelled", {}, "id"),
        ("orders/edited", {}, "order_id"),
        ("orders/edited", {"order_edit": {"order_id": 1, "line_items": {"removals": [{"id": 1}]}}}, "delta"),
        ("orders/edited", {"order_edit": {"order_id": 1, "line_items": {"removals": 5}}}, "removals"),
    ],
)
def test_what_cannot_be_read_waits_for_a_person(shop, work, topic, body, field):
    shop.send(body, topic=topic)
    work()
    message = InboundMessage.objects.get()
    assert (message.reason, message.facts["field"]) == ("malformed", field)


@pytest.mark.parametrize(
    ("change", "express", "substitutes"),
    [
        ({}, False, False),
        ({"tags": "vip, Express"}, True, False),
        ({"shipping_lines": [{"code": "EXP", "title": "Express pickup"}]}, True, False),
        ({"note_attributes": [{"name": "express", "value": "yes"}]}, True, False),
        ({"note_attributes": [{"name": "express", "value": "no"}]}, False, False),
        ({"note_attributes": [{"name": "Allow substitutes", "value": "true"}]}, False, True),
        ({"tags": "express,substitutes"}, True, True),
        ({"tags": "no-expression", "note_attributes": None}, False, False),
        ({"tags": 5}, False, False),
    ],
)
def test_express_and_substitutes_are_read_from_tags_notes_and_the_delivery(
    shop, sample, store, aliases, work, change, express, substitutes
):
    shop.send(sample | change)
    work()
    order = Order.objects.get()
    assert (order.is_express, order.allows_substitutes) == (express, substitutes)
