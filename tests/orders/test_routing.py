"""Which store is asked for what is missing."""

import pytest

from picking.models import PickList
from stores.orders.models import Fulfillment
from stores.orders.queries.routing import candidate_stores
from tests.factories import make_associate, make_item, make_store, order_for, stock_up
from tests.picking.conftest import Picker

pytestmark = pytest.mark.django_db


def test_what_is_missing_comes_from_the_store_the_customer_goes_to_whatever_became_of_other_orders():
    near, far = make_store(latitude=51.5), make_store(latitude=55.0)
    item, lost = make_item(), make_item()
    stock_up(near, lost, 1)
    stock_up(near, item, 5)
    stock_up(far, item, 50)
    gone = order_for(near, (lost, 1))
    picker = Picker(near, make_associate(near), PickList.objects.get().pk)
    picker.claim()
    picker.scan("TOTE-0001")
    picker.short(1)
    picker.finish()
    assert Fulfillment.objects.filter(order=gone, state="cancelled").exists()
    here = order_for(None, (item, 1), latitude=51.5, longitude=-0.14)
    assert here.fulfillments.get().store == near
    assert candidate_stores(here, []) == [near]
