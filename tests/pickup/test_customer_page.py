from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone, translation

from pickup.links import sign
from pickup.models import Arrival, CustomerLink
from pickup.queries.customer import REQUESTS_MAX
from stores.journal.models import Event
from stores.models import OpeningHours, Store
from tests.pickup.conftest import Pickup


@pytest.fixture
def browser() -> Client:
    return Client()


def send(browser: Client, ready: Pickup, what: str, **fields: str) -> Any:
    return browser.post(f"{ready.page}{what}/", {"key": str(uuid4()), **fields})


def shown(browser: Client, ready: Pickup) -> str:
    return browser.get(ready.page).content.decode()


def test_shows_where_when_and_the_code(browser: Client, ready: Pickup) -> None:
    today = ready.store.local(timezone.now()).weekday()
    OpeningHours.objects.create(store=ready.store, weekday=today, opens="09:00", closes="18:30")
    answer = browser.get(ready.page)
    page = answer.content.decode()
    assert "Your order is ready" in page
    assert ready.link.code in page
    assert ready.store.address in page
    assert "09:00–18:30" in page
    assert "B. Norman" in page
    assert "<path" in page
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex"


def test_holds_no_personal_data_beyond_the_short_name(browser: Client, ready: Pickup) -> None:
    page = shown(browser, ready)
    assert "Bob" not in page
    assert "bob@shop.example" not in page
    assert "Lantern" not in page
    assert "style=" not in page
    for part in ("bob", "norman", ready.order.number.lstrip("#")):
        assert part not in ready.page.lower()


def test_costs_a_fixed_number_of_queries(browser: Client, ready: Pickup, django_assert_num_queries) -> None:
    address = ready.page
    with django_assert_num_queries(2):  # link, opening hours
        browser.get(address)


def test_on_my_way(browser: Client, ready: Pickup) -> None:
    answer = send(browser, ready, "on-my-way", minutes="10")
    assert (answer.status_code, answer["Location"]) == (303, ready.page)
    arrival = ready.arrival
    assert arrival.state == "on_the_way"
    assert arrival.eta_at is not None
    assert timedelta(minutes=9) < arrival.eta_at - timezone.now() <= timedelta(minutes=10)
    assert "See you soon" in shown(browser, ready)
    assert Event.objects.get(kind="pickup.customer_on_the_way").data == {"minutes": 10}

    send(browser, ready, "on-my-way", minutes="30")
    later = ready.arrival.eta_at
    assert later is not None
    assert later > arrival.eta_at


@pytest.mark.parametrize("minutes", ["", "-5", "7", "ten", "9999999999"])
def test_only_offered_times(browser: Client, ready: Pickup, minutes: str) -> None:
    assert send(browser, ready, "on-my-way", minutes=minutes).status_code == 422
    assert not Arrival.objects.exists()


def test_here_in_a_bay(browser: Client, ready: Pickup) -> None:
    send(browser, ready, "on-my-way", minutes="10")
    assert send(browser, ready, "here", spot="bay-2", car="green\u202e  estate\n").status_code == 303
    arrival = ready.arrival
    assert (arrival.state, arrival.place, arrival.bay, arrival.car) == ("here", "curbside", "2", "green estate")
    assert arrival.here_at is not None
    page = shown(browser, ready)
    assert "We know you are here" in page
    assert "Bay 2 · green estate" in page
    assert ready.kinds()[-1] == "pickup.customer_here"


def test_moving_elsewhere_does_not_restart_the_clock(browser: Client, ready: Pickup) -> None:
    send(browser, ready, "here", spot="bay-2")
    before = ready.arrival.here_at
    send(browser, ready, "here", spot="counter", car="ignored at the counter")
    assert (ready.arrival.place, ready.arrival.bay, ready.arrival.car) == ("counter", "", "")
    assert ready.arrival.here_at == before
    # Being here is more than being on the way.
    send(browser, ready, "on-my-way", minutes="30")
    assert ready.arrival.state == "here"


@pytest.mark.parametrize("spot", ["", "bay-0", "bay-4", "roof", "bay-x"])
def test_only_offered_places(browser: Client, ready: Pickup, spot: str) -> None:
    answer = send(browser, ready, "here", spot=spot)
    assert answer.status_code == 422
    assert "This store has no such place" in answer.content.decode()
    assert not Arrival.objects.exists()


