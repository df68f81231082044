"""Less of an order by the API, or nothing of it: once, in any order, by whoever may."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import F

from stores.catalog.actions.add_alias import add_alias
from stores.catalog.models import Item
from stores.journal.models import Event
from stores.orders.models import Fulfillment, Order
from stores.sync.models import ApiKey, InboundMessage
from tests.factories import atp, make_bundle, make_item, make_store
from tests.orders.conftest import Floor
from tests.orders.conftest import floor as floor  # A fixture is used by its name.
from tests.sync.test_api import URL, Caller, problem

CANCEL, CHANGE = f"{URL}/cancel", f"{URL}/change"


@pytest.fixture
def caller(store, floor: Floor):
    return Caller()


@pytest.fixture
def body():
    return {
        "external_id": "A-1",
        "number": "#A1",
        "pickup_store": "CAMDEN",
        "customer": {"name": "Bob Norman", "email": "bob@shop.example"},
        "lines": [
            {"sku": "OUR-IPOD2008RED", "quantity": 3, "price": "199.00"},
            {"sku": "OUR-IPOD2008BLACK", "quantity": 1, "price": "1.5"},
        ],
        "currency": "GBP",
        "express": True,
        "allow_substitutes": True,
    }


def send(caller, url, body, *, key=""):
    headers = caller.headers | {"Idempotency-Key": key or str(uuid4())}
    return caller.client.post(url, body, content_type="application/json", headers=headers)


def change(caller, *lines, key=""):
    wanted = [{"line": line, "quantity": quantity} for line, quantity in lines]
    return send(caller, CHANGE, {"external_id": "A-1", "lines": wanted}, key=key)


def counts():
    return list(Order.objects.get().lines.order_by("pk").values_list("quantity", "allocated", "cancelled"))


def test_what_the_order_says_of_itself(caller, body):
    told = caller.post(body).json()
    assert (told["express"], told["allow_substitutes"]) == (True, True)
    assert [line["line"] for line in told["lines"]] == ["1", "2"]
    order = Order.objects.get()
    assert (order.is_express, order.allows_substitutes) == (True, True)


def test_an_order_is_cancelled(caller, body, store):
    caller.post(body)
    answer = send(caller, CANCEL, {"external_id": "A-1", "reason": "fraud"})
    assert answer.status_code == 200
    told = answer.json()
    assert told["state"] == "cancelled"
    assert [(line["cancelled"], line["cancelled_amount"]) for line in told["lines"]] == [(3, "597.00"), (1, "1.50")]
    assert [part["state"] for part in told["fulfillments"]] == ["cancelled"]
    assert atp(store, Item.objects.get(sku="OUR-IPOD2008RED")) == 10
    assert Event.objects.get(kind="orders.cancelled").data["reason"] == "fraud"
    # Cancelled is cancelled.
    again = send(caller, CANCEL, {"external_id": "A-1"})
    assert (again.status_code, again.json()) == (200, told)
    assert Event.objects.filter(kind="orders.cancelled").count() == 1


def test_the_same_key_gets_the_same_answer_and_no_other_request(caller, body):
    caller.post(body)
    first = change(caller, ("1", 2), key="one")
    second = change(caller, ("1", 2), key="one")
    assert (second.status_code, second.content) == (200, first.content)
    problem(change(caller, ("1", 1), key="one"), 422, "key_reused")
    problem(send(caller, CANCEL, {"external_id": "A-1"}, key="one"), 422, "key_reused")
    assert counts() == [(3, 2, 1), (1, 1, 0)]


def test_lines_are_lowered_to_what_is_wanted(caller, body):
    caller.post(body)
    told = change(caller, ("1", 1), ("2", 0)).json()
    assert told["state"] == "allocated"
    assert counts() == [(3, 1, 2), (1, 0, 1)]
    # What is wanted is that much or less already.
    for quantity in (1, 2, 3):
        assert change(caller, ("1", quantity)).json() == told
    assert change(caller, ("1", 0)).json()["state"] == "cancelled"


@pytest.mark.parametrize(
    ("line", "quantity", "code"), [("1", 4, "cannot_raise"), ("3", 0, "no_such_line"), ("x" * 100, 0, "no_such_line")]
)
def test_what_cannot_be_lowered_is_refused_and_changes_nothing(caller, body, line, quantity, code):
    caller.post(body)
    problem(change(caller, ("2", 0), (line, quantity)), 422, code)
    assert counts() == [(3, 3, 0), (1, 1, 0)]


def test_a_bundle_is_lowered_whole(caller, body):
    red, black = (Item.objects.get(sku=f"OUR-IPOD2008{name}") for name in ("RED", "BLACK"))
    make_bundle((red, 1), (black, 2), sku="PAIR", price="10.00")
    caller.post(body | {"lines": [{"sku": "PAIR", "quantity": 3, "price": "10.00"}]})
    (bundle,) = change(caller, ("1", 1)).json()["bundles"]
    assert (bundle["line"], bundle["quantity"], bundle["allocated"], bundle["cancelled"]) == ("1", 3, 1, 2)
    assert counts() == [(3, 1, 2), (6, 2, 4)]


@pytest.mark.breaks_the_record
def test_what_has_been_handed_over_is_refused(caller, body):
    caller.post(body)
    for state in ("picking", "picked", "staged", "handed_over"):
        Fulfillment.objects.update(state=state)
    told = problem(send(caller, CANCEL, {"external_id": "A-1"}), 409, "cannot_cancel")
    assert told["title"] == "Order #A1 can no longer be cancelled"
    problem(change(caller, ("1", 0)), 409, "too_many_to_cancel")
    Order.objects.update(state="completed")
    assert problem(send(caller, CANCEL, {"external_id": "A-1"}), 409, "cannot_cancel")["detail"] == "State: completed."
    problem(change(caller, ("1", 0)), 409, "cannot_cancel")
    assert counts() == [(3, 3, 0), (1, 1, 0)]


# --- before its order -------------------------------------------------------------------------------------------------


def test_a_cancellation_that_comes_first_waits_for_its_order(caller, body, work, store):
    early = send(caller, CANCEL, {"external_id": "A-1"})
    assert early.status_code == 202
    message = InboundMessage.objects.get()
    assert early.json() | {"until": ""} == {"external_id": "A-1", "state": "parked", "message": message.pk, "until": ""}
    # Another one changes nothing, and time alone brings no order.
    assert send(caller, CANCEL, {"external_id": "A-1"}).status_code == 202
    work()
    message.refresh_from_db()
    assert (message.state, message.repeats) == ("queued", 1)
    assert caller.post(body).status_code == 201
    work()
    order = Order.objects.get()
    message.refresh_from_db()
    assert (order.state, message.state, message.subject) == ("cancelled", "done", f"order:{order.pk}")
    assert Event.objects.filter(kind="orders.cancelled").count() == 1


def test_changes_that_come_first_count_in_any_order(caller, body, work):
    for quantity in (1, 2):
        assert change(caller, ("1", quantity)).status_code == 202
    caller.post(body)
    work()
    assert counts() == [(3, 1, 2), (1, 1, 0)]
    assert set(InboundMessage.objects.values_list("state", flat=True)) == {"done"}


def test_a_change_that_makes_no_sense_when_its_order_comes_waits_for_a_person(caller, body, work):
    assert change(caller, ("9", 1)).status_code == 202
    caller.post(body)
    work()
    message = InboundMessage.objects.get()
    assert (message.state, message.facts["headline"]) == ("failed", "Order #A1 has no line 9")


def test_what_waits_in_vain_ends_after_a_week(caller, work):
    send(caller, CANCEL, {"external_id": "A-1"})
    week = timedelta(days=7, seconds=1)
    InboundMessage.objects.update(created_at=F("created_at") - week, next_try_at=F("next_try_at") - week)
    work()
    message = InboundMessage.objects.get()
    assert (message.state, message.subject) == ("done", "")


def test_an_order_that_waits_for_a_person_and_is_cancelled_waits_no_more(caller, body, work):
    unknown = body | {"lines": [{"sku": "N1", "quantity": 1, "price": "1.00"}]}
    kept = problem(caller.post(unknown), 422, "unknown_sku")["message"]
    assert send(caller, CANCEL, {"external_id": "A-1"}).status_code == 202
    assert InboundMessage.objects.get(pk=kept).dismissed_reason == "Cancelled where it came from"
    # Should it come after all, it is cancelled all the same.
    add_alias(source="erp", code="N1", item=make_item())
    caller.post(unknown)
    work()
    assert Order.objects.get().state == "cancelled"


# --- who may what -----------------------------------------------------------------------------------------------------


def test_another_stores_order_is_not_found_early_or_late(caller, body, work):
    caller.post(body)
    elsewhere = Caller(make_store("YORK"))
    for url, told in ((CANCEL, {}), (CHANGE, {"lines": [{"line": "1", "quantity": 0}]})):
        problem(send(elsewhere, url, {"external_id": "A-1"} | told), 404, "not_found")
    assert send(elsewhere, CANCEL, {"external_id": "A-2"}).status_code == 202
    caller.post(body | {"external_id": "A-2"})
    work()
    assert set(Order.objects.values_list("state", flat=True)) == {"allocated"}
    assert InboundMessage.objects.get(topic="orders/cancel").state == "failed"


def test_another_source_means_another_order(caller, body):
    caller.post(body)
    assert send(Caller(source="other"), CANCEL, {"external_id": "A-1"}).status_code == 202
    assert Order.objects.get().state == "allocated"


@pytest.mark.parametrize("url", [CANCEL, CHANGE])
def test_who_may_only_read_changes_nothing(caller, body, url):
    caller.post(body)
    reader = Caller(verbs=[ApiKey.Verb.ORDERS_READ])
    assert send(reader, url, {"external_id": "A-1"}).status_code == 403
    answer = caller.client.post(url, {"external_id": "A-1"}, content_type="application/json", headers=caller.headers)
    problem(answer, 400, "key_missing")


@pytest.mark.parametrize(
    "wrong",
    [
        {"external_id": ""},
        {"external_id": "x" * 101},
        {"external_id": "A-1", "reason": "because"},
        {"external_id": "A-1", "lines": []},
        {"external_id": "A-1", "lines": [{"line": "1", "quantity": -1}]},
        {"external_id": "A-1", "lines": [{"line": "", "quantity": 1}]},
        {"external_id": "A-1", "lines": [{"line": "1", "quantity": 10_000}]},
    ],
)
def test_limits(caller, body, wrong):
    caller.post(body)
    problem(send(caller, CHANGE, wrong), 400, "invalid")
    assert counts() == [(3, 3, 0), (1, 1, 0)]
