from typing import Any

import pytest
from django.test import Client

from pickup.models import Handover
from stores.journal.models import Event
from stores.orders.models import Fulfillment, Order
from stores.staff.models import Associate
from tests.factories import PIN, make_associate, make_store
from tests.pickup.conftest import Pickup, post, start_pickup


def url(pickup: Pickup, step: str = "") -> str:
    return f"/handover/{pickup.pk}/{step}"


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def client(ready: Pickup) -> Client:
    return ready.client()


def test_from_here_to_gone(ready: Pickup, client: Client) -> None:
    ready.arrive()
    assert "I'm on it" in text_of(client.get(url(ready)))

    assert '<p class="bin code">S-01</p>' in text_of(post(client, url(ready, "claim/")))
    bag = text_of(post(client, url(ready, "scan/"), code=f"F-{ready.pk}-1"))
    assert "Bag 1 is right" in bag
    assert "Pickup code" in bag
    assert "This is the customer." in text_of(post(client, url(ready, "scan/"), code=ready.link.code))
    done = text_of(post(client, url(ready, "done/")))
    assert 'data-cue="done"' in done
    assert "1 bag by Rosa" in " ".join(done.split())
    assert ready.fulfillment.state == Fulfillment.State.HANDED_OVER


def test_a_reload_goes_on_at_the_same_step(ready: Pickup, client: Client) -> None:
    post(client, url(ready, "claim/"))
    assert "fetch bag 1 from" in text_of(client.get(url(ready)))
    post(client, url(ready, "scan/"), code=f"F-{ready.pk}-1")
    assert "Enter code" in text_of(client.get(url(ready)))
    post(client, url(ready, "scan/"), code=ready.link.code)
    assert "Give 1 bag" in text_of(client.get(url(ready)))
    post(client, url(ready, "done/"))
    assert "Handed over" in text_of(client.get(url(ready)))


def test_works_without_htmx(ready: Pickup, client: Client) -> None:
    answer = client.post(url(ready, "claim/"), {"key": "k"})
    assert answer.status_code == 200
    assert "<html" in text_of(answer)
    assert '<p class="bin code">S-01</p>' in text_of(answer)


def test_the_same_tap_twice_has_one_effect(ready: Pickup, client: Client) -> None:
    ready.claim()
    ready.check_bags()
    ready.prove()
    first = post(client, url(ready, "done/"), key="k")
    second = post(client, url(ready, "done/"), key="k")
    assert (first.status_code, second.status_code) == (200, 200)
    assert "Handed over" in text_of(second)
    assert Event.objects.filter(kind="pickup.handed_over").count() == 1
    third = post(client, url(ready, "done/"))
    assert third.status_code == 409
    assert "has gone" in text_of(third)


def test_a_colleague_sees_who_has_it_and_can_take_over(ready: Pickup, client: Client) -> None:
    post(client, url(ready, "claim/"))
    bens = ready.client(make_associate(ready.store, name="Ben"))
    assert "Rosa is on it." in text_of(bens.get(url(ready)))
    refused = post(bens, url(ready, "claim/"))
    assert refused.status_code == 409
    assert "Rosa is on it" in text_of(refused)
    assert post(bens, url(ready, "take-over/")).status_code == 200
    assert post(client, url(ready, "scan/"), code=f"F-{ready.pk}-1").status_code == 409


def test_wrong_codes_count_down_to_the_lead(ready: Pickup, client: Client, lead: Associate) -> None:
    ready.claim()
    ready.check_bags()
    wrong = f"{(int(ready.link.code) + 1) % 10**6:06}"
    tries = [text_of(post(client, url(ready, "scan/"), code=wrong)) for _ in range(5)]
    assert "4 tries left." in tries[0]
    assert "1 try left." in tries[3]
    assert "Call a lead" in tries[4]
    locked = post(client, url(ready, "scan/"), code=ready.link.code)
    assert locked.status_code == 409
    assert "Too many wrong codes" in text_of(locked)

    form = {"reason": "Passport", "badge": lead.badge, "pin": PIN}
    vouched = post(client, url(ready, "lead/vouch/"), **form)
    assert vouched["HX-Redirect"] == url(ready)
    assert Handover.objects.get().approved_by == lead
    assert "Identity checked by a lead" in text_of(client.get(url(ready)))


