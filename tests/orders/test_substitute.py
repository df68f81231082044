"""Something like it, for what is not there."""

from decimal import Decimal

import pytest
from django.db import transaction

from stores.catalog.models import Item, Substitute
from stores.journal.models import Event
from stores.notices.models import Notice
from stores.orders.actions.cancel_order import cancel_order
from stores.orders.actions.give_up_units import give_up_units
from stores.orders.actions.substitute import substitute
from stores.orders.errors import BundleStaysWhole, NoSubstitutesWanted, NotApproved, NotGivenUp
from stores.orders.models import Fulfillment, FulfillmentLine, OrderLine
from stores.orders.reasons import CancelReason
from stores.stock.errors import ShortStock
from stores.sync.queries.order_status import order_status
from tests.factories import atp, change_items, make_bundle, make_item, make_store, order_for, stock_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def red(store):
    item = make_item("Red lantern", sku="RED")
    stock_up(store, item, 5)
    return item


@pytest.fixture
def blue(store, red):
    item = make_item("Blue lantern", sku="BLUE")
    change_items(Item.objects.filter(pk=item.pk), price=Decimal("3.00"))
    item.refresh_from_db()
    stock_up(store, item, 2)
    Substitute.objects.create(item=red, substitute=item)
    return item


def short(order, item, units):
    """On a walk: that is where it turns out."""
    Fulfillment.objects.filter(order=order).update(state="picking")
    line = FulfillmentLine.objects.get(fulfillment__order=order, item=item)
    with transaction.atomic():
        give_up_units(line=line, quantity=units, reason="damaged", key=f"short:{order.pk}")
    return line


def give(line, item, quantity, key="s"):
    with transaction.atomic():
        return substitute(line=line, item=item, quantity=quantity, key=key)


@pytest.fixture
def order(floor, store, red, blue):
    return order_for(store, (red, 3), allows_substitutes=True)


def test_it_is_given_at_the_lower_price_and_reserved(order, store, red, blue):
    line = short(order, red, 2)
    part = give(line, blue, 2)
    assert (part.fulfillment, part.quantity, part.reservation.quantity) == (line.fulfillment, 2, 2)
    was, given = order.lines.order_by("pk")
    assert (was.allocated, was.cancelled) == (1, 2)
    assert (given.substitute_for, given.item, given.quantity, given.allocated) == (was, blue, 2, 2)
    # It costs 3.00 by itself.
    assert given.price == was.price == Decimal("2.55")
    assert atp(store, blue) == 0
    order.refresh_from_db()
    assert order.state == "allocated"
    told = Event.objects.get(kind="orders.substituted").data
    assert (told["sku"], told["instead_of"], told["price"], told["quantity"]) == ("BLUE", "RED", "2.55", 2)
    notice = Notice.objects.get()
    assert notice.kind == "orders.substituted"
    assert "2 × Blue lantern instead of Red lantern" in notice.body
    assert "2.55 GBP each" in notice.body
    lines = order_status(order)["lines"]
    assert [(one["sku"], one["substitute_for"], one["cancelled_amount"]) for one in lines] == [
        ("RED", None, "5.10"),
        ("BLUE", "RED", "0.00"),
    ]


def test_a_cheaper_one_costs_less(order, red, blue):
    change_items(Item.objects.filter(pk=blue.pk), price=Decimal("1.00"))
    blue.refresh_from_db()
    assert give(short(order, red, 1), blue, 1).order_line.price == Decimal("1.00")


def test_it_is_cancelled_with_its_order(order, store, red, blue):
    give(short(order, red, 2), blue, 2)
    with transaction.atomic():
        cancel_order(order=order, reason=CancelReason.CUSTOMER, key="k")
    assert atp(store, blue) == 2
    assert set(order.lines.values_list("allocated", flat=True)) == {0}


def test_too_little_of_it_leaves_everything_as_it_was(order, store, red, blue):
    line = short(order, red, 3)
    with transaction.atomic():
        with pytest.raises(ShortStock):
            substitute(line=line, item=blue, quantity=3, key="s")
        # What the caller does then, or the order would miss something that nobody looks for.
        assert OrderLine.objects.get().open_quantity == 3
        assert substitute(line=line, item=blue, quantity=2, key="t").quantity == 2
    assert list(order.lines.values_list("cancelled", flat=True)) == [2, 0]


@pytest.mark.parametrize(
    ("refusal", "advice"),
    [
        (NoSubstitutesWanted, "The customer wants no substitutes."),
        (NotApproved, "It is not among the item's substitutes."),
        (NotGivenUp, "Only 1 are missing."),
    ],
)
def test_only_what_the_customer_and_the_item_allow(floor, store, red, blue, refusal, advice):
    order = order_for(store, (red, 3), allows_substitutes=refusal is not NoSubstitutesWanted)
    line = short(order, red, 1)
    other = make_item() if refusal is NotApproved else blue
    with pytest.raises(refusal) as refused:
        give(line, other, 2 if refusal is NotGivenUp else 1)
    assert refused.value.detail == advice
    assert OrderLine.objects.count() == 1
    assert not Notice.objects.exists()


def test_a_retired_one_and_the_other_way_round_are_not_approved(order, red, blue):
    line = short(order, red, 1)
    change_items(Item.objects.filter(pk=blue.pk), state="retired")
    blue.refresh_from_db()
    with pytest.raises(NotApproved):
        give(line, blue, 1)


def test_a_bundle_stays_as_it_was_ordered(floor, store, red, blue):
    order = order_for(store, (make_bundle((red, 1)), 1), allows_substitutes=True)
    with pytest.raises(BundleStaysWhole):
        give(short(order, red, 1), blue, 1)
