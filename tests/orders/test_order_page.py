"""The order at the desk of a lead."""

from uuid import uuid4

import pytest

from picking.actions.claims import claim_list
from picking.actions.release import release_wave
from picking.models import Method, Wave
from stores.catalog.models import Item
from stores.journal.models import Event
from stores.notices.models import Notice
from stores.orders.models import Order
from stores.staff.models import Role
from tests.factories import atp, make_associate, make_bundle, make_item, make_store, order_for, stock_up
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(floor):
    return make_store("CAMDEN")


@pytest.fixture
def lead(store):
    return make_associate(store, role=Role.LEAD)


@pytest.fixture
def client(store, lead):
    return signed_in_client(lead, store)


@pytest.fixture
def lantern(store) -> Item:
    item = make_item("Lantern")
    stock_up(store, item, 5)
    return item


def post(client, order, path, htmx=False, **fields):
    headers = {"HX-Request": "true"} if htmx else {}
    return client.post(f"/orders/{order.pk}/{path}cancel/", {"key": str(uuid4())} | fields, headers=headers)


def test_it_says_what_is_wanted_and_where_it_is(client, store, lantern, django_assert_num_queries):
    order = order_for(store, (lantern, 2), (make_bundle((lantern, 1), name="Pair"), 1), is_express=True)
    page = client.get(f"/orders/{order.pk}/")
    assert page.status_code == 200
    assert f"Order {order.number}" in page.text
    assert f'<span class="chip ">2</span> <span>to be picked in {store.name}</span>' in page.text
    assert "B. Norman" in page.text
    assert "Bob" not in page.text
    assert "Express" in page.text
    assert "1 × Pair" in page.text
    with django_assert_num_queries(8):
        client.get(f"/orders/{order.pk}/")


def test_the_whole_order_is_cancelled_with_a_reason(client, lead, store, lantern):
    order = order_for(store, (lantern, 2))
    assert "Cancel the whole order" in client.get(f"/orders/{order.pk}/").text
    answer = post(client, order, "", reason="customer")
    assert answer.status_code == 200
    assert f"Order {order.number} is cancelled" in answer.text
    assert "Cancel the whole order" not in answer.text
    assert Order.objects.get().state == "cancelled"
    assert atp(store, lantern) == 5
    told = Event.objects.get(kind="orders.cancelled")
    assert (told.actor, told.store, told.data["reason"]) == (lead, store, "customer")
    assert Notice.objects.get().kind == "orders.cancelled"
    assert post(client, order, "", reason="customer").status_code == 409


@pytest.mark.parametrize("fields", [{}, {"reason": ""}, {"reason": "because"}])
def test_without_a_reason_nothing_is_cancelled(client, store, lantern, fields):
    order = order_for(store, (lantern, 2))
    answer = post(client, order, "", **fields)
    assert (answer.status_code, "Say why" in answer.text) == (422, True)
    assert Order.objects.get().state == "allocated"


def test_some_units_of_a_line_are_cancelled(client, store, lantern):
    order = order_for(store, (lantern, 3))
    line = order.lines.get()
    answer = post(client, order, f"lines/{line.pk}/", htmx=True, quantity="2", reason="stock")
    assert answer.status_code == 200
    assert "2 units are cancelled" in answer.text
    assert "<html" not in answer.text
    line.refresh_from_db()
    assert (line.allocated, line.cancelled) == (1, 2)
    too_many = post(client, order, f"lines/{line.pk}/", quantity="2", reason="stock")
    assert (too_many.status_code, "1 of Lantern can still be cancelled" in too_many.text) == (409, True)
    assert post(client, order, f"lines/{line.pk}/", quantity="0", reason="stock").status_code == 422


def test_the_same_form_twice_cancels_once(client, store, lantern):
    order = order_for(store, (lantern, 3))
    line, key = order.lines.get(), str(uuid4())
    for _time in range(2):
        assert post(client, order, f"lines/{line.pk}/", key=key, quantity="1", reason="stock").status_code == 200
    line.refresh_from_db()
    assert line.cancelled == 1


def test_a_bundle_is_cancelled_whole(client, store, lantern):
    order = order_for(store, (make_bundle((lantern, 2), name="Pair"), 2))
    (line,), (bundle,) = order.lines.all(), order.bundles.all()
    assert post(client, order, f"lines/{line.pk}/", quantity="1", reason="stock").status_code == 422
    assert post(client, order, f"bundles/{bundle.pk}/", quantity="1", reason="stock").status_code == 200
    line.refresh_from_db()
    assert line.cancelled == 2


def test_it_is_for_leads_of_the_stores_it_has_to_do_with(client, store, lantern):
    order = order_for(store, (lantern, 1))
    other = make_store("YORK")
    stranger = signed_in_client(make_associate(other, role=Role.LEAD), other)
    associate = signed_in_client(make_associate(store), store)
    line = order.lines.get()
    for path in ("", f"lines/{line.pk}/"):
        assert post(stranger, order, path, quantity="1", reason="stock").status_code == 404
        assert post(associate, order, path, quantity="1", reason="stock").status_code == 403
    assert stranger.get(f"/orders/{order.pk}/").status_code == 404
    assert order.number not in stranger.get("/orders/").text
    # Another order's line is not this one's.
    foreign = order_for(store, (lantern, 1))
    assert post(client, foreign, f"lines/{line.pk}/", quantity="1", reason="stock").status_code == 404
    assert set(Order.objects.values_list("state", flat=True)) == {"allocated"}


def test_what_no_store_has_is_seen_wherever_it_could_be_given(client, store, lantern):
    order = order_for(None, (lantern, 9))
    assert f'href="/orders/{order.pk}/"' in client.get("/exceptions/").text
    page = client.get(f"/orders/{order.pk}/").text
    assert "waits for stock" in page
    assert post(client, order, "", reason="stock").status_code == 200


def test_how_far_an_order_is_stands_in_the_list_and_on_its_page(client, store, lantern):
    order = order_for(store, (lantern, 1))
    part = order.fulfillments.get()

    def says(words):
        for page in (client.get("/orders/", {"q": order.number}).text, client.get(f"/orders/{order.pk}/").text):
            assert f">{words}</span>" in page

    says("Waiting to be released")
    release_wave(store=store, fulfillments=[part], method=Method.SINGLE, trigger=Wave.Trigger.HAND)
    says("Waiting for a picker")
    walk = part.pick_lists.get()
    claim_list(store=store, pk=walk.pk, associate=make_associate(store, name="Jade"))
    says("Being picked by Jade")


def test_orders_are_listed_and_found_by_number(client, store, lantern, django_assert_num_queries):
    ended = order_for(store, (lantern, 1), number="#7001")
    post(client, ended, "", reason="customer")
    for number in range(3):
        order_for(store, (lantern, 1), number=f"#800{number}")
    with django_assert_num_queries(4):
        page = client.get("/orders/").text
    assert "#8002" in page
    assert "#7001" not in page
    assert page.index("#8002") < page.index("#8000")
    found = client.get("/orders/", {"q": "7001"}).text
    assert "#7001" in found
    assert "#8000" not in found
    assert "No order has this number" in client.get("/orders/", {"q": "%\x00"}).text
