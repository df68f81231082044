"""What can be promised can be picked; units that lie where no picker is sent end as short, not as an endless list."""

import pytest

from picking.errors import BinUnknown
from picking.models import PickList
from picking.views.words import walk_words
from stores.journal.audit import find_defects
from stores.models import Bin, BinKind
from stores.orders.models import Order
from tests.factories import make_associate, make_item, make_store, order_for, stock_up
from tests.picking.conftest import Picker

pytestmark = pytest.mark.django_db


def walk(store, item) -> Picker:
    order_for(store, (item, 2))
    picker = Picker(store, make_associate(store), PickList.objects.get().pk)
    picker.claim()
    picker.scan("TOTE-0001")
    return picker


def test_sellable_units_on_display_are_picked_from_there():
    store, item = make_store(), make_item()
    Bin.objects.create(store=store, code="D-01", kind=BinKind.DISPLAY)
    stock_up(store, item, 2, "D-01")
    picker = walk(store, item)
    gtin = item.barcodes.get().gtin
    picker.scan("D-01", gtin, gtin)
    assert picker.finish().state == "done"


@pytest.mark.parametrize("bin_scan_required", [True, False])
def test_a_line_without_a_bin_is_refused_in_words_and_can_be_ended(bin_scan_required):
    store, item = make_store(bin_scan_required=bin_scan_required), make_item()
    stock_up(store, item, 2, "S-01")
    picker = walk(store, item)
    with pytest.raises(BinUnknown):
        picker.scan(item.barcodes.get().gtin)
    assert picker.short(2) == 0
    assert picker.walk.current is None
    picker.finish()
    assert Order.objects.get().fulfillments.filter(state="cancelled").count() == 1


def test_it_is_announced_with_a_dash_for_its_bin():
    store, first, second = make_store(), make_item(), make_item("Kettle")
    stock_up(store, first, 1)
    stock_up(store, second, 1, "S-01")
    order_for(store, (first, 1), (second, 1))
    walk = Picker(store, make_associate(store), PickList.objects.get().pk).walk
    assert walk_words(walk, *walk.lines).following == "Then –: Kettle"


def test_the_record_is_true_while_a_list_with_a_short_line_is_still_being_walked():
    store, item = make_store(), make_item()
    stock_up(store, item, 2)
    walk(store, item).short(1)
    assert Order.objects.get().state == "allocated"
    assert list(find_defects()) == []
