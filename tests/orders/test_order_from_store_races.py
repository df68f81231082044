"""Two customers in two stores want the same last units of a third one; one form is sent twice at once."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from stores.catalog.models import Item
from stores.models import Store
from stores.orders.models import Order
from tests.factories import atp, make_associate, make_item, make_store, order_for, stock_up
from tests.racing import at_once
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db(transaction=True)

FORM = {"quantity": "2", "name": "Bob Norman", "reach": "bob@shop.example"}


@pytest.fixture
def there() -> Store:
    return make_store("THERE")


@pytest.fixture
def item(there: Store) -> Item:
    item = make_item("Lantern")
    stock_up(there, item, 5)
    return item


def asking(client: Client, item: Item, there: Store, key: str = "") -> Callable[[], int]:
    def ask() -> int:
        answer: Any = client.post(f"/items/{item.pk}/order/{there.pk}/place/", FORM | {"key": key or str(uuid4())})
        return int(answer.status_code)

    return ask


def clients(number: int) -> list[Client]:
    stores = [make_store() for _ in range(number)]
    return [signed_in_client(make_associate(store), store) for store in stores]


def test_only_as_many_are_told_yes_as_there_is_stock_for(item: Item, there: Store) -> None:
    answers = at_once(*(asking(client, item, there) for client in clients(6)))
    assert sorted(answers) == [303, 303, 409, 409, 409, 409]
    assert list(Order.objects.values_list("state", flat=True)) == ["allocated"] * 2
    assert atp(there, item) == 1


def test_without_the_last_look_the_others_would_wait_unseen(item: Item, there: Store) -> None:
    """The twin: what is placed like any other order is a backorder when it comes too late."""

    def place() -> str:
        with transaction.atomic():
            return str(Order.objects.get(pk=order_for(there, (item, 2)).pk).state)

    assert sorted(at_once(*[place] * 4)) == ["allocated"] * 2 + ["backordered"] * 2


def test_one_form_sent_many_times_at_once_is_one_order(item: Item, there: Store) -> None:
    key, (client,) = str(uuid4()), clients(1)
    assert at_once(*[asking(client, item, there, key)] * 4) == [303] * 4
    assert Order.objects.count() == 1
    assert atp(there, item) == 3
