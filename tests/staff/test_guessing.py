"""PINs cannot be guessed: misses are counted before the PIN is checked, each waits longer, the tenth locks."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from stores.journal.models import Event
from stores.models import Store
from stores.refusals import Refusal
from stores.staff.actions import check_pin as module
from stores.staff.actions.approve import approve_as_lead, verify_pin
from stores.staff.actions.check_pin import check_pin
from stores.staff.errors import BadgeLocked, NotALead, TryLater, WrongBadgeOrPin
from stores.staff.models import Associate, BadgeTries, Role
from tests.factories import PIN, make_associate, make_store
from tests.racing import HANG_SECONDS

WRONG = "111213"
THREADS = 16
GUESSES = 1000


@pytest.fixture
def store(db: None) -> Store:
    return make_store()


@pytest.fixture
def rosa(store: Store) -> Associate:
    return make_associate(store, badge="4711")


def miss(badge: str, store: Store) -> type[Refusal] | None:
    """What a wrong PIN is answered when the waiting time is over."""
    BadgeTries.objects.filter(badge=badge).update(next_try_at=Now() - timedelta(seconds=1))
    try:
        check_pin(badge=badge, pin=WRONG, store=store)
    except Refusal as refusal:
        return type(refusal)
    return None


def database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


@pytest.mark.parametrize("badge", ["4711", "9999"])
def test_each_miss_waits_longer_and_the_tenth_locks_also_a_badge_nobody_has(
    store: Store, rosa: Associate, badge: str
) -> None:
    for seconds in (0, 0, 1, 2, 4, 8, 15, 30, 60):
        before = database_time()
        assert miss(badge, store) is WrongBadgeOrPin
        waits_since = BadgeTries.objects.get(badge=badge).next_try_at - timedelta(seconds=seconds)
        assert before <= waits_since <= database_time()
    assert miss(badge, store) is BadgeLocked
    assert miss(badge, store) is BadgeLocked
    assert BadgeTries.objects.get(badge=badge).misses == 10
    assert Event.objects.filter(kind="staff.locked_out").count() == 1


def test_the_right_pin_too_soon_is_not_checked_and_says_how_long_to_wait(store: Store, rosa: Associate) -> None:
    for _ in range(9):
        miss("4711", store)
    with pytest.raises(TryLater) as refused:
        check_pin(badge="4711", pin=PIN, store=store)
    seconds = refused.value.facts["seconds"]
    assert 30 < seconds <= 60
    assert refused.value.headline == f"Too many misses: wait {seconds} s"
    assert BadgeTries.objects.get().misses == 9


def test_the_right_pin_in_time_starts_the_count_anew(store: Store, rosa: Associate) -> None:
    for _ in range(9):
        miss("4711", store)
    BadgeTries.objects.update(next_try_at=Now())
    assert check_pin(badge="4711", pin=PIN, store=store) == rosa
    assert BadgeTries.objects.get().misses == 0
    assert miss("4711", store) is WrongBadgeOrPin


def test_a_locked_badge_stays_locked_for_the_right_pin(store: Store, rosa: Associate) -> None:
    for _ in range(10):
        miss("4711", store)
    with pytest.raises(BadgeLocked):
        check_pin(badge="4711", pin=PIN, store=store)


@pytest.mark.django_db(transaction=True)
def test_of_a_thousand_guesses_at_once_ten_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the waiting time, which would let even fewer through."""
    store = make_store()
    make_associate(store, badge="4711")
    monkeypatch.setattr(module, "DELAYS", (0,) * 9)
    checked: list[str] = []

    def wrong(associate: Associate | None, pin: str) -> bool:
        checked.append(pin)
        return False

    monkeypatch.setattr(module, "_matches", wrong)
    _all_at_once(GUESSES, partial(_guess, store))
    assert len(checked) == 10
    assert BadgeTries.objects.get().misses == 10


@pytest.mark.django_db(transaction=True)
def test_twin_checking_before_counting_lets_more_than_ten_through() -> None:
    """The race is real: this is the same guard with its two steps the other way round."""
    rosa = make_associate(make_store(), badge="4711")
    BadgeTries.objects.create(badge="4711")
    checked: list[int] = []
    everybody_has_looked = Barrier(THREADS)

    def naive(number: int) -> None:
        misses = BadgeTries.objects.get(badge="4711").misses
        everybody_has_looked.wait(HANG_SECONDS)
        if misses < 10:
            checked.append(number)
            rosa.check_password(WRONG)
            BadgeTries.objects.filter(badge="4711").update(misses=F("misses") + 1)

    _all_at_once(THREADS, naive)
    assert len(checked) == THREADS > 10


@pytest.mark.django_db(transaction=True)
def test_a_miss_inside_a_transaction_could_be_undone_so_it_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    store = make_store()
    make_associate(store, badge="4711")
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        check_pin(badge="4711", pin=WRONG, store=store)


def test_a_lead_approves_with_their_own_pin(store: Store) -> None:
    lead = make_associate(store, badge="4720", role=Role.LEAD)
    assert approve_as_lead(store=store, badge="B:4720", pin=PIN) == lead
    assert Event.objects.get().kind == "staff.approved"


def test_an_associate_cannot_approve_and_a_lead_of_another_store_neither(store: Store, rosa: Associate) -> None:
    make_associate(make_store(), badge="4720", role=Role.LEAD)
    for badge in ("4711", "4720"):
        with pytest.raises(NotALead):
            approve_as_lead(store=store, badge=badge, pin=PIN)


def test_a_wrong_pin_approves_nothing_and_counts(store: Store) -> None:
    lead = make_associate(store, badge="4720", role=Role.LEAD)
    with pytest.raises(WrongBadgeOrPin):
        approve_as_lead(store=store, badge="4720", pin=WRONG)
    with pytest.raises(WrongBadgeOrPin):
        verify_pin(associate=lead, pin=WRONG)
    assert BadgeTries.objects.get().misses == 2


def _guess(store: Store, number: int) -> None:
    with pytest.raises((WrongBadgeOrPin, BadgeLocked)):
        check_pin(badge="4711", pin=f"{number:06}", store=store)


def _all_at_once(times: int, act: Callable[[int], None]) -> None:
    def one(number: int) -> None:
        try:
            act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(one, range(times)))
