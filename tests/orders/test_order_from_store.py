"""Order from there: a customer stands here, another store has it."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from stores.catalog.models import BundleComponent, Item
from stores.journal.models import Event
from stores.models import Store
from stores.orders.models import Fulfillment, Order
from stores.staff.models import Role
from stores.stock.models import Availability
from tests.factories import atp, change_items, make_associate, make_item, make_store, order_for, stock_up
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db

BOB = {"quantity": "2", "name": "Bob Norman", "reach": "bob@shop.example"}


@pytest.fixture
def here() -> Store:
    return make_store("HERE")


@pytest.fixture
def there() -> Store:
    return make_store("THERE", latitude=52.0, address="2 Low Road", phone="0113 496 0271")


@pytest.fixture
def item(there: Store) -> Item:
    item = make_item("Lantern")
    stock_up(there, item, 3)
    return item


@pytest.fixture
def client(here: Store) -> Client:
    return signed_in_client(make_associate(here), here)


def place(client: Client, item: Item, there: Store, **fields: str) -> Any:
    form = {"key": str(uuid4()), **BOB, **fields}
    return client.post(f"/items/{item.pk}/order/{there.pk}/place/", form)


def kept(text: str) -> None:
    """Nothing that was typed is lost."""
    for field, value in BOB.items():
        assert re.search(rf'name="{field}"[^>]* value="{value}"', text), field


def nothing_placed(there: Store, item: Item, free: int = 3) -> bool:
    return not Order.objects.exists() and not Fulfillment.objects.exists() and atp(there, item) == free


def test_the_form_says_where_when_and_how_much(client: Client, item: Item, there: Store) -> None:
    text = client.get(f"/items/{item.pk}/order/{there.pk}/").content.decode()
    for words in ("Store THERE", "2 Low Road", "3 free", "Units, up to 3", "Then kept for 7 days."):
        assert words in text
    assert "<strong>2.55 GBP</strong> each, paid when collecting." in text
    assert re.search(r"Ready there (today|on \w+ \d+ \w+) by \d\d:\d\d", text)


def test_an_order_is_placed_for_collection_there(client: Client, here: Store, item: Item, there: Store) -> None:
    key = str(uuid4())
    answer = place(client, item, there, key=key)
    assert (answer.status_code, answer["Location"]) == (303, f"/items/ordered/{key}/")
    order = Order.objects.get()
    assert (order.source, order.external_id, order.method, order.pickup_store, order.state) == (
        "storehand", key, "counter", there, "allocated",
    )  # fmt: skip
    assert [(line.item, line.quantity, line.price) for line in order.lines.all()] == [(item, 2, item.price)]
    assert (order.contact.name, order.contact.email) == ("Bob Norman", "bob@shop.example")
    assert order.fulfillments.get().store == there
    assert atp(there, item) == 1
    taken = Event.objects.get(kind="orders.taken_in_store")
    assert (taken.store_id, taken.item_id, taken.quantity) == (here.pk, item.pk, 2)
    assert "Norman" not in str(taken.data)


def test_afterwards_the_number_the_place_and_the_time_are_told(client: Client, item: Item, there: Store) -> None:
    answer = place(client, item, there)
    page = client.get(answer["Location"])
    order, text = Order.objects.get(), page.content.decode()
    assert re.fullmatch(r"S-[0-9A-HJKMNP-TV-Z]{7}", order.number)
    ready = there.local(order.fulfillments.get().promised_at)
    for words in (
        order.number,
        "2 × Lantern",
        "Store THERE",
        "2 Low Road",
        f"by {ready:%H:%M}",
        "5.10 GBP, to be paid there",
    ):
        assert words in text
    assert "Norman" not in text
    assert "No message is sent" not in text
    assert page["Cache-Control"] == "no-store"


def test_the_same_key_twice_is_one_order(client: Client, item: Item, there: Store) -> None:
    key = str(uuid4())
    first, second = place(client, item, there, key=key), place(client, item, there, key=key)
    assert (second.status_code, second["Location"]) == (303, first["Location"])
    assert Order.objects.count() == 1
    assert atp(there, item) == 1


def test_the_same_key_for_another_customer_is_refused(client: Client, item: Item, there: Store) -> None:
    key = str(uuid4())
    place(client, item, there, key=key)
    assert place(client, item, there, key=key, name="Ann Other").status_code == 422
    assert Order.objects.count() == 1


def test_what_is_gone_in_between_is_refused_and_nothing_waits(client: Client, item: Item, there: Store) -> None:
    order_for(there, (item, 2))
    answer = place(client, item, there)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Not enough stock" in text
    assert "Lantern: 2 wanted, 1 can be promised." in text
    assert "Only 1 can be ordered there now." in text
    kept(text)
    assert not Order.objects.filter(source="storehand").exists()
    assert not Event.objects.filter(kind="orders.backordered").exists()
    assert atp(there, item) == 1


def test_the_last_one_gone_leaves_no_form(client: Client, item: Item, there: Store) -> None:
    Availability.objects.update(safety_stock=9)
    text = client.get(f"/items/{item.pk}/order/{there.pk}/").content.decode()
    assert "The last one has gone." in text
    assert 'name="quantity"' not in text


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "  "}, "Enter the customer&#x27;s name"),
        ({"name": "x" * 121}, "Enter the customer&#x27;s name"),
        ({"reach": ""}, "Enter an e-mail or a phone number"),
        ({"reach": "bob@"}, "This is no e-mail address"),
        ({"reach": "x" * 250 + "@shop.example"}, "This is no e-mail address"),
        ({"reach": "bob.shop.example"}, "This is no e-mail address"),
        ({"reach": "12"}, "This is no phone number"),
        ({"quantity": "0"}, "Enter a number from 1 to 99"),
        ({"quantity": "²"}, "Enter a number from 1 to 99"),
        ({"quantity": "100"}, "Enter a number from 1 to 99"),
        ({"key": "not a uuid"}, "This request carries no usable key"),
    ],
)
def test_what_is_missing_or_wrong_is_said(
    client: Client, item: Item, there: Store, wrong: dict[str, str], words: str
) -> None:
    answer = place(client, item, there, **wrong)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert nothing_placed(there, item)


def test_everything_wrong_is_said_at_once_beside_its_field(client: Client, item: Item, there: Store) -> None:
    text = place(client, item, there, quantity="x", name="", reach="?").content.decode()
    for field in ("quantity", "name", "reach"):
        assert re.search(rf'<input id="{field}"[^>]* aria-describedby="[^"]*{field}-error"', text), field
        assert f'id="{field}-error"' in text
    band = re.search(r'<div id="band"[^>]*>(.*?)</div>', text, re.DOTALL)
    assert band is not None
    assert not band[1].strip()


def test_a_phone_number_alone_is_enough_and_no_message_is_promised(client: Client, item: Item, there: Store) -> None:
    answer = place(client, item, there, reach="+44 20 7946 0000")
    assert answer.status_code == 303
    contact = Order.objects.get().contact
    assert (contact.email, contact.phone) == ("", "+44 20 7946 0000")
    assert "No message is sent: there is no e-mail." in client.get(answer["Location"]).content.decode()


def test_strange_signs_in_a_name_are_dropped(client: Client, item: Item, there: Store) -> None:
    assert place(client, item, there, name="Bob\x00\n\u202eNorman ").status_code == 303
    assert Order.objects.get().contact.name == "Bob Norman"


def test_what_is_not_sold_is_refused(client: Client, item: Item, there: Store) -> None:
    change_items(Item.objects.filter(pk=item.pk), state=Item.State.RETIRED)
    draft = Item.objects.create(sku="TO-COME", name="To come", price=1)
    for one in (item, draft):
        answer = place(client, one, there)
        assert answer.status_code == 422
        assert "Not for sale" in answer.content.decode()
        kept(answer.content.decode())
    assert nothing_placed(there, item)


def test_a_store_without_a_counter_is_refused(client: Client, item: Item, there: Store) -> None:
    Store.objects.filter(pk=there.pk).update(offers_pickup=False)
    answer = place(client, item, there)
    assert answer.status_code == 422
    assert "Store THERE does not offer this" in answer.content.decode()
    assert f'href="/items/{item.pk}/elsewhere/"' in answer.content.decode()
    kept(answer.content.decode())
    assert (
        "This store does not give orders out to customers."
        in client.get(f"/items/{item.pk}/order/{there.pk}/").content.decode()
    )
    assert nothing_placed(there, item)


def test_a_bundle_is_ordered_as_its_components(client: Client, item: Item, there: Store) -> None:
    bundle = make_item("Set")
    change_items(Item.objects.filter(pk=bundle.pk), is_bundle=True)
    BundleComponent.objects.create(bundle=bundle, component=item, quantity=1)
    assert place(client, bundle, there).status_code == 303
    assert [(line.item, line.quantity) for line in Order.objects.get().lines.all()] == [(item, 2)]
    assert atp(there, item) == 1


def test_only_the_store_that_took_the_order_reads_of_it(client: Client, item: Item, there: Store) -> None:
    address = place(client, item, there)["Location"]
    elsewhere = make_store("ELSE")
    for store in (elsewhere, there):
        stranger = signed_in_client(make_associate(store, role=Role.MANAGER), store)
        assert stranger.get(address).status_code == 404
    assert client.get(f"/items/ordered/{uuid4()}/").status_code == 404


@pytest.mark.parametrize(
    "numbers", ["/items/0/order/{there}/", "/items/{item}/order/0/", "/items/{item}/order/{here}/"]
)
def test_what_is_not_there_is_not_found(client: Client, here: Store, item: Item, there: Store, numbers: str) -> None:
    path = numbers.format(item=item.pk, here=here.pk, there=there.pk)
    assert client.get(path).status_code == 404
    assert client.post(f"{path}place/", {"key": str(uuid4()), **BOB}).status_code == 404
    assert nothing_placed(there, item)


def test_it_may_be_express_and_allow_substitutes(client: Client, item: Item, there: Store) -> None:
    assert place(client, item, there, quantity="1").status_code == 303
    assert place(client, item, there, quantity="1", express="1", substitutes="1").status_code == 303
    orders = Order.objects.order_by("pk").values_list("is_express", "allows_substitutes")
    assert list(orders) == [(False, False), (True, True)]
