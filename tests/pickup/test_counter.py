from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from pickup.actions.arrive import Spot
from pickup.models import Arrival, CustomerLink
from pickup.queries.board import load_board
from stores.jobs import Job
from stores.orders.models import Fulfillment, FulfillmentLine
from stores.printing.models import Printer, PrintJob
from tests.factories import make_associate, make_store
from tests.pickup.conftest import Pickup, post, start_pickup

QUERIES = 7  # the session, and the board's six


def board_of(pickup: Pickup, client: Client | None = None) -> str:
    return (client or pickup.client()).get("/counter/board/").content.decode()


def ready_order(pickup: Pickup, tote: str, bin: str) -> Pickup:
    other = start_pickup(pickup.store)
    other.totes = [tote]
    other.pick().stage(bin, tote)
    return other


def test_here_now_says_where_who_and_which_bins(ready: Pickup) -> None:
    ready.arrive(Spot(place=Arrival.Place.CURBSIDE, bay="2", car="green estate"))
    page = board_of(ready)
    assert "Bay 2 · green estate" in page
    assert "B. Norman" in page
    assert "Norman, Bob" not in page
    assert ready.order.number in page
    assert "1 bag" in page
    assert '<span class="arrival-bin">S-01</span>' in page
    assert 'data-look-seconds="120" data-no-seconds="240"' in page
    assert "I'm on it" in page


@pytest.mark.parametrize(("seconds", "tone"), [(0, ""), (125, "look"), (250, "no")])
def test_the_clock_turns_amber_and_red(ready: Pickup, seconds: int, tone: str) -> None:
    ready.arrive()
    Arrival.objects.update(here_at=timezone.now() - timedelta(seconds=seconds))
    assert f'data-no-seconds="240" data-tone="{tone}"' in board_of(ready)


def test_the_longest_waiting_stands_first(ready: Pickup) -> None:
    other = ready_order(ready, "TOTE-0002", "S-02")
    ready.arrive()
    other.arrive()
    Arrival.objects.filter(fulfillment=other.pk).update(here_at=timezone.now() - timedelta(seconds=90))
    assert [one.fulfillment.pk for one in load_board(ready.store).here] == [other.pk, ready.pk]


def test_claiming_shows_the_name_to_everybody(ready: Pickup) -> None:
    ready.arrive()
    client = ready.client()
    answer = post(client, f"/counter/{ready.pk}/claim/")
    assert answer.status_code == 200
    assert "You are on it" in answer.content.decode()
    assert "You: hand over" in board_of(ready, client)
    bens = ready.client(make_associate(ready.store, name="Ben"))
    assert "Rosa is on it" in board_of(ready, bens)
    refused = post(bens, f"/counter/{ready.pk}/claim/")
    assert refused.status_code == 409
    assert "Rosa is on it" in refused.content.decode()


def test_claiming_works_without_htmx(ready: Pickup) -> None:
    client = ready.client()
    answer = client.post(f"/counter/{ready.pk}/claim/", {"key": "k"})
    assert (answer.status_code, answer["Location"]) == (303, "/counter/")


def test_on_the_way_and_ready(ready: Pickup) -> None:
    other = ready_order(ready, "TOTE-0002", "S-02")
    Arrival.objects.create(
        fulfillment=ready.fulfillment,
        store=ready.store,
        state="on_the_way",
        eta_at=timezone.now() + timedelta(minutes=6),
    )
    board = load_board(ready.store)
    assert [one.fulfillment.pk for one in board.on_the_way] == [ready.pk]
    assert [one.fulfillment.pk for one in board.ready] == [other.pk]
    assert board.ready_count == 1
    assert "in 6 min" in board_of(ready)

    client = ready.client()
    assert post(client, f"/counter/{ready.pk}/here/").status_code == 200
    assert [one.fulfillment.pk for one in load_board(ready.store).here] == [ready.pk]


def test_ready_says_when_it_leaves(ready: Pickup) -> None:
    assert load_board(ready.store).ready[0].leaves_soon is False
    CustomerLink.objects.update(expires_at=timezone.now() + timedelta(hours=3))
    assert load_board(ready.store).ready[0].leaves_soon is True


def test_late_and_short_orders_need_somebody(pickup: Pickup) -> None:
    assert load_board(pickup.store).trouble == []
    Fulfillment.objects.update(promised_at=timezone.now() - timedelta(minutes=5))
    (late,) = load_board(pickup.store).trouble
    assert (late.fulfillment.pk, late.is_late, late.short) == (pickup.pk, True, 0)
    assert f"/pick/{late.pick_list_id}/" in board_of(pickup)


@pytest.mark.breaks_the_record
def test_a_short_order_needs_somebody_before_it_is_late(pickup: Pickup) -> None:
    FulfillmentLine.objects.filter(item=pickup.lantern).update(short=1)
    Fulfillment.objects.update(promised_at=timezone.now() + timedelta(hours=1))
    (short,) = load_board(pickup.store).trouble
    assert (short.is_late, short.short) == (False, 1)
    assert "1 unit short" in board_of(pickup)


