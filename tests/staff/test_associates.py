"""What a manager may do for, and to, an associate."""

import pytest
from django.test import Client

from stores.journal.models import Event, Receipt
from stores.models import Store
from stores.staff.actions.associates import set_pin
from stores.staff.errors import NotYours, WeakPin
from stores.staff.models import Associate, BadgeTries, Membership, Role, Session
from stores.staff.pins import check_new_pin
from stores.staff.queries.colleagues import colleagues_of
from tests.factories import PIN, make_associate, make_device, make_store
from tests.staff.signing_in import is_signed_in, signed_in_client

pytestmark = pytest.mark.django_db

NEW_PIN = "930582"


@pytest.fixture
def store() -> Store:
    return make_store()


@pytest.fixture
def boss(store: Store) -> Associate:
    return make_associate(store, role=Role.MANAGER, name="Gareth")


@pytest.fixture
def manager(boss: Associate, store: Store) -> Client:
    return signed_in_client(boss, store)


@pytest.fixture
def rosa(store: Store) -> Associate:
    return make_associate(store, badge="4711", name="Rosa")


def test_a_new_pin_unlocks_enables_and_ends_old_sessions(manager: Client, rosa: Associate, store: Store) -> None:
    phone = signed_in_client(rosa, store, device=make_device(store, "Zebra 4"))
    BadgeTries.objects.create(badge="4711", misses=10)
    Associate.objects.filter(pk=rosa.pk).update(is_active=False)
    answer = manager.post(f"/associates/{rosa.pk}/pin/", {"key": "k1", "pin": NEW_PIN}, follow=True)
    assert "Rosa has a new PIN." in answer.content.decode()
    assert not is_signed_in(phone)
    assert phone.post("/sign-in/", {"badge": "4711", "pin": PIN}).status_code == 422
    assert phone.post("/sign-in/", {"badge": "4711", "pin": NEW_PIN}).status_code == 303
    event = Event.objects.get(kind="staff.pin_set")
    assert event.subject == f"associate:{rosa.pk}"
    assert NEW_PIN not in str(Receipt.objects.get().answer) + str(event.data)


def test_shutting_out_signs_out_at_once_and_lets_nobody_in(manager: Client, rosa: Associate, store: Store) -> None:
    phone = signed_in_client(rosa, store, device=make_device(store, "Zebra 4"))
    manager.post(f"/associates/{rosa.pk}/disable/", {"key": "k1"})
    assert not is_signed_in(phone)
    assert phone.post("/sign-in/", {"badge": "4711", "pin": PIN}).status_code == 422
    assert not Session.objects.filter(associate=rosa).exists()


def test_the_same_form_sent_twice_has_one_effect(manager: Client, rosa: Associate) -> None:
    for _ in range(2):
        manager.post(f"/associates/{rosa.pk}/disable/", {"key": "k1"})
    assert Event.objects.filter(kind="staff.disabled").count() == 1


def test_the_same_form_with_another_pin_is_refused(manager: Client, rosa: Associate) -> None:
    manager.post(f"/associates/{rosa.pk}/pin/", {"key": "k1", "pin": NEW_PIN})
    answer = manager.post(f"/associates/{rosa.pk}/pin/", {"key": "k1", "pin": "601937"}, follow=True)
    assert "This request was already used for something else." in answer.content.decode()
    rosa.refresh_from_db()
    assert rosa.check_password(NEW_PIN)


@pytest.mark.parametrize(
    "pin",
    ["000000", "777777", "123456", "654321", "12345678", "012345", "121212", "123123", "12341234", "112233", "246810"],
)
def test_easy_pins_are_refused(pin: str) -> None:
    with pytest.raises(WeakPin):
        check_new_pin(pin)


@pytest.mark.parametrize("pin", ["12345", "123456789", "12345a", "١٢٣٤٥٦", ""])
def test_what_is_not_six_to_eight_digits_is_no_pin(pin: str) -> None:
    with pytest.raises(WeakPin):
        check_new_pin(pin)


@pytest.mark.parametrize("pin", [PIN, NEW_PIN, "80915274"])
def test_other_pins_are_fine(pin: str) -> None:
    check_new_pin(pin)


def test_a_weak_pin_changes_nothing(manager: Client, rosa: Associate) -> None:
    answer = manager.post(f"/associates/{rosa.pk}/pin/", {"key": "k1", "pin": "123456"}, follow=True)
    assert "This PIN cannot be used." in answer.content.decode()
    rosa.refresh_from_db()
    assert rosa.check_password(PIN)


def test_a_pin_opens_every_store_its_owner_works_in_so_their_manager_must_cover_them(
    boss: Associate, rosa: Associate, store: Store
) -> None:
    elsewhere = Membership.objects.create(associate=rosa, store=make_store(), role=Role.ASSOCIATE)
    with pytest.raises(NotYours):
        set_pin(associate=rosa, pin=NEW_PIN, by=boss, store=store)
    Membership.objects.create(associate=boss, store=elsewhere.store, role=Role.LEAD)
    with pytest.raises(NotYours):
        set_pin(associate=rosa, pin=NEW_PIN, by=boss, store=store)
    Membership.objects.create(associate=boss, store=None, role=Role.MANAGER)
    set_pin(associate=rosa, pin=NEW_PIN, by=boss, store=store)
    rosa.refresh_from_db()
    assert rosa.check_password(NEW_PIN)


def test_a_store_manager_cannot_become_the_chains_manager(boss: Associate, store: Store) -> None:
    chain = make_associate(store)
    Membership.objects.filter(associate=chain).update(store=None, role=Role.MANAGER)
    with pytest.raises(NotYours):
        set_pin(associate=chain, pin=NEW_PIN, by=boss, store=store)


def test_another_stores_associates_are_not_there(manager: Client) -> None:
    stranger = make_associate(make_store(), name="Stranger")
    assert manager.post(f"/associates/{stranger.pk}/pin/", {"key": "k1", "pin": NEW_PIN}).status_code == 404
    assert "Stranger" not in manager.get("/associates/").content.decode()


def test_nobody_shuts_themselves_out(manager: Client, boss: Associate) -> None:
    manager.post(f"/associates/{boss.pk}/disable/", {"key": "k1"})
    assert is_signed_in(manager)


def test_the_list_of_associates_takes_two_queries(manager: Client, store: Store, django_assert_num_queries) -> None:
    for number in range(5):
        make_associate(store, name=f"Colleague {number}")
    with django_assert_num_queries(2):
        manager.get("/associates/")


def test_colleagues_are_the_active_others_of_store_and_chain(store: Store, rosa: Associate) -> None:
    first, second = make_associate(store, name="Anna"), make_associate(make_store(), name="Zoe")
    Membership.objects.create(associate=second, store=None, role=Role.LEAD)
    gone = make_associate(store, name="Gone")
    Associate.objects.filter(pk=gone.pk).update(is_active=False)
    make_associate(make_store(), name="Elsewhere")
    assert [(one.pk, one.here) for one in colleagues_of(rosa, store)] == [(first.pk, False), (second.pk, False)]
    # Who is signed in here stands first.
    signed_in_client(second, store)
    assert [(one.pk, one.here) for one in colleagues_of(rosa, store)] == [(second.pk, True), (first.pk, False)]
