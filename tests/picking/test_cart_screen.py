"""A cart of several totes: the screen never shows one number and the band another."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from picking.actions.release import release_wave
from picking.models import Method, PickLine, PickList, PickPlan, Wave
from stores.models import Store
from stores.orders.actions.cancel_units import cancel_units
from stores.orders.models import Fulfillment
from stores.orders.reasons import CancelReason
from tests.factories import make_associate, make_item, make_store, order_for, stock_up
from tests.picking.conftest import Picker
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


class Cart:
    """Two orders of one lantern each, from one bin, picked at once."""

    def __init__(self) -> None:
        self.store: Store = make_store()
        self.lantern = make_item("Lantern")
        stock_up(self.store, self.lantern, 10, "A-01-1")
        PickPlan.objects.create(store=self.store, at_once=False)
        for _order in range(2):
            order_for(self.store, (self.lantern, 1))
        with transaction.atomic():
            orders = list(Fulfillment.objects.order_by("pk"))
            release_wave(store=self.store, fulfillments=orders, method=Method.BATCH, trigger=Wave.Trigger.HAND)
        self.picker = Picker(self.store, make_associate(self.store), PickList.objects.get().pk)
        self.picker.claim()
        self.client: Client = signed_in_client(self.picker.associate, self.store)

    def scan(self, code: str, key: str = "") -> str:
        address = reverse("picking:scan", args=[self.picker.pk])
        return self.client.post(address, {"key": key or str(uuid4()), "code": code}, headers=HTMX).text

    def scan_item(self, key: str = "") -> str:
        return self.scan(self.lantern.sku, key)


@pytest.fixture
def cart() -> Cart:
    cart = Cart()
    cart.picker.scan("TOTE-0001", "TOTE-0002", "A-01-1")
    return cart


def big_number(page: str) -> str:
    """What the framed box says, and how."""
    box = page.split('<p class="put-in', 1)[1].split("</p>", 1)[0]
    return " ".join(
        box.split("<span>", 1)[1].replace("</span>", " ").replace("<strong>", " ").split("</strong>")[0].split()
    )


def test_before_the_scan_the_unit_is_for_its_tote(cart: Cart) -> None:
    assert big_number(cart.client.get(f"/pick/{cart.picker.pk}/").text) == "For tote 1"


def test_with_the_unit_in_the_hand_box_and_band_name_the_same_tote(cart: Cart) -> None:
    page = cart.scan_item()
    assert "Put in tote 1</p>" in page
    assert big_number(page) == "Put in tote 1"
    assert "then tote 2" in page
    assert "For tote" not in page


def test_an_answer_that_was_lost_says_the_same_again(cart: Cart) -> None:
    assert big_number(cart.scan_item(key="once")) == big_number(cart.scan_item(key="once")) == "Put in tote 1"
    assert PickLine.objects.filter(picked=1).count() == 1


def test_the_wrong_tote_changes_nothing_of_that(cart: Cart) -> None:
    cart.scan_item()
    page = cart.scan("TOTE-0002")
    assert "Wrong tote: 2" in page
    assert big_number(page) == "Put in tote 1"
    assert big_number(cart.scan("TOTE-0001")) == "For tote 2"


def test_the_last_unit_goes_into_its_tote_before_the_list_is_finished(cart: Cart) -> None:
    cart.scan_item()
    page = cart.scan_item()
    assert big_number(page) == "Put in tote 2"
    assert "Scan TOTE-0002 to finish." in page
    assert "TOTE-0001" not in page


def test_the_finishing_scan_notices_a_last_unit_in_the_wrong_tote(cart: Cart) -> None:
    cart.scan_item()
    cart.scan_item()
    page = cart.scan("TOTE-0001")
    assert "Wrong tote: 1" in page
    assert big_number(page) == "Put in tote 2"
    assert cart.picker.walk.state == "picking"
    assert "is done" in cart.scan("TOTE-0002")


def test_any_tote_finishes_when_nobody_wants_the_last_unit(cart: Cart) -> None:
    cart.scan_item()
    cart.scan_item()
    line = PickLine.objects.select_related("fulfillment_line__order_line").latest("sequence").fulfillment_line
    with transaction.atomic():
        cancel_units(line=line.order_line, quantity=1, reason=CancelReason.CUSTOMER, key="gone")
    assert "TOTE-0001" in cart.client.get(f"/pick/{cart.picker.pk}/").text
    assert "is done" in cart.scan("TOTE-0001")


def test_nobody_is_asked_for_the_tote_of_a_cancelled_order(cart: Cart) -> None:
    cart.scan_item()
    line = PickLine.objects.select_related("fulfillment_line__order_line").get(picked=1).fulfillment_line.order_line
    with transaction.atomic():
        cancel_units(line=line, quantity=1, reason=CancelReason.CUSTOMER, key="gone")
    page = cart.scan_item()
    assert "Scan TOTE-0002 to finish." in page
    assert "TOTE-0001" not in page


def test_what_is_missing_is_not_called_picked(cart: Cart) -> None:
    cart.scan_item()
    line = cart.picker.line.pk
    address = reverse("picking:short", args=[cart.picker.pk])
    # The bin should have eight more, but nothing else should.
    fields = {"key": str(uuid4()), "line": line, "quantity": "1", "reason": "not_found"}
    page = cart.client.post(address, fields, headers=HTMX).text
    assert "Picked, 1 missing. Last step" in page
    assert "All picked" not in page


def test_a_full_tote_is_exchanged_for_the_unit_in_the_hand(cart: Cart) -> None:
    """The screen says "put in tote 1, then tote 2": it is tote 1 that the unit does not go into."""
    cart.scan_item()
    assert "TOTE-0003 is tote 1" in cart.scan("TOTE-0003")
    first, second = PickList.objects.get().parts.order_by("position")
    assert list(first.totes.order_by("pk").values_list("tote__code", flat=True)) == ["TOTE-0001", "TOTE-0003"]
    assert list(second.totes.values_list("tote__code", flat=True)) == ["TOTE-0002"]
