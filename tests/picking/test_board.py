"""The lead's room, the plan's page, breaks and the next list, through the real pages."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from picking.models import Method, PickClaim, PickList, PickPlan, Wave
from picking.views import release
from stores.journal.models import Event, Receipt
from stores.models import Bin, BinKind, Zone
from stores.orders.actions.cancel_order import cancel_order
from stores.orders.reasons import CancelReason
from stores.staff.models import Role
from tests.factories import fulfillment_of, make_associate, make_item, make_store, order_for, stock_up
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
# Sign-in, waiting orders, plan, people, open work, lists and waves.
BOARD_QUERIES = 7


def post(client, name, *args, headers=HTMX, **fields):
    return client.post(reverse(f"picking:{name}", args=args), {"key": str(uuid4()), **fields}, headers=headers)


@pytest.fixture
def store():
    store = make_store()
    PickPlan.objects.create(store=store, at_once=False, every_minutes=30)
    return store


@pytest.fixture
def item(store):
    item = make_item("Lantern")
    stock_up(store, item, 100)
    return item


@pytest.fixture
def lead(store):
    return signed_in_client(make_associate(store, role=Role.LEAD, name="Lena"), store)


@pytest.fixture
def rosa(store):
    return signed_in_client(make_associate(store, name="Rosa"), store)


def test_the_board_costs_the_same_however_much_there_is(store, item, lead, rosa, django_assert_num_queries):
    order_for(store, (item, 1))
    with django_assert_num_queries(BOARD_QUERIES):
        lead.get("/pick/board/")
    for _number in range(4):
        order_for(store, (item, 1), is_express=True)
        order_for(store, (item, 1))
    post(rosa, "next")
    with django_assert_num_queries(BOARD_QUERIES):
        page = lead.get("/pick/board/part/")
    assert "Picking now" in page.text
    assert "<html" not in page.text


def test_an_associate_has_no_business_on_the_board(store, item, rosa):
    assert rosa.get("/pick/board/").status_code == 403
    assert rosa.get("/pick/board/release/").status_code == 403
    order_for(store, (item, 1))
    assert post(rosa, "release", which="all", method="single").status_code == 403
    assert not PickList.objects.exists()


def test_the_lead_sees_the_proposal_with_its_reason_and_may_choose_another(store, item, lead):
    for _number in range(3):
        order_for(store, (item, 1))
    page = lead.get("/pick/board/release/?pickers=1").text
    assert "Proposed: Batch" in page
    assert "3 small orders in 1 walk instead of 3." in page
    assert "Proposed: Single order" in lead.get("/pick/board/release/?pickers=3").text
    answer = post(lead, "release", which="all", method="single")
    assert "3 orders released" in answer.text
    assert "3 lists for the pickers." in answer.text
    assert set(PickList.objects.values_list("method", flat=True)) == {"single"}


def test_only_what_is_ticked_goes(store, item, lead):
    first, second = (order_for(store, (item, 1)) for _number in range(2))
    refused = post(lead, "release", which="chosen", method="batch")
    assert refused.status_code == 422
    assert "Tick the orders first" in refused.text
    assert post(lead, "release", which="all", method="nonsense").status_code == 422
    assert not PickList.objects.exists()
    page = post(lead, "release", which="chosen", method="batch", order=[fulfillment_of(second).pk])
    assert "1 order released" in page.text
    assert PickList.objects.get().parts.get().fulfillment.order == second
    again = post(lead, "release", which="chosen", method="batch", order=[fulfillment_of(second).pk])
    assert again.status_code == 409
    both = [fulfillment_of(one).pk for one in (first, second)]
    page = post(lead, "release", which="chosen", method="batch", order=both)
    assert "1 was released or cancelled before." in page.text


def test_the_same_tap_twice_releases_once(store, item, lead):
    order_for(store, (item, 1))
    key = str(uuid4())
    for _try in range(2):
        assert post(lead, "release", which="all", method="single", key=key).status_code == 200
    assert Wave.objects.count() == 1


def test_taking_over_reassigning_laying_down_and_taking_back(store, item, lead, rosa):
    order_for(store, (item, 1))
    post(lead, "release", which="all", method="single")
    pk = PickList.objects.get().pk
    assert "Nobody has touched it." in lead.get(f"/pick/board/{pk}/").text
    ben = make_associate(store, name="Ben")
    assert "Ben has it now" in post(lead, "assign", pk, colleague=ben.pk).text
    assert "You have it now" in post(lead, "take_over", pk).text
    assert "Go on with it" in lead.get(f"/pick/board/{pk}/").text
    assert "Given back" in post(lead, "lay_down", pk).text
    refused = post(lead, "to_pool", pk)
    assert refused.status_code == 409
    assert f"List {pk} has been begun" in refused.text
    stranger = make_associate(make_store(), name="Eve")
    assert post(lead, "assign", pk, colleague=stranger.pk).status_code == 404
    order_for(store, (item, 1))
    post(lead, "release", which="all", method="single")
    fresh = PickList.objects.latest("pk").pk
    assert post(lead, "to_pool", fresh)["HX-Redirect"] == "/pick/board/release/"
    assert not PickList.objects.filter(pk=fresh).exists()
    assert lead.get(f"/pick/board/{fresh}/").status_code == 404


@pytest.mark.parametrize("name", ["take_over", "assign", "lay_down", "to_pool"])
def test_a_list_that_ended_meanwhile_says_so(store, item, lead, name):
    order = order_for(store, (item, 1), is_express=True)
    pk = PickList.objects.get().pk
    cancel_order(order=order, reason=CancelReason.CUSTOMER, key="changed my mind")
    events = Event.objects.count()
    ben = make_associate(store, name="Ben")
    answer = post(lead, name, pk, colleague=ben.pk)
    assert answer.status_code == 409
    assert "This list is cancelled" in answer.text
    assert "Nothing is left to do with this list." in answer.text
    assert "Take it over" not in answer.text
    assert f"List {pk}" in post(lead, name, pk, headers={}, colleague=ben.pk).text
    assert (Event.objects.count(), PickClaim.objects.count()) == (events, 0)
    assert lead.get(f"/pick/board/{pk}/").status_code == 404


@pytest.mark.parametrize("name", ["take_over", "assign", "lay_down", "to_pool", "pause", "resume"])
def test_another_stores_list_stays_in_its_hands(store, item, lead, name):
    order_for(store, (item, 1), is_express=True)
    pk = PickList.objects.get().pk
    elsewhere = make_store()
    boss = make_associate(elsewhere, role=Role.LEAD)
    colleague = make_associate(elsewhere, name="Eve")
    client = signed_in_client(boss, elsewhere)
    events = Event.objects.count()
    answer = post(client, name, pk, colleague=colleague.pk)
    assert answer.status_code == 404
    assert Event.objects.count() == events
    assert not PickClaim.objects.exists()


def test_the_manager_sets_the_plan(store, lead):
    manager = signed_in_client(make_associate(store, role=Role.MANAGER), store)
    assert lead.get("/pick/board/plan/").status_code == 403
    fields = {
        "release": "waves",
        "every_minutes": "",
        "at_orders": "8",
        "before_promise_minutes": "45",
        "method": "zone",
        "wave_orders_max": "12",
        "batch_orders_max": "4",
        "claim_minutes": "10",
        "break_minutes": "30",
        "when_gone": "wait",
    }
    refused = post(manager, "plan", **fields | {"claim_minutes": "0"})
    assert refused.status_code == 422
    assert 'value="8"' in refused.text
    assert PickPlan.objects.get(store=store).every_minutes == 30
    assert post(manager, "plan", **fields).status_code == 200
    plan = PickPlan.objects.get(store=store)
    assert (plan.at_once, plan.every_minutes, plan.at_orders, plan.before_promise_minutes) == (False, None, 8, 45)
    assert (plan.method, plan.claim_minutes, plan.when_gone) == (Method.ZONE, 10, "wait")


def test_the_plan_says_what_becomes_of_units_nobody_has(store):
    PickPlan.objects.filter(store=store).delete()
    page = signed_in_client(make_associate(store, role=Role.MANAGER), store).get("/pick/board/plan/").text
    assert "Until you choose otherwise they are cancelled: the customer gets a message" in page
    assert 'name="when_gone" value="cancel" checked' in page


def test_before_a_release_the_lists_of_each_method_are_said(store, item, lead):
    post_box = make_item("Post box")
    back = Zone.objects.create(store=store, code="BACK", name="Backroom", walk_order=9)
    stock_up(store, post_box, 9, "B-01-1")
    store.bins.filter(code="B-01-1").update(zone=back)
    floor = Zone.objects.create(store=store, code="SHOP", name="Sales floor", walk_order=1)
    store.bins.filter(balances__item=item).update(zone=floor)
    order_for(store, (item, 1))
    order_for(store, (item, 1), (post_box, 1))
    address = reverse("picking:release")
    said = lead.get(address).text
    assert "2 lists, one for each order" in said
    assert "1 list: 2 orders" in said
    assert "2 lists: Sales floor 2 orders, Backroom 1 order" in said
    # Nothing is made by looking.
    assert not PickList.objects.exists()
    store.bins.filter(code="B-01-1").update(zone=floor)
    assert "1 list: everything lies in Sales floor" in lead.get(address).text
    post(lead, "release", which="all", method="zone")
    words = "What these orders need from elsewhere"
    assert words not in lead.get(reverse("picking:walk", args=[PickList.objects.get().pk])).text


def test_home_says_what_waits_for_the_next_wave(store, item, rosa):
    for _number in range(2):
        order_for(store, (item, 1))
    page = rosa.get("/").text
    assert "2 orders wait for the next wave (" in page
    order_for(store, (item, 1), is_express=True)
    page = rosa.get("/").text
    assert "wait for the next wave" not in page
    assert "Start the most urgent" in page


def test_a_lead_is_told_at_home_what_can_be_released(store, item, lead):
    order_for(store, (item, 1))
    order_for(store, (item, 1), is_express=True)
    page = lead.get("/").text
    assert f'<a href="{reverse("picking:release")}">1 order waits for the next wave (' in page


def test_home_shows_express_before_what_is_due_sooner(store, item, lead, rosa):
    plain = order_for(store, (item, 1))
    post(lead, "release", which="all", method="single")
    express = order_for(store, (item, 1), is_express=True)
    PickList.objects.filter(fulfillments__order=plain).update(due_at=timezone.now() - timedelta(hours=1))
    page = rosa.get("/").text
    assert page.index(express.number) < page.index(plain.number)


def test_of_many_orders_the_most_urgent_are_listed_and_all_are_released(store, item, lead, monkeypatch):
    """Each that can be ticked is a field of the form, and a form has a limit."""
    monkeypatch.setattr(release, "LISTED_MAX", 2)
    for _number in range(3):
        order_for(store, (item, 1))
    page = lead.get(reverse("picking:release")).text
    assert page.count('name="order"') == 2
    assert "The 2 most urgent are listed." in page
    assert "3 orders released" in post(lead, "release", which="all", method="single").text


def test_the_next_list_is_one_tap_away(store, item, rosa):
    assert post(rosa, "next")["HX-Redirect"] == "/"
    order_for(store, (item, 1), is_express=True)
    pk = PickList.objects.get().pk
    key = str(uuid4())
    # The same tap sent twice leads to the same walk.
    for _try in range(2):
        assert post(rosa, "next", key=key)["HX-Redirect"] == f"/pick/{pk}/"
    assert PickClaim.objects.get(ended_at=None).pick_list_id == pk
    said = Receipt.objects.get(key=key).answer["band"]
    assert (said["title"], said["action_url"]) == ("This list is yours", f"/pick/{pk}/")


def test_a_break_and_back(store, item, rosa):
    order_for(store, (item, 1), is_express=True)
    pk = PickList.objects.get().pk
    post(rosa, "next")
    assert post(rosa, "pause", pk)["HX-Redirect"] == f"/pick/{pk}/"
    page = rosa.get(f"/pick/{pk}/").text
    assert "On a break" in page
    assert 'id="scan"' in page
    post(rosa, "resume", pk)
    assert "On a break" not in rosa.get(f"/pick/{pk}/").text


def test_who_lost_the_list_reads_how_and_goes_on_by_a_scan(store, item, rosa):
    order_for(store, (item, 1), is_express=True)
    pk = PickList.objects.get().pk
    post(rosa, "next")
    then = timezone.now() - timedelta(minutes=15)
    PickClaim.objects.update(seen_at=then, ended_at=timezone.now(), end_reason="quiet")
    page = rosa.get(f"/pick/{pk}/").text
    assert "You were quiet for 15 minutes" in page
    assert "Nobody has it: scan to go on." in page
    assert 'id="scan"' in page
    assert "TOTE-0001 is your tote" in post(rosa, "scan", pk, code="TOTE-0001").text
    assert PickClaim.objects.filter(ended_at=None).count() == 1


def test_a_batch_tells_the_totes_to_take_and_how_many_go_into_which(store, item, lead, rosa):
    first, second = order_for(store, (item, 2)), order_for(store, (item, 1))
    post(lead, "release", which="all", method="batch")
    pk = PickList.objects.get().pk
    page = rosa.get(f"/pick/{pk}/").text
    assert "Take 2 empty totes." in page
    assert first.number in page
    assert second.number in page
    post(rosa, "start", pk)
    for code in ("TOTE-0001", "TOTE-0002", "A-01-1"):
        answer = post(rosa, "scan", pk, code=code)
    assert "2 → tote 1" in answer.text
    assert "1 → tote 2" in answer.text
    assert "For tote" in answer.text


def test_staging_says_who_still_picks_for_an_order(store, item, lead, rosa):
    upstairs = Zone.objects.create(store=store, code="UP", name="Upstairs", walk_order=2)
    Bin.objects.create(store=store, zone=upstairs, code="U-01-1", kind=BinKind.SHELF, walk_order=900)
    cup = make_item("Cup")
    stock_up(store, cup, 5, "U-01-1")
    order_for(store, (item, 1), (cup, 1))
    post(lead, "release", which="all", method="zone")
    down, up = PickList.objects.order_by("zone__walk_order")
    post(rosa, "start", down.pk)
    for code in ("TOTE-0001", "A-01-1", item.barcodes.get().gtin, "TOTE-0001"):
        post(rosa, "scan", down.pk, code=code)
    page = rosa.get("/stage/").text
    assert "Wait for the rest" in page
    assert "Upstairs: nobody has it" in page
    ben = signed_in_client(make_associate(store, name="Ben"), store)
    post(ben, "start", up.pk)
    assert "Upstairs: Ben picks, 1 line left" in rosa.get("/stage/").text
    early = rosa.post(reverse("pickup:stage_scan"), {"key": str(uuid4()), "code": "TOTE-0001"}, headers=HTMX)
    assert early.status_code == 409
    assert "Upstairs: Ben" in early.text
    for code in ("TOTE-0002", "U-01-1", cup.barcodes.get().gtin, "TOTE-0002"):
        post(ben, "scan", up.pk, code=code)
    tote = down.totes.get()
    page = rosa.get(reverse("pickup:stage_tote", args=[tote.pk])).text
    assert "TOTE-0002" in page
    assert "Upstairs, picked by Ben" in page
