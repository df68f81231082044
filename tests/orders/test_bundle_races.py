"""Bundles that share components, ordered, put together and given up at the same moment."""

import pytest
from django.db import transaction

from stores.catalog.actions.lifecycle import approve_item
from stores.catalog.actions.merge_items import merge_items
from stores.catalog.actions.set_components import put_component, set_components
from stores.catalog.bundle_errors import BundleInBundle, BundleSettled, IsComponent
from stores.catalog.duplicate_errors import GivenUpAlready, KeptRetired
from stores.catalog.models import BundleComponent, Item
from stores.orders.models import Order
from stores.refusals import Refusal
from stores.stock.models import Availability
from tests.factories import atp, make_bundle, make_item, make_store, order_for, stock_up
from tests.racing import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def draft(name):
    item = make_item(name)
    return Item.objects.create(sku=f"{item.sku}-D", name=name, price=item.price, category=item.category)


def refused(act):
    """What `act` was refused with, or None."""
    try:
        with transaction.atomic():
            act()
    except Refusal as refusal:
        return type(refusal)
    return None


def test_bundles_that_share_components_and_single_items_at_once():
    """No retry here: if two orders took their locks in different orders, PostgreSQL would say so."""
    store = make_store()
    first, second, third = (make_item() for _number in range(3))
    for item in (first, second, third):
        stock_up(store, item, 12)
    one = make_bundle((first, 1), (second, 2))
    other = make_bundle((third, 1), (second, 1), (first, 1))
    wanted = [[(one, 1), (third, 1)], [(other, 1), (second, 1)], [(third, 1), (other, 1)], [(second, 2), (first, 1)]]
    at_once(*(lambda number=number: order_for(store, *wanted[number % 4]) for number in range(12)))
    states = set(Order.objects.values_list("state", flat=True))
    assert states <= {"allocated", "backordered"}
    taken = {item.pk: 0 for item in (first, second, third)}
    for order in Order.objects.filter(state="allocated"):
        for line in order.lines.all():
            taken[line.item_id] += line.quantity
    assert [atp(store, item) for item in (first, second, third)] == [12 - units for units in taken.values()]
    assert all(units <= 12 for units in taken.values())
    # An order waits only because something it wants had run out.
    if "backordered" in states:
        assert Availability.objects.filter(atp__lt=2).exists()


def test_two_items_put_into_each_other():
    for _round in range(5):
        first, second = draft("One"), draft("Two")
        ends = at_once(
            lambda first=first, second=second: refused(
                lambda: put_component(bundle=first, component=second, quantity=1)
            ),
            lambda first=first, second=second: refused(
                lambda: put_component(bundle=second, component=first, quantity=1)
            ),
        )
        assert sorted(end is None for end in ends) == [False, True]
        assert set(ends) - {None} <= {BundleInBundle, IsComponent}
        assert BundleComponent.objects.filter(bundle__in=[first, second]).count() == 1


def test_what_is_approved_is_what_was_looked_at():
    """Approving and changing meet at the item's row: whoever comes second sees what the first has done."""
    for _round in range(5):
        pot, cup, tea = make_item(), make_item(), draft("Tea set")
        with transaction.atomic():
            set_components(bundle=tea, components=[(pot, 1)])

        def approve(tea=tea):
            with transaction.atomic():
                approve_item(item=tea)
            return list(BundleComponent.objects.filter(bundle=tea).order_by("pk").values_list("component", flat=True))

        def change(tea=tea, cup=cup):
            return refused(lambda: put_component(bundle=Item.objects.get(pk=tea.pk), component=cup, quantity=1))

        approved, end = at_once(approve, change)
        now = list(BundleComponent.objects.filter(bundle=tea).order_by("pk").values_list("component", flat=True))
        assert now == approved
        assert end is (None if len(now) == 2 else BundleSettled)


def test_two_leads_keep_different_ones_of_a_pair():
    for _round in range(5):
        first, second = make_item(), make_item()

        def keep(kept, other):
            return refused(lambda: merge_items(kept=Item.objects.get(pk=kept.pk), other=Item.objects.get(pk=other.pk)))

        ends = at_once(
            lambda first=first, second=second: keep(first, second),
            lambda first=first, second=second: keep(second, first),
        )
        assert sorted(end is None for end in ends) == [False, True]
        assert set(ends) - {None} <= {KeptRetired, GivenUpAlready}
        assert Item.objects.filter(pk__in=[first.pk, second.pk], state="active").get().barcodes.count() == 2
