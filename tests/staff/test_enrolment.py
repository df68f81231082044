"""A manager's code lets devices in, as many as it says and as long as it lasts."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from stores.journal.models import Event, Receipt
from stores.models import Device, EnrolmentCode, Store
from stores.staff.actions.devices import enrol_device, make_enrolment_code
from stores.staff.errors import CodeNotValid, DeviceNameTaken
from stores.staff.models import Associate, Role, Session
from stores.staff.queries.enrolment import read_enrolment_code, suggested_name
from stores.staff.tokens import hashed
from tests.factories import make_associate, make_device, make_store
from tests.staff.signing_in import enrolled_client, signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def store() -> Store:
    return make_store(name="Camden")


@pytest.fixture
def boss(store: Store) -> Associate:
    return make_associate(store, role=Role.MANAGER, name="Gareth")


@pytest.fixture
def manager(boss: Associate, store: Store) -> Client:
    return signed_in_client(boss, store, device=make_device(store, "Laptop"))


def test_a_manager_makes_a_code_and_a_phone_comes_in_with_it(manager: Client, store: Store) -> None:
    page = manager.post("/devices/code/", {"key": "k1", "uses": "1"})
    code = page.context["code"]
    assert page.context["address"] == f"http://testserver/enrol/{code}/"
    phone = Client()
    assert phone.post("/enrol/", {"code": page.context["address"]})["Location"] == f"/enrol/{code}/"
    asked = phone.get(f"/enrol/{code}/")
    assert asked.context["store"] == store
    assert not Device.objects.filter(name="Handheld 2").exists()
    answer = phone.post(f"/enrol/{code}/", {"name": "Handheld 2"})
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/")
    cookie = phone.cookies[settings.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 400 * 24 * 3600)
    device = Device.objects.get(name="Handheld 2")
    assert (device.store, device.token_hash) == (store, hashed(cookie.value))
    assert phone.get("/sign-in/").context["store"] == store
    assert Event.objects.latest("pk").kind == "staff.device_enrolled"


def test_the_code_is_stored_nowhere_and_shown_once(manager: Client) -> None:
    code = manager.post("/devices/code/", {"key": "k1", "uses": "1"}).context["code"]
    assert EnrolmentCode.objects.get().code_hash == hashed(code)
    assert code not in str(list(Receipt.objects.values_list("answer", flat=True)))
    again = manager.post("/devices/code/", {"key": "k1", "uses": "1"})
    assert again.context["code"] == ""
    assert EnrolmentCode.objects.count() == 1
    assert manager.post("/devices/code/", {"key": "k1", "uses": "2"}).status_code == 422


@pytest.mark.parametrize(("wanted", "uses"), [("0", 1), ("7", 7), ("99", 50), ("-1", 1), ("many", 1), ("٣", 1)])
def test_a_code_is_for_one_to_fifty_devices(manager: Client, wanted: str, uses: int) -> None:
    manager.post("/devices/code/", {"key": "k1", "uses": wanted})
    assert EnrolmentCode.objects.get().uses_left == uses


def test_a_used_up_an_old_and_a_made_up_code_let_nobody_in(boss: Associate, store: Store) -> None:
    code = make_enrolment_code(store=store, uses=1, by=boss)
    old = make_enrolment_code(store=store, uses=1, by=boss)
    enrol_device(code=code, name="One")
    with time_machine.travel(timezone.now() + timedelta(minutes=61)):
        assert Client().get(f"/enrol/{old}/").status_code == 422
    for wrong in (code, "ABCDEFGHJK"):
        answer = Client().post(f"/enrol/{wrong}/", {"name": "Two"})
        assert answer.status_code == 422
        assert "This enrolment code is not valid" in answer.content.decode()
    assert list(store.devices.values_list("name", flat=True)) == ["One"]


@pytest.mark.django_db(transaction=True)
def test_of_many_devices_sharing_the_last_use_one_comes_in() -> None:
    store = make_store()
    code = make_enrolment_code(store=store, uses=1, by=make_associate(store, role=Role.MANAGER))

    def enrol(number: int) -> bool:
        try:
            enrol_device(code=code, name=f"Handheld {number}")
        except CodeNotValid:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(enrol, range(16))) == 1
    assert store.devices.count() == 1


def test_a_planned_name_is_suggested_and_taken_over(boss: Associate, store: Store) -> None:
    planned = Device.objects.create(store=store, name="Zebra 4")
    assert suggested_name(store) == "Zebra 4"
    enrolled = enrol_device(code=make_enrolment_code(store=store, uses=1, by=boss), name=" Zebra  4 ")
    assert enrolled.device == planned
    assert suggested_name(store) == "Handheld 2"


def test_a_name_in_use_is_refused_and_costs_no_use(boss: Associate, store: Store) -> None:
    code = make_enrolment_code(store=store, uses=2, by=boss)
    enrol_device(code=code, name="Zebra 4")
    with pytest.raises(DeviceNameTaken):
        enrol_device(code=code, name="Zebra 4")
    assert EnrolmentCode.objects.get().uses_left == 1
    answer = Client().post(f"/enrol/{code}/", {"name": "Zebra 4"})
    assert (answer.status_code, answer.context["name"]) == (409, "Zebra 4")


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "bad\x07bell"])
def test_a_device_needs_a_readable_name(boss: Associate, store: Store, name: str) -> None:
    code = make_enrolment_code(store=store, uses=1, by=boss)
    assert Client().post(f"/enrol/{code}/", {"name": name}).status_code == 422
    assert not store.devices.exists()


def test_the_second_tap_finds_the_device_let_in(boss: Associate, store: Store) -> None:
    code = make_enrolment_code(store=store, uses=5, by=boss)
    phone = Client()
    for _ in range(2):
        assert phone.post(f"/enrol/{code}/", {"name": "Zebra 4"})["Location"] == "/sign-in/"
    assert EnrolmentCode.objects.get().uses_left == 4


def test_a_revoked_device_is_out_and_may_be_let_in_again(manager: Client, boss: Associate, store: Store) -> None:
    rosa = make_associate(store)
    device = make_device(store, "Zebra 4")
    phone = signed_in_client(rosa, store, device=device)
    answer = manager.post(f"/devices/{device.pk}/revoke/", {"key": "k1"}, follow=True)
    assert "Zebra 4 is shut out." in answer.content.decode()
    assert phone.get("/sign-in/").templates[0].name == "staff/not_enrolled.html"
    assert not Session.objects.filter(device=device).exists()
    code = make_enrolment_code(store=store, uses=1, by=boss)
    assert phone.post(f"/enrol/{code}/", {"name": "Zebra 4"}).status_code == 303
    device.refresh_from_db()
    assert device.revoked_at is None
    assert phone.get("/sign-in/").context["device"] == device


def test_a_manager_cannot_touch_another_stores_devices(manager: Client) -> None:
    elsewhere = make_store()
    device = make_device(elsewhere, "Theirs")
    enrolled_client(device)
    assert manager.post(f"/devices/{device.pk}/revoke/", {"key": "k1"}).status_code == 404
    device.refresh_from_db()
    assert device.revoked_at is None
    assert "Theirs" not in manager.get("/devices/").content.decode()


def test_the_list_of_devices_takes_two_queries(manager: Client, store: Store, django_assert_num_queries) -> None:
    for number in range(20):
        make_device(store, f"Zebra {number}")
    with django_assert_num_queries(2):
        manager.get("/devices/")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("23456789AB", "23456789AB"),
        (" 23456-789ab ", "23456789AB"),
        ("https://store.example/enrol/23456789AB/", "23456789AB"),
        ("https://store.example/enrol/23456789AB", "23456789AB"),
        ("0000000000", ""),
        ("", ""),
    ],
)
def test_a_code_is_read_as_typed_or_scanned(text: str, code: str) -> None:
    assert read_enrolment_code(text) == code
