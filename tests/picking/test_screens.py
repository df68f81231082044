"""The walk through the real pages, and what each of them costs."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from picking.models import PickClaim, PickList
from stores.journal.models import Event, Receipt
from stores.stock.models import CountRequest
from tests.factories import in_bin, make_associate, make_item, make_store, order_for, stock_up
from tests.picking.conftest import Picker
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
# Sign-in, and one for each section: to pick, to put back, to stage, stock in hand, to count, customers, labels.
HOME_QUERIES = 8


def post(client: Client, name: str, *args: int, key: str = "", headers: dict[str, str] | None = HTMX, **fields: object):
    return client.post(reverse(f"picking:{name}", args=args), {"key": key or str(uuid4()), **fields}, headers=headers)


@pytest.fixture
def client(job):
    return signed_in_client(job.picker.associate, job.store)


def scan(client, job, code, **how):
    return post(client, "scan", job.picker.pk, code=code, **how)


def test_a_scan_is_answered_with_the_changing_parts_only(client, job):
    answer = scan(client, job, "TOTE-0001")
    assert answer.status_code == 200
    assert "TOTE-0001 is your tote" in answer.text
    assert "<html" not in answer.text
    assert "HX-Request" in answer["Vary"]


def test_without_javascript_the_same_address_answers_with_a_page(client, job):
    answer = scan(client, job, "TOTE-0001", headers=None)
    assert answer.status_code == 200
    assert "<html" in answer.text
    assert "TOTE-0001 is your tote" in answer.text


def test_a_refused_scan_is_409_and_says_what_came(client, job):
    scan(client, job, "TOTE-0001")
    answer = scan(client, job, "A-02-1")
    assert answer.status_code == 409
    assert "Wrong bin: A-02-1" in answer.text


def test_control_characters_are_422(client, job):
    answer = scan(client, job, "A-01\x07-1")
    assert answer.status_code == 422
    assert "control characters" in answer.text


def test_an_unknown_code_offers_the_search(client, job):
    scan(client, job, "TOTE-0001")
    answer = scan(client, job, "NOSUCH")
    assert f'href="/items/?q=NOSUCH&amp;next=%2Fpick%2F{job.picker.pk}%2F"' in answer.text


def test_the_same_key_again_gets_the_same_answer_and_no_second_unit(client, job):
    scan(client, job, "TOTE-0001")
    scan(client, job, "A-01-1")
    first = scan(client, job, job.gtin(job.lantern), key="one")
    again = scan(client, job, job.gtin(job.lantern), key="one")
    assert first.status_code == again.status_code == 200
    assert "1 of 2 in TOTE-0001" in first.text
    assert "1 of 2 in TOTE-0001" in again.text
    assert in_bin(job.store, "TOTE-0001", job.lantern) == 1
    other = scan(client, job, "A-01-1", key="one")
    assert other.status_code == 422
    assert in_bin(job.store, "TOTE-0001", job.lantern) == 1


def test_a_refusal_is_remembered_too(client, job):
    early = scan(client, job, "A-01-1", key="early")
    scan(client, job, "TOTE-0001")
    late = scan(client, job, "A-01-1", key="early")
    assert early.status_code == late.status_code == 409
    assert "Scan an empty tote first" in late.text
    assert Receipt.objects.filter(key="early").count() == 1


def test_the_keypad_counts_units(client, job):
    scan(client, job, "TOTE-0001")
    scan(client, job, "A-01-1")
    line = job.picker.walk.current.pk
    assert post(client, "quantity", job.picker.pk, line=line, quantity="3").status_code == 422
    for bad in ("", "0", "-1", "1.5", "٣", "99999999999999999999"):
        assert post(client, "quantity", job.picker.pk, line=line, quantity=bad).status_code == 422
    assert "2 of 2 in TOTE-0001" in post(client, "quantity", job.picker.pk, line=line, quantity="2").text
    assert in_bin(job.store, "TOTE-0001", job.lantern) == 2


def test_short_and_undo_and_finish_from_the_screen(client, job):
    scan(client, job, "TOTE-0001")
    scan(client, job, "A-01-1")
    scan(client, job, job.gtin(job.lantern))
    assert "Undone: 1 back in A-01-1" in post(client, "undo", job.picker.pk).text
    assert "Undone: TOTE-0001 is free again" in post(client, "undo", job.picker.pk).text
    assert post(client, "undo", job.picker.pk).status_code == 409
    scan(client, job, "TOTE-0001")
    line = job.picker.walk.current.pk
    assert post(client, "short", job.picker.pk, line=line, quantity="2", reason="nonsense").status_code == 422
    assert post(client, "short", job.picker.pk, line=line, quantity="2", reason="damaged").status_code == 200
    assert post(client, "finish", job.picker.pk).status_code == 409
    assert PickList.objects.get().state == PickList.State.PICKING


def test_a_tote_exchanged_before_anything_lay_in_it_is_not_asked_for_at_the_end(client, job):
    scan(client, job, "TOTE-0001")
    assert "TOTE-0002 is your tote" in scan(client, job, "TOTE-0002").text
    assert job.picker.walk.totes == ["TOTE-0002"]
    for line in job.picker.walk.lines:
        scan(client, job, line.bin_code)
        post(client, "quantity", job.picker.pk, line=line.pk, quantity=str(line.quantity))
    said = client.get(f"/pick/{job.picker.pk}/").text
    assert "TOTE-0002" in said
    assert "TOTE-0001" not in said
    assert "Take TOTE-0002 to staging." in scan(client, job, "TOTE-0002").text


def test_a_second_tote_leaves_the_one_that_has_goods_on_the_list(client, job):
    scan(client, job, "TOTE-0001")
    scan(client, job, "A-01-1")
    scan(client, job, job.gtin(job.lantern))
    scan(client, job, "TOTE-0002")
    assert job.picker.walk.totes == ["TOTE-0001", "TOTE-0002"]


def test_after_a_short_the_picker_is_told_that_the_same_bin_should_have_more(client, job):
    line = job.picker.walk.current.pk
    said = post(client, "short", job.picker.pk, line=line, quantity="2", reason="damaged").text
    assert "Take others from A-01-1" in said


def test_after_a_short_the_picker_is_told_what_is_kept_from_sale(client, job):
    held = in_bin(job.store, "A-01-1", job.lantern)
    line = job.picker.walk.current.pk
    said = post(client, "short", job.picker.pk, line=line, quantity="1", reason="not_found").text
    kept = CountRequest.objects.get().held
    assert 1 < kept <= held
    assert f"{kept} are kept from sale until A-01-1 is counted." in said
    damaged = post(client, "short", job.picker.pk, line=line, quantity="1", reason="damaged").text
    assert "kept from sale" not in damaged


def test_after_a_short_the_picker_is_told_which_other_bin_has_it():
    store, item = make_store(), make_item("Lantern")
    stock_up(store, item, 1, "A-01-1")
    stock_up(store, item, 1, "B-01-1")
    order_for(store, (item, 1))
    picker = Picker(store, make_associate(store), PickList.objects.get().pk)
    picker.claim()
    client = signed_in_client(picker.associate, store)
    said = post(client, "short", picker.pk, line=picker.walk.current.pk, quantity="1", reason="not_found").text
    assert "Look in B-01-1" in said


def test_a_bin_that_the_walk_passes_later_is_announced_as_such(client, job):
    stock_up(job.store, job.lantern, 5, "B-01-1")
    line = job.picker.walk.current.pk
    said = post(client, "short", job.picker.pk, line=line, quantity="2", reason="not_found").text
    assert "B-01-1 comes later" in said
    assert job.picker.walk.current.bin_code == "A-03-2"


def test_starting_leads_to_a_page_with_the_scan_bar(job):
    client = signed_in_client(job.picker.associate, job.store)
    answer = post(client, "start", job.picker.pk)
    assert answer["HX-Redirect"] == f"/pick/{job.picker.pk}/"
    assert 'id="scan"' in client.get(f"/pick/{job.picker.pk}/").text


def test_a_wrong_tote_is_taken_back(client, job):
    scan(client, job, "TOTE-0002")
    said = post(client, "undo", job.picker.pk).text
    assert "TOTE-0002 is free again" in said
    assert 'id="undo"' not in said
    assert job.picker.walk.totes == []
    assert Event.objects.get(kind="picking.tote_taken_back").data["tote"] == "TOTE-0002"
    assert "TOTE-0001 is your tote" in scan(client, job, "TOTE-0001").text


def test_a_tote_taken_on_the_way_is_taken_back_before_the_pick_before_it(client, job):
    scan(client, job, "TOTE-0001")
    scan(client, job, "A-01-1")
    scan(client, job, job.gtin(job.lantern))
    scan(client, job, "TOTE-0002")
    said = post(client, "undo", job.picker.pk).text
    assert "Undone: TOTE-0002 is free again" in said
    assert "What you pick goes into TOTE-0001 again." in said
    assert job.picker.walk.totes == ["TOTE-0001"]
    # Filled and emptied again by undoing, it is the last thing done once more.
    scan(client, job, "TOTE-0002")
    scan(client, job, job.gtin(job.lantern))
    assert "Undone: 1 back in A-01-1" in post(client, "undo", job.picker.pk).text
    assert "Undone: TOTE-0002 is free again" in post(client, "undo", job.picker.pk).text
    assert "Undone: 1 back in A-01-1" in post(client, "undo", job.picker.pk).text
    assert "Undone: TOTE-0001 is free again" in post(client, "undo", job.picker.pk).text
    assert (job.picker.walk.totes, job.picker.walk.units_picked) == ([], 0)


def test_after_a_short_an_undo_leaves_the_tote_and_says_where_it_is_put_right(client, job):
    scan(client, job, "TOTE-0001")
    line = job.picker.walk.current
    said = post(client, "short", job.picker.pk, line=line.pk, quantity="1", reason="damaged").text
    assert 'id="undo"' in said
    answer = post(client, "undo", job.picker.pk)
    assert answer.status_code == 409
    assert f"If you have found {line.name}: answer the count of its bin" in answer.text
    assert job.picker.walk.totes == ["TOTE-0001"]


def test_after_the_end_the_next_scan_is_for_staging(client, job):
    job.picker.scan("TOTE-0001", "A-01-1", *[job.gtin(job.lantern)] * 2, "A-03-2", job.gtin(job.hanger))
    said = scan(client, job, "TOTE-0001").text
    assert 'data-scan-url="/stage/scan/"' in said
    assert said.count("Take TOTE-0001 to staging.") == 1
    page = client.get(f"/pick/{job.picker.pk}/").text
    assert 'data-scan-url="/stage/scan/"' in page
    assert page.count("Take TOTE-0001 to staging.") == 1


def test_the_keys_are_the_main_way_only_for_the_rest_of_many(client, job):
    scan(client, job, "TOTE-0001")
    assert 'class="button quiet" href="#quantity"' in scan(client, job, "A-01-1").text
    said = scan(client, job, job.gtin(job.lantern)).text
    assert 'class="button primary" href="#quantity"' in said
    assert 'data-name="1 wanted: Lantern"' in said


def test_starting_another_list_says_which_one_is_paused(client, job):
    order_for(job.store, (job.lantern, 1))
    second = PickList.objects.latest("pk")
    answer = post(client, "start", second.pk)
    page = client.get(answer["HX-Redirect"]).text
    assert f"List {job.picker.pk} is paused" in page
    assert "is paused" not in client.get(f"/pick/{second.pk}/").text


def test_a_scan_that_is_refused_ends_the_break_too(client, job):
    scan(client, job, "TOTE-0001")
    post(client, "pause", job.picker.pk)
    assert "On a break" in client.get(f"/pick/{job.picker.pk}/").text
    answer = scan(client, job, "A-02-1")
    assert answer.status_code == 409
    assert "Wrong bin: A-02-1" in answer.text
    assert "On a break" not in answer.text
    assert "Scan the bin" in answer.text
    assert PickClaim.objects.get().on_break_since is None
    assert Event.objects.filter(kind="picking.list_resumed").count() == 1


def test_a_repeated_refusal_ends_no_later_break(client, job):
    scan(client, job, "TOTE-0001")
    scan(client, job, "A-02-1", key="the-same")
    post(client, "pause", job.picker.pk)
    assert "On a break" in scan(client, job, "A-02-1", key="the-same").text


def test_a_colleague_sees_who_has_it_and_cannot_scan(job):
    ben = signed_in_client(make_associate(job.store, name="Ben"), job.store)
    page = ben.get(f"/pick/{job.picker.pk}/")
    assert "Rosa is picking this list." in page.text
    assert 'id="scan"' not in page.text
    assert scan(ben, job, "TOTE-0001").status_code == 409


def test_passing_on(client, job):
    ben = make_associate(job.store, name="Ben")
    assert "Ben" in client.get(reverse("picking:colleagues", args=[job.picker.pk])).text
    answer = post(client, "pass_on", job.picker.pk, colleague=ben.pk)
    assert answer["HX-Redirect"] == "/"
    assert PickClaim.objects.get(ended_at=None).associate == ben
    assert "Ben has it now" in client.get("/").text
    assert "Ben has it now" not in client.get("/").text


def test_a_break_longer_than_the_promise_is_warned_of(client, job):
    choose, walk = reverse("picking:colleagues", args=[job.picker.pk]), reverse("picking:walk", args=[job.picker.pk])
    assert "It is promised for sooner" not in client.get(choose).text
    PickList.objects.filter(pk=job.picker.pk).update(due_at=timezone.now() + timedelta(minutes=10))
    assert "It is promised for sooner" in client.get(choose).text
    post(client, "pause", job.picker.pk)
    assert "Promised before your break ends" in client.get(walk).text


def test_who_was_given_a_list_sees_from_whom(client, job):
    ben = make_associate(job.store, name="Ben")
    post(client, "pass_on", job.picker.pk, colleague=ben.pk)
    bens = signed_in_client(ben, job.store)
    assert "From Rosa, go on" in bens.get("/").text
    post(bens, "pass_on", job.picker.pk)
    post(bens, "start", job.picker.pk)
    page = bens.get("/").text
    assert "From Rosa" not in page
    assert "Yours, go on" in page


def test_a_list_cannot_be_passed_to_somebody_of_another_store(client, job):
    stranger = make_associate(make_store(), name="Eve")
    assert post(client, "pass_on", job.picker.pk, colleague=stranger.pk).status_code == 404
    assert PickClaim.objects.get(ended_at=None).associate == job.picker.associate


@pytest.mark.parametrize("name", ["walk", "colleagues"])
def test_another_stores_list_is_not_found(job, name):
    elsewhere = make_store()
    client = signed_in_client(make_associate(elsewhere), elsewhere)
    assert client.get(reverse(f"picking:{name}", args=[job.picker.pk])).status_code == 404


@pytest.mark.parametrize("name", ["start", "scan", "undo", "finish", "pass_on"])
def test_another_stores_list_cannot_be_written_to(job, name):
    elsewhere = make_store()
    client = signed_in_client(make_associate(elsewhere), elsewhere)
    events = Event.objects.count()
    assert post(client, name, job.picker.pk, code="TOTE-0001").status_code == 404
    assert Event.objects.count() == events


def test_a_scan_needs_four_statements_and_a_transaction(client, job, django_assert_num_queries):
    scan(client, job, "TOTE-0001")
    scan(client, job, "A-01-1")
    gtin = job.gtin(job.lantern)
    # Sign-in, walk, confirm, receipt; the savepoint of the test's own transaction stands for begin and commit.
    with django_assert_num_queries(6):
        scan(client, job, gtin)


def test_the_pick_page_needs_two_statements(client, job, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get(f"/pick/{job.picker.pk}/")


def test_home_costs_the_same_however_much_there_is_to_do(client, job, django_assert_num_queries):
    # Where no list is free, one more looks for what waits for a wave.
    with django_assert_num_queries(HOME_QUERIES + 1):
        client.get("/")
    stock_up(job.store, job.lantern, 5)
    for _number in range(5):
        order_for(job.store, (job.lantern, 1))
    with django_assert_num_queries(HOME_QUERIES):
        page = client.get("/")
    assert page.text.count("/pick/") >= 6