def test_a_store_without_curbside_offers_the_counter(browser: Client, ready: Pickup) -> None:
    Store.objects.update(offers_curbside=False)
    assert "bay-1" not in shown(browser, ready)
    assert send(browser, ready, "here", spot="bay-1").status_code == 422
    assert send(browser, ready, "here", spot="counter").status_code == 303


def test_the_same_form_twice_has_one_effect(browser: Client, ready: Pickup) -> None:
    for _ in range(2):
        assert send(browser, ready, "here", spot="bay-1", key="k").status_code == 303
    assert ready.kinds().count("pickup.customer_here") == 1
    assert send(browser, ready, "here", spot="bay-2", key="k").status_code == 422
    assert ready.arrival.bay == "1"


def test_forms_need_the_csrf_token(ready: Pickup) -> None:
    assert Client(enforce_csrf_checks=True).post(f"{ready.page}here/", {"spot": "counter"}).status_code == 403
    assert not Arrival.objects.exists()


def test_too_many_messages_have_to_wait(browser: Client, ready: Pickup) -> None:
    for _ in range(REQUESTS_MAX + 1):
        assert send(browser, ready, "on-my-way", minutes="5").status_code == 303
    answer = send(browser, ready, "here", spot="counter")
    assert answer.status_code == 429
    assert answer["Retry-After"] == "600"
    assert "That was a lot of messages" in answer.content.decode()
    assert ready.arrival.state == "on_the_way"


class TestClosed:
    def closed(self, browser: Client, address: str, ready: Pickup, status: int) -> str:
        code, number = ready.link.code, ready.order.number
        for answer in (
            browser.get(address),
            browser.post(f"{address}here/", {"key": "k", "spot": "counter"}),
            browser.post(f"{address}on-my-way/", {"key": "k", "minutes": "5"}),
        ):
            page = answer.content.decode()
            assert answer.status_code == status
            assert code not in page
            assert number not in page
            assert "Norman" not in page
            assert ready.store.name not in page
        return page

    def test_unknown(self, browser: Client, ready: Pickup, django_assert_num_queries) -> None:
        with django_assert_num_queries(2):  # our own two, for the comparison
            self.closed(browser, "/c/guessed/", ready, 404)
        page = self.closed(browser, f"/c/{sign('another')}/", ready, 404)
        assert "There is nothing here" in page
        self.closed(browser, ready.page.rstrip("/") + "x/", ready, 404)

    def test_expired(self, browser: Client, ready: Pickup) -> None:
        CustomerLink.objects.update(expires_at=timezone.now())
        assert "There is nothing here" in self.closed(browser, ready.page, ready, 410)
        assert not Arrival.objects.exists()

    def test_revoked(self, browser: Client, ready: Pickup) -> None:
        CustomerLink.objects.update(revoked_at=timezone.now())
        assert "There is nothing here" in self.closed(browser, ready.page, ready, 410)

    def test_collected(self, browser: Client, pickup: Pickup) -> None:
        pickup.prepare_to_give().hand_over()
        page = self.closed(browser, pickup.page, pickup, 410)
        assert "Collected. Thank you!" in page
        assert page.count('class="on"') == 5


class TestTimeline:
    def reached(self, browser: Client, ready: Pickup) -> int:
        return shown(browser, ready).count('class="on"')

    def test_grows_with_the_order(self, browser: Client, ready: Pickup) -> None:
        assert self.reached(browser, ready) == 2
        send(browser, ready, "on-my-way", minutes="5")
        assert self.reached(browser, ready) == 3
        send(browser, ready, "here", spot="counter")
        assert self.reached(browser, ready) == 4

    def test_an_open_page_learns_of_changes(self, browser: Client, ready: Pickup) -> None:
        state = f"{ready.page}state/"
        assert browser.get(state, {"seen": "READY"}).status_code == 204
        ready.arrive()
        assert browser.get(state, {"seen": "READY"})["HX-Refresh"] == "true"
        ready.claim()
        ready.check_bags()
        ready.prove()
        ready.hand_over()
        assert browser.get(state, {"seen": "HERE"})["HX-Refresh"] == "true"
        assert browser.get("/c/nonsense/state/", {"seen": "READY"})["HX-Refresh"] == "true"


def test_speaks_spanish(ready: Pickup) -> None:
    page = Client(headers={"Accept-Language": "es"}).get(ready.page)
    assert page["Content-Language"] == "es"
    translation.activate("en")
