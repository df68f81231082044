"""What a lead sees of what the machines could not settle, and what they can do about it."""

from uuid import uuid4

import pytest
from django.utils import timezone

from stores.catalog.models import Alias, Item
from stores.journal.actions.record import record
from stores.journal.models import Event
from stores.orders.models import Order
from stores.staff.models import Role
from stores.sync.actions.add_webhook import add_webhook
from stores.sync.models import InboundMessage, WebhookDelivery, WebhookEndpoint
from tests.factories import make_associate, make_item, make_store, order_for, stock_up
from tests.staff.signing_in import signed_in_client
from tests.sync.conftest import link_all

State = InboundMessage.State


@pytest.fixture
def lead(store):
    return make_associate(store, role=Role.LEAD, name="Lena")


@pytest.fixture
def browser(lead, store):
    return signed_in_client(lead, store)


@pytest.fixture
def held(shop, sample, store, work) -> InboundMessage:
    """The sample, of which one SKU is unknown."""
    link_all("IPOD2008GREEN", "IPOD2008RED")
    shop.send(sample)
    work()
    return InboundMessage.objects.get(state=State.FAILED)


def post(browser, url: str, **fields: str):
    return browser.post(url, {"key": str(uuid4()), **fields}, headers={"HX-Request": "true"})


def link(browser, message, **fields: str):
    return post(browser, f"/exceptions/messages/{message.pk}/link", code="IPOD2008BLACK", **fields)


def test_the_board_shows_what_waits_in_words(browser, held):
    page = browser.get("/exceptions/").content.decode()
    assert "Unknown SKU: IPOD2008BLACK" in page
    assert "Order #1001" in page
    assert "Bob" not in page


def test_the_board_needs_as_many_queries_for_many_messages_as_for_one(
    browser, held, shop, sample, work, django_assert_num_queries
):
    for number in range(5):
        shop.send(sample | {"id": number + 1})
    work()
    # Session, messages with their owners, backorders, dead letters, counts, kinds of words about items.
    with django_assert_num_queries(6):
        assert browser.get("/exceptions/").status_code == 200


def test_an_unknown_sku_is_linked_and_every_order_that_waits_for_it_is_placed(
    browser, held, shop, sample, work, lead, woken, django_capture_on_commit_callbacks
):
    shop.send(sample | {"id": 2})
    work()
    item = Item.objects.get(sku="OUR-IPOD2008BLACK")

    with django_capture_on_commit_callbacks(execute=True):
        answer = link(browser, held, item="our-ipod2008black")

    assert answer.status_code == 200
    assert "2 messages are tried again." in answer.content.decode()
    alias = Alias.objects.get(folded="IPOD2008BLACK")
    assert (alias.source, alias.item) == (held.source, item)
    assert ("apply_inbound", held.pk) in woken
    assert ("sweep",) in woken
    work()
    assert Order.objects.count() == 2
    assert set(InboundMessage.objects.values_list("state", flat=True)) == {State.DONE}
    event = Event.objects.get(kind="sync.code_linked")
    assert (event.actor, event.item, event.quantity) == (lead, item, 2)


def test_an_item_is_found_by_its_barcode(browser, held):
    item = Item.objects.get(sku="OUR-IPOD2008BLACK")
    assert link(browser, held, item=item.barcodes.get().gtin).status_code == 200
    assert Alias.objects.get(folded="IPOD2008BLACK").item == item


def test_a_part_of_a_name_offers_items_to_choose_from(browser, held):
    item = Item.objects.get(sku="OUR-IPOD2008BLACK")
    answer = link(browser, held, item="2008black")
    assert answer.status_code == 422
    assert f'name="item_id" value="{item.pk}"' in answer.content.decode()
    assert link(browser, held, item_id=str(item.pk)).status_code == 200


@pytest.mark.parametrize("text", ["", "no such thing", "\x00", "x" * 500])
def test_what_is_no_item_changes_nothing(browser, held, text):
    assert link(browser, held, item=text).status_code == 422
    assert not Alias.objects.filter(folded="IPOD2008BLACK").exists()
    held.refresh_from_db()
    assert held.state == State.FAILED


def test_only_a_code_that_the_message_waits_for_can_be_linked(browser, held):
    answer = post(browser, f"/exceptions/messages/{held.pk}/link", code="ANYTHING", item="OUR-IPOD2008BLACK")
    assert answer.status_code == 422
    assert not Alias.objects.filter(folded="ANYTHING").exists()


def test_a_code_that_means_another_item_by_now_is_refused(browser, held):
    other = make_item(sku="OTHER")
    Alias.objects.create(source=held.source, code="ipod2008black", folded="IPOD2008BLACK", item=other)
    assert link(browser, held, item="OUR-IPOD2008BLACK").status_code == 409
    assert Alias.objects.get(folded="IPOD2008BLACK").item == other
    assert link(browser, held, item="OTHER").status_code == 200


def test_trying_again_places_the_order_once_the_store_is_known(browser, shop, sample, store, aliases, work):
    shop.send(sample | {"location_id": "C1"})
    work()
    store.aliases.create(source=shop.domain, code="C1")
    message = InboundMessage.objects.get()
    assert post(browser, f"/exceptions/messages/{message.pk}/retry").status_code == 200
    work()
    assert Order.objects.get().pickup_store == store


def test_trying_twice_at_once_is_tried_once(browser, held):
    assert post(browser, f"/exceptions/messages/{held.pk}/retry").status_code == 200
    assert post(browser, f"/exceptions/messages/{held.pk}/retry").status_code == 409
    assert Event.objects.filter(kind="sync.message_retried").count() == 1