def test_only_a_leads_own_pin_vouches(ready: Pickup, client: Client, lead: Associate) -> None:
    ready.claim()
    wrong_pin = post(client, url(ready, "lead/vouch/"), reason="Passport", badge=lead.badge, pin="000000")
    assert wrong_pin.status_code == 422
    no_lead = post(client, url(ready, "lead/vouch/"), reason="Passport", badge=ready.associate.badge, pin=PIN)
    assert no_lead.status_code == 409
    no_reason = post(client, url(ready, "lead/vouch/"), reason=" ", badge=lead.badge, pin=PIN)
    assert no_reason.status_code == 422
    assert not Handover.objects.exists()


@pytest.mark.parametrize("code", ["F-{pk}-1", "F-{pk}", "C-{pk}-123456", "{number}", "TOTE-0001"])
def test_a_customer_who_simply_stands_there_is_found_by_scan(ready: Pickup, client: Client, code: str) -> None:
    scanned = code.format(pk=ready.pk, number=ready.order.number.lstrip("#"))
    assert post(client, "/handover/scan/", code=scanned)["HX-Redirect"] == url(ready)


def test_what_is_no_order_is_said(ready: Pickup, client: Client) -> None:
    answer = post(client, "/handover/scan/", code="NOTHING")
    assert answer.status_code == 409
    assert "No order of this store" in text_of(answer)
    assert client.get("/handover/").status_code == 200


def test_a_tote_whose_goods_have_gone_is_empty(ready: Pickup, client: Client) -> None:
    ready.claim()
    ready.check_bags()
    ready.prove()
    ready.hand_over()
    empty = post(client, "/handover/scan/", code="TOTE-0001")
    assert empty.status_code == 409
    assert "TOTE-0001 is empty" in text_of(empty)


def test_a_tote_that_is_being_picked_leads_to_its_order(picked: Pickup) -> None:
    client = picked.client()
    assert post(client, "/handover/scan/", code="TOTE-0001")["HX-Redirect"] == url(picked)


def test_an_order_that_is_not_ready_says_so(picked: Pickup) -> None:
    client = picked.client()
    assert "Not ready yet" in text_of(client.get(url(picked)))
    assert post(client, url(picked, "claim/")).status_code == 409


def test_another_stores_order_is_not_there(ready: Pickup) -> None:
    elsewhere = start_pickup(make_store())
    stranger = elsewhere.client()
    assert stranger.get(url(ready)).status_code == 404
    assert stranger.get(url(ready, "lead/")).status_code == 404
    for step in ("claim/", "take-over/", "scan/", "done/", "lead/vouch/"):
        assert post(stranger, url(ready, step), code=f"F-{ready.pk}-1").status_code == 404
    assert post(stranger, "/handover/scan/", code=f"F-{ready.pk}-1").status_code == 409
    assert ready.kinds() == ["pickup.staged", "pickup.ready"]


def test_the_screen_costs_a_fixed_number_of_queries(ready: Pickup, client: Client, django_assert_num_queries) -> None:
    ready.claim()
    screen = url(ready)
    client.get(screen)
    with django_assert_num_queries(3):  # session, order, bags
        client.get(screen)


def test_scanning_an_order_that_nobody_serves_claims_it(ready: Pickup, client: Client) -> None:
    assert post(client, url(ready, "scan/"), code="F-999").status_code == 409
    assert "pickup.claimed" not in ready.kinds()
    assert post(client, url(ready, "scan/"), code=f"F-{ready.pk}-1").status_code == 200
    assert ready.arrival.claimed_by == ready.associate
    assert ready.bags[0].checked_at is not None


def test_what_was_ordered_at_a_counter_is_paid_when_it_goes(pickup: Pickup) -> None:
    Order.objects.filter(pk=pickup.order.pk).update(source="storehand")
    pickup.prepare_to_give()
    page = pickup.client().get(url(pickup)).content.decode()
    assert "To be paid now" in page
    assert "7.65 GBP" in page  # Three units of 2.55.


def test_a_shop_s_order_is_paid_already(pickup: Pickup) -> None:
    pickup.prepare_to_give()
    assert "To be paid now" not in pickup.client().get(url(pickup)).content.decode()
