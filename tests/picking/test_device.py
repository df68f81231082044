"""What a device holds for the time without a connection, and what it brings back."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from picking.models import PickList, PutBack
from stores.journal.models import Event
from stores.orders.actions.cancel_units import cancel_units
from stores.orders.models import Fulfillment, OrderLine
from stores.orders.reasons import CancelReason
from stores.stock.models import Move
from tests.factories import make_associate, stock_up
from tests.picking.conftest import Job
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(job: Job) -> Client:
    return signed_in_client(job.picker.associate, job.store)


def held(client: Client) -> dict[str, Any]:
    data: dict[str, Any] = client.get("/pick/device/").json()
    return data


def test_a_device_holds_the_lists_in_its_associates_hands(job: Job, client: Client) -> None:
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern))
    data = held(client)
    (walk,) = data["lists"]
    lantern, hanger = walk["lines"]
    assert (walk["path"], walk["urls"]["scan"]) == (f"/pick/{walk['pk']}/", f"/pick/{walk['pk']}/scan/")
    assert walk["parts"][0]["totes"] == ["TOTE-0001"]
    assert (lantern["picked"], lantern["bin"], lantern["packs"]) == (1, "A-01-1", {job.gtin(job.lantern): 1})
    assert (hanger["picked"], hanger["needs"]) == (0, [])
    assert walk["at_bin"] == lantern["bin_pk"]
    assert walk["picks"] == [[lantern["pk"], 1, "TOTE-0001"]]
    assert data["totes_in_use"] == ["TOTE-0001"]
    assert data["bins"]["staging"] == ["S-01", "S-02"]


def test_a_list_is_as_long_as_its_orders_say_whatever_bins_it_leads_to(job: Job, client: Client) -> None:
    stock_up(job.store, job.lantern, 5, "A-02-1")
    assert job.picker.short(1) == 1
    (walk,) = held(client)["lists"]
    assert [line["bin"] for line in walk["lines"]] == ["A-01-1", "A-02-1", "A-03-2"]
    assert (walk["title"], walk["detail"]) == (f"Order {job.order.number}", "2 lines · 3 units")


def test_nothing_personal_leaves_the_house(job: Job, client: Client) -> None:
    told = client.get("/pick/device/").content + client.get("/stage/device/").content
    contact = job.order.contact
    assert contact.name.encode() not in told
    assert contact.email.encode() not in told


def test_a_colleague_holds_nothing_of_it(job: Job, client: Client) -> None:
    colleague = signed_in_client(make_associate(job.store), job.store)
    assert held(colleague)["lists"] == []
    assert held(colleague)["who"] != held(client)["who"]


def test_what_has_not_changed_is_not_sent_again(job: Job, client: Client) -> None:
    first = client.get("/pick/device/")
    assert first["Cache-Control"] == "no-store"
    same = client.get("/pick/device/", headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    job.picker.scan("TOTE-0001")
    assert client.get("/pick/device/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_it_costs_the_same_however_much_is_picked(job: Job, client: Client, django_assert_num_queries: Any) -> None:
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern), job.gtin(job.lantern))
    held(client)
    with django_assert_num_queries(7):
        held(client)


def post(client: Client, url: str, key: str, **fields: str) -> Any:
    return client.post(url, {"key": key, **fields}, headers={"Prefer": "return=minimal"})


def test_a_scan_that_waited_keeps_its_moment(job: Job, client: Client) -> None:
    made = timezone.now() - timedelta(hours=3)
    for number, code in enumerate(["TOTE-0001", "A-01-1", job.gtin(job.lantern)]):
        at = (made + timedelta(minutes=number)).isoformat()
        assert post(client, f"/pick/{job.picker.pk}/scan/", f"k{number}", code=code, scanned_at=at).status_code == 200
    picked = made + timedelta(minutes=2)
    assert Move.objects.get(reason="picked").occurred_at == picked
    moments = dict(Event.objects.filter(kind__startswith="picking.").values_list("kind", "occurred_at"))
    assert moments["picking.unit_picked"] == picked
    assert moments["picking.tote_opened"] == made
    assert moments["picking.bin_scanned"] == made + timedelta(minutes=1)


@pytest.mark.parametrize("at", ["2199-01-01T00:00:00Z", "2001-01-01T00:00:00Z", "yesterday", ""])
def test_a_clock_that_cannot_be_right_is_not_believed(job: Job, client: Client, at: str) -> None:
    job.picker.scan("TOTE-0001", "A-01-1")
    post(client, f"/pick/{job.picker.pk}/scan/", "k", code=job.gtin(job.lantern), scanned_at=at)
    assert abs(Move.objects.get(reason="picked").occurred_at - timezone.now()) < timedelta(minutes=1)


def test_a_tap_may_come_again_through_the_queue(job: Job, client: Client) -> None:
    """The form got no answer; the queue sends its key and fields, and says when it was."""
    job.picker.scan("TOTE-0001", "A-01-1")
    line = job.picker.line
    url = f"/pick/{job.picker.pk}/quantity/"
    assert post(client, url, "k", line=str(line.pk), quantity="2").status_code == 200
    again = post(client, url, "k", line=str(line.pk), quantity="2", scanned_at=timezone.now().isoformat())
    assert again.status_code == 200
    assert job.picker.walk.lines[0].picked == 2


@pytest.fixture
def picked(job: Job) -> Job:
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern), job.gtin(job.lantern), "A-03-2", job.gtin(job.hanger))
    job.picker.finish()
    return job


def test_tote_and_bin_come_in_one_post(picked: Job, client: Client) -> None:
    (tote,) = client.get("/stage/device/").json()["totes"]
    assert (tote["tote"], tote["order"]) == ("TOTE-0001", picked.order.number)
    made = timezone.now() - timedelta(hours=2)
    fields = {"tote": "TOTE-0001", "code": "S-02", "scanned_at": made.isoformat()}
    answer = post(client, "/stage/pair/", "k", **fields)
    assert (answer.status_code, f"Order {picked.order.number} is ready" in answer.content.decode()) == (200, True)
    assert Fulfillment.objects.get().state == Fulfillment.State.STAGED
    assert {move.occurred_at for move in Move.objects.filter(reason="staged")} == {made}
    assert post(client, "/stage/pair/", "k", **fields).status_code == 200
    assert Move.objects.filter(reason="staged").count() == 2


@pytest.mark.parametrize(
    ("tote", "bin_code", "says"),
    [("TOTE-0002", "S-01", "TOTE-0002 holds nothing"), ("TOTE-0001", "A-01-1", "not a staging bin"), ("", "S-01", "")],
)
def test_a_pair_that_cannot_be_is_refused(picked: Job, client: Client, tote: str, bin_code: str, says: str) -> None:
    answer = post(client, "/stage/pair/", "k", tote=tote, code=bin_code)
    assert (answer.status_code, says in answer.content.decode()) == (409, True)
    assert not Move.objects.filter(reason="staged").exists()


def test_a_cancelled_order_s_tote_leads_to_its_put_back(picked: Job, client: Client) -> None:
    reason = CancelReason.CUSTOMER
    for line in OrderLine.objects.all():
        cancel_units(line=line, quantity=line.quantity, reason=reason, key=f"cancel-{line.pk}")
    answer = post(client, "/stage/pair/", "k", tote="TOTE-0001", code="S-01")
    going = PutBack.objects.order_by("created_at", "pk").first()
    assert going is not None
    said = answer.content.decode()
    assert (answer.status_code, "Put its goods back." in said) == (409, True)
    assert f'href="/put-back/{going.pk}/"' in said


def test_a_tote_still_being_picked_is_refused_with_words(job: Job, client: Client) -> None:
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern))
    answer = post(client, "/stage/pair/", "k", tote="TOTE-0001", code="S-01")
    assert (answer.status_code, "still being picked" in answer.content.decode()) == (409, True)
    assert PickList.objects.get().state == PickList.State.PICKING


def test_it_is_json_of_plain_values(job: Job, client: Client) -> None:
    assert json.loads(client.get("/pick/device/").content) == held(client)