def test_a_message_is_taken_and_can_be_taken_over(browser, held, lead, store):
    assert post(browser, f"/exceptions/messages/{held.pk}/take").status_code == 200
    assert "You see to it" in browser.get("/exceptions/").content.decode()
    other = signed_in_client(make_associate(store, role=Role.LEAD, name="Omar"), store)
    assert "Lena sees to it" in other.get("/exceptions/").content.decode()
    post(other, f"/exceptions/messages/{held.pk}/take")
    held.refresh_from_db()
    assert held.owner.name == "Omar"


def test_dismissing_needs_a_reason_and_deletes_nothing(browser, held):
    assert post(browser, f"/exceptions/messages/{held.pk}/dismiss", reason="  ").status_code == 422
    assert "IPOD2008BLACK" in browser.get("/exceptions/").content.decode()
    assert post(browser, f"/exceptions/messages/{held.pk}/dismiss", reason="A test order").status_code == 200
    assert "IPOD2008BLACK" not in browser.get("/exceptions/").content.decode()
    held.refresh_from_db()
    assert (held.state, held.dismissed_reason) == (State.FAILED, "A test order")
    assert "A test order" in browser.get(f"/exceptions/messages/{held.pk}/").content.decode()
    assert post(browser, f"/exceptions/messages/{held.pk}/retry").status_code == 409


def test_a_dismissed_message_is_not_tried_again_with_the_others(browser, held, shop, sample, work):
    shop.send(sample | {"id": 2, "name": "#1002"})
    work()
    post(browser, f"/exceptions/messages/{held.pk}/dismiss", reason="A test order")
    other = InboundMessage.objects.exclude(pk=held.pk).get()
    assert link(browser, other, item="OUR-IPOD2008BLACK").status_code == 200
    work()
    assert [order.number for order in Order.objects.all()] == ["#1002"]


def test_what_never_proved_its_sender_cannot_be_applied(browser, shop, sample):
    shop.send(sample, signature="bm90IGl0")
    message = InboundMessage.objects.get()
    assert post(browser, f"/exceptions/messages/{message.pk}/retry").status_code == 409
    message.refresh_from_db()
    assert message.state == State.FAILED


def test_the_body_is_for_managers_only(held, lead, store, browser):
    url = f"/exceptions/messages/{held.pk}/"
    page = browser.get(url).content.decode()
    assert "IPOD2008BLACK" in page
    assert "hostmail" not in page
    manager = signed_in_client(make_associate(store, role=Role.MANAGER), store)
    assert "bob.norman@hostmail.com" in manager.get(url).content.decode()


def test_associates_have_no_business_here(held, store):
    associate = signed_in_client(make_associate(store), store)
    for url in ("/exceptions/", f"/exceptions/messages/{held.pk}/"):
        assert associate.get(url).status_code == 403
    for action in ("take", "retry", "link", "dismiss"):
        assert post(associate, f"/exceptions/messages/{held.pk}/{action}").status_code == 403
    held.refresh_from_db()
    assert held.owner is None


def test_a_message_nobody_has_is_not_found(browser):
    assert browser.get("/exceptions/messages/999/").status_code == 404
    assert post(browser, "/exceptions/messages/999/retry").status_code == 404


def test_the_pages_work_without_javascript(browser, held):
    answer = browser.post(f"/exceptions/messages/{held.pk}/take", {"key": str(uuid4())})
    assert answer.content.decode().startswith("<!doctype html>")
    answer = browser.post(f"/exceptions/messages/{held.pk}/retry", {"key": str(uuid4())})
    assert "Is tried again" in answer.content.decode()


def test_a_message_that_stays_as_it_was_leaves_the_forms_alone(browser, held):
    url = f"/exceptions/messages/{held.pk}/"
    same = browser.get(url, {"was": "failed"}, headers={"HX-Request": "true"}).content.decode()
    assert 'id="state-card"' in same
    assert "<form" not in same
    post(browser, f"{url}retry")
    moved = browser.get(url, {"was": "failed"}, headers={"HX-Request": "true"}).content.decode()
    assert 'hx-swap-oob="innerHTML:#message"' in moved


def test_backorders_show_what_is_missing(browser, store):
    item = make_item("Lantern")
    stock_up(store, item, 2)
    order_for(store, (item, 5), number="#77")
    order_for(make_store(), (item, 5), number="#88")
    page = browser.get("/exceptions/").content.decode()
    assert "Order #77" in page
    assert "Lantern" in page
    assert "#88" not in page


def dead_letter(store, endpoint) -> WebhookDelivery:
    event = record(kind="pickup.ready", subject="fulfillment:1", store=store)
    WebhookDelivery.objects.filter(event=event, endpoint=endpoint).update(
        state=State.FAILED, attempts=6, last_status=500, ended_at=timezone.now()
    )
    return WebhookDelivery.objects.get(event=event)


def test_dead_letters_are_sent_again(browser, store, lead):
    add_webhook(name="Shop", url="https://shop.example/", kinds=["pickup.ready"])
    endpoint = WebhookEndpoint.objects.get()
    ours, theirs = dead_letter(store, endpoint), dead_letter(make_store(), endpoint)
    assert "It answered 500" in browser.get("/exceptions/").content.decode()

    answer = post(browser, f"/exceptions/webhooks/{endpoint.pk}/replay")

    assert "1 webhook is sent again" in answer.content.decode()
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert (ours.state, ours.attempts) == (State.QUEUED, 0)
    assert theirs.state == State.FAILED
    assert post(browser, f"/exceptions/webhooks/{endpoint.pk}/replay").status_code == 404
