import pytest
from django.test import Client

from pickup.models import StagedTote
from stores.models import Store
from stores.orders.models import Fulfillment
from tests.factories import in_bin, make_associate, make_store
from tests.pickup.conftest import Pickup, post, start_pickup


def stage_url(pickup: Pickup, tote: str = "TOTE-0001") -> str:
    return f"/stage/{pickup.pick_tote(tote).pk}/"


def test_the_list_shows_full_totes_the_most_urgent_first(picked: Pickup) -> None:
    later = start_pickup(picked.store)
    later.totes = ["TOTE-0002"]
    later.pick()
    page = picked.client().get("/stage/").content.decode()
    assert page.index("TOTE-0001") < page.index("TOTE-0002")
    assert stage_url(picked) in page


def test_the_list_costs_a_fixed_number_of_queries(picked: Pickup, django_assert_num_queries) -> None:
    client = picked.client()
    client.get("/stage/")
    with django_assert_num_queries(4):  # session, totes, those that wait for the rest, last staging
        client.get("/stage/")


def test_a_scanned_tote_leads_to_its_screen(picked: Pickup) -> None:
    answer = post(picked.client(), "/stage/scan/", code="tote-0001")
    assert answer["HX-Redirect"] == stage_url(picked)
    plain = picked.client().post("/stage/scan/", {"code": "TOTE-0001"})
    assert (plain.status_code, plain["Location"]) == (303, stage_url(picked))


@pytest.mark.parametrize("code", ["TOTE-0002", "S-01", "WHAT", "\x01"])
def test_anything_else_is_refused_on_the_list(picked: Pickup, code: str) -> None:
    answer = post(picked.client(), "/stage/scan/", code=code)
    assert answer.status_code in {409, 422}
    assert 'data-tone="no"' in answer.content.decode()


def test_the_totes_screen_names_the_bin_and_what_is_inside(picked: Pickup) -> None:
    page = picked.client().get(stage_url(picked)).content.decode()
    assert '<p class="bin code">S-01</p>' in page
    assert picked.order.number in page
    assert "Lantern" in page
    assert "× 2" in page


def test_scanning_the_bin_stages_and_shows_where_it_went(picked: Pickup) -> None:
    client = picked.client()
    answer = post(client, f"{stage_url(picked)}scan/", code="S-02")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f"Order {picked.order.number} is ready" in text
    assert 'data-cue="done"' in text
    assert '<p class="bin code">S-02</p>' in text
    # Reloaded, it still says so.
    assert "All of it is staged" in client.get(stage_url(picked)).content.decode()


def test_a_shelf_is_refused(picked: Pickup) -> None:
    answer = post(picked.client(), f"{stage_url(picked)}scan/", code="A-01-1")
    assert answer.status_code == 409
    assert "Expected: a staging bin. This is a shelf." in answer.content.decode()
    assert not StagedTote.objects.exists()


def test_the_same_scan_again_has_one_effect_and_the_same_answer(picked: Pickup) -> None:
    client, url = picked.client(), f"{stage_url(picked)}scan/"
    first = post(client, url, code="S-02", key="k1")
    StagedTote.objects.get()
    # The tote is staged: the repeated scan is looked up before anything else is made of it.
    second = post(client, url, code="S-02", key="k1")
    assert (first.status_code, second.status_code) == (200, 200)
    assert f"Order {picked.order.number} is ready" in second.content.decode()
    assert in_bin(picked.store, "S-02", picked.lantern) == 2


def test_after_it_the_next_tote_can_be_scanned_at_once(db: None) -> None:
    pickup = start_pickup(totes=2).pick()
    client = pickup.client()
    url = f"{stage_url(pickup)}scan/"
    assert "1 more tote" in post(client, url, code="S-01").content.decode()
    assert post(client, url, code="TOTE-0002")["HX-Redirect"] == stage_url(pickup, "TOTE-0002")


def test_the_second_associate_is_told(picked: Pickup) -> None:
    ben = make_associate(picked.store, name="Ben")
    screen = stage_url(picked)
    bens = picked.client(ben)
    bens.get(screen)
    post(picked.client(), f"{screen}scan/", code="S-02")

    answer = post(bens, f"{screen}scan/", code="S-01")
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Already staged in S-02" in text
    assert "Rosa put TOTE-0001 there." in text


def test_undo_takes_one_tap(picked: Pickup) -> None:
    client = picked.client()
    post(client, f"{stage_url(picked)}scan/", code="S-02")
    answer = post(client, "/stage/undo/", staging=picked.bags[0].pk)
    assert answer.status_code == 200
    assert "Undone: put it back into TOTE-0001" in answer.content.decode()
    assert picked.fulfillment.state == Fulfillment.State.PICKED
    again = post(client, "/stage/undo/", staging="7")
    assert again.status_code == 409
    assert post(client, "/stage/undo/", staging="x").status_code == 404


class TestAnotherStore:
    @pytest.fixture
    def stranger(self, picked: Pickup) -> Client:
        store: Store = make_store()
        return Pickup(store, make_associate(store), picked.lantern, picked.hanger, picked.order).client()

    def test_sees_none_of_it(self, picked: Pickup, stranger: Client) -> None:
        assert stranger.get(stage_url(picked)).status_code == 404
        assert "TOTE-0001" not in stranger.get("/stage/").content.decode()
        assert post(stranger, f"{stage_url(picked)}scan/", code="S-01").status_code == 404
        assert post(stranger, "/stage/scan/", code="TOTE-0001").status_code == 409

    def test_undoes_none_of_it(self, picked: Pickup, stranger: Client) -> None:
        picked.stage()
        assert post(stranger, "/stage/undo/", staging=picked.bags[0].pk).status_code == 409
        assert picked.fulfillment.state == Fulfillment.State.STAGED