@pytest.mark.breaks_the_record
def test_what_another_bin_makes_up_for_is_not_short(pickup: Pickup) -> None:
    line = FulfillmentLine.objects.get(item=pickup.lantern)
    FulfillmentLine.objects.create(
        fulfillment=line.fulfillment, order_line=line.order_line, item=line.item, quantity=1, short=0
    )
    FulfillmentLine.objects.filter(pk=line.pk).update(short=1)
    Fulfillment.objects.update(promised_at=timezone.now() + timedelta(hours=1))
    assert load_board(pickup.store).trouble == []


@pytest.mark.breaks_the_record
def test_labels_that_nobody_can_be_sure_of_need_somebody(ready: Pickup) -> None:
    printer = Printer.objects.create(store=ready.store, name="Counter", host="127.0.0.1", port=9100)
    for number, state in enumerate([Job.State.UNKNOWN, Job.State.FAILED, Job.State.DONE]):
        PrintJob.objects.create(
            key=f"k{number}",
            store=ready.store,
            printer=printer,
            title=f"Label {number}",
            subject="test:1",
            content="^XA^XZ",
            state=state,
        )
    assert [job.title for job in load_board(ready.store).labels] == ["Label 1", "Label 0"]


def test_what_was_handed_over_today(pickup: Pickup) -> None:
    pickup.prepare_to_give().hand_over()
    board = load_board(pickup.store)
    assert (board.handed_over_today, board.here, board.ready) == (1, [], [])
    assert board.median_wait_seconds is not None


def test_the_board_costs_the_same_however_full_it_is(ready: Pickup, django_assert_num_queries) -> None:
    client = ready.client()
    client.get("/counter/board/")
    with django_assert_num_queries(QUERIES):
        client.get("/counter/board/")
    ready.arrive()
    ready_order(ready, "TOTE-0002", "S-02")
    start_pickup(ready.store)
    Fulfillment.objects.filter(state="allocated").update(promised_at=timezone.now() - timedelta(minutes=5))
    with django_assert_num_queries(QUERIES):
        client.get("/counter/board/")


def test_another_stores_board_is_its_own(ready: Pickup) -> None:
    ready.arrive()
    elsewhere = start_pickup(make_store())
    stranger = elsewhere.client()
    assert ready.order.number not in board_of(elsewhere, stranger)
    assert post(stranger, f"/counter/{ready.pk}/claim/").status_code == 404
    assert post(stranger, f"/counter/{ready.pk}/here/").status_code == 404
    assert post(stranger, f"/counter/find/{ready.pk}/here/").status_code == 404
    assert "B. Norman" not in stranger.get("/counter/find/?q=Norman").content.decode()
    assert ready.arrival.claimed_by is None


class TestWithoutPhone:
    @pytest.mark.parametrize("query", ["norman", "BOB N", "{number}", "{plain}"])
    def test_found_by_number_or_name(self, ready: Pickup, query: str) -> None:
        number = ready.order.number
        client = ready.client()
        page = client.get("/counter/find/", {"q": query.format(number=number, plain=number.lstrip("#"))})
        assert f"/counter/find/{ready.pk}/here/" in page.content.decode()

    @pytest.mark.parametrize("query", ["", "b", "%", "nobody", "\x00"])
    def test_finds_nothing_else(self, ready: Pickup, query: str) -> None:
        assert f"/{ready.pk}/here/" not in ready.client().get("/counter/find/", {"q": query}).content.decode()

    def test_is_marked_here(self, ready: Pickup) -> None:
        answer = post(ready.client(), f"/counter/find/{ready.pk}/here/", q="norman")
        assert answer["HX-Redirect"] == "/counter/"
        assert (ready.arrival.state, ready.arrival.place) == ("here", "counter")

    def test_an_order_that_is_not_ready_is_refused(self, picked: Pickup) -> None:
        Fulfillment.objects.update(state=Fulfillment.State.PICKED)
        pickup = start_pickup(picked.store)
        assert post(picked.client(), f"/counter/find/{pickup.pk}/here/").status_code == 409
        assert not Arrival.objects.exists()


def test_home_shows_customers_before_totes(ready: Pickup) -> None:
    ready.arrive()
    other = start_pickup(ready.store)
    other.totes = ["TOTE-0002"]
    other.pick()
    page = ready.client().get("/").content.decode()
    assert page.index("Here now") < page.index("TOTE-0002")
    assert f"/handover/{ready.pk}/" in page
    assert f"/stage/{other.pick_tote('TOTE-0002').pk}/" in page


def test_home_says_how_long_they_wait(ready: Pickup) -> None:
    ready.arrive()
    Arrival.objects.update(here_at=timezone.now() - timedelta(seconds=250))
    page = ready.client().get("/").content.decode()
    assert 'class="chip no"' in page or 'data-tone="no"' in page
