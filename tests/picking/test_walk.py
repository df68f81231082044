import pytest

from picking.errors import (
    AlreadyComplete,
    BinFirst,
    ItemLater,
    LinesOpen,
    ListTaken,
    NotATote,
    NotYourList,
    TooMany,
    ToteFirst,
    ToteInUse,
    UnknownCode,
    WrongBin,
    WrongItem,
)
from picking.models import PickClaim, PickList, PickTote
from stores.catalog.barcodes import CodeHasControls
from stores.catalog.models import Barcode
from stores.journal.models import Event
from stores.orders.errors import NotHere
from stores.orders.models import Fulfillment, FulfillmentLine
from tests.factories import (
    atp,
    fulfillment_of,
    in_bin,
    make_associate,
    make_item,
    make_store,
    order_for,
    stock_up,
)
from tests.picking.conftest import Picker, start_job

pytestmark = pytest.mark.django_db


def test_lines_stand_in_walking_order(job):
    assert [line.bin_code for line in job.picker.walk.lines] == ["A-01-1", "A-03-2"]


def test_the_whole_walk(job):
    picker = job.picker
    assert picker.scan("TOTE-0001").tone == "yes"
    assert picker.scan("A-01-1").tone == "yes"
    assert picker.scan(job.gtin(job.lantern)).title == "1 of 2 in TOTE-0001"
    assert picker.scan(job.gtin(job.lantern)).detail == "Next: A-03-2"
    assert picker.scan("A-03-2", job.gtin(job.hanger)).title == "All picked"
    assert picker.scan("TOTE-0001").detail == "Take TOTE-0001 to staging."
    assert PickList.objects.get().state == PickList.State.DONE
    assert fulfillment_of(job.order).state == Fulfillment.State.PICKED
    assert sorted(FulfillmentLine.objects.values_list("picked", flat=True)) == [1, 2]
    assert in_bin(job.store, "TOTE-0001", job.lantern) == 2
    # Goods in a tote are still promised: nothing about the promise has changed.
    assert (atp(job.store, job.lantern), atp(job.store, job.hanger)) == (3, 4)
    assert Event.objects.filter(kind="picking.unit_picked").count() == 3


def test_a_tote_comes_first(job):
    with pytest.raises(ToteFirst):
        job.picker.scan("A-01-1")
    with pytest.raises(ToteFirst):
        job.picker.scan(job.gtin(job.lantern))
    with pytest.raises(NotATote, match="TOTE-99"):
        job.picker.scan("TOTE-99")


def test_the_bin_comes_before_the_item_where_the_store_wants_it(job):
    job.picker.scan("TOTE-0001")
    with pytest.raises(BinFirst) as refused:
        job.picker.scan(job.gtin(job.lantern))
    assert refused.value.headline == "Scan bin A-01-1 first"


def test_a_store_may_do_without_bin_scans():
    job = start_job(bin_scan_required=False)
    assert job.picker.scan("TOTE-0001", job.gtin(job.lantern)).title == "1 of 2 in TOTE-0001"


def test_wrong_things_say_what_was_expected_and_what_came(job):
    stranger = make_item("Teapot")
    job.picker.scan("TOTE-0001")
    with pytest.raises(WrongBin) as refused:
        job.picker.scan("A-02-1")
    assert (refused.value.headline, refused.value.detail) == ("Wrong bin: A-02-1", "Go to A-01-1.")
    job.picker.scan("A-01-1")
    with pytest.raises(WrongItem) as refused:
        job.picker.scan(job.gtin(stranger))
    assert (refused.value.headline, refused.value.detail) == ("Wrong item: Teapot", "Expected: Lantern")
    with pytest.raises(ItemLater) as refused:
        job.picker.scan(job.gtin(job.hanger))
    assert refused.value.detail == "That one comes later, from A-03-2."
    with pytest.raises(UnknownCode) as refused:
        job.picker.scan("NOSUCHTHING")
    assert (refused.value.headline, refused.value.facts) == ("Unknown code", {"code": "NOSUCHTHING"})
    with pytest.raises(CodeHasControls):
        job.picker.scan("A-01\x07-1")
    assert job.picker.walk.units_picked == 0


def test_a_finished_line_says_so(job):
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern), job.gtin(job.lantern))
    with pytest.raises(AlreadyComplete) as refused:
        job.picker.scan(job.gtin(job.lantern))
    assert refused.value.detail == "All 2 are picked. Put this one back."


def test_one_is_not_many():
    job = start_job(lanterns=1)
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern))
    with pytest.raises(AlreadyComplete) as refused:
        job.picker.scan(job.gtin(job.lantern))
    assert refused.value.detail == "1 is picked. Put this one back."
    with pytest.raises(LinesOpen) as still_open:
        job.picker.finish()
    assert still_open.value.headline == "1 line is not finished"


def test_the_sku_may_be_typed_in_any_case(job):
    job.picker.scan("TOTE-0001", "A-01-1")
    assert job.picker.scan(job.lantern.sku.lower()).title == "1 of 2 in TOTE-0001"


def test_a_case_counts_its_pack_quantity():
    job = start_job(lanterns=4)
    Barcode.objects.create(item=job.lantern, gtin="19521234543210", pack_quantity=3)
    job.picker.scan("TOTE-0001", "A-01-1")
    assert job.picker.scan("19521234543210").title == "3 of 4 in TOTE-0001"
    with pytest.raises(TooMany) as refused:
        job.picker.scan("19521234543210")
    assert refused.value.detail == "Only 1 more of Lantern."
    assert in_bin(job.store, "TOTE-0001", job.lantern) == 3


def test_another_store_does_not_have_the_list(job):
    with pytest.raises(NotHere):
        Picker(make_store(), job.picker.associate, job.picker.pk).claim()


def test_a_colleague_is_told_who_has_the_list(job):
    colleague = Picker(job.store, make_associate(job.store, name="Ben"), job.picker.pk)
    with pytest.raises(ListTaken) as refused:
        colleague.claim()
    assert refused.value.headline == "Rosa is picking this list"
    with pytest.raises(NotYourList):
        colleague.scan("TOTE-0001")
    assert PickClaim.objects.count() == 1


def test_claiming_again_is_no_second_claim(job):
    job.picker.claim()
    assert PickClaim.objects.count() == 1


def test_a_tote_serves_one_list_at_a_time(job):
    job.picker.scan("TOTE-0001")
    stock_up(job.store, job.lantern, 5)
    order_for(job.store, (job.lantern, 1))
    other = Picker(job.store, make_associate(job.store), PickList.objects.latest("pk").pk)
    other.claim()
    with pytest.raises(ToteInUse):
        other.scan("TOTE-0001")
    with pytest.raises(ToteFirst):
        other.scan("S-01")
    assert PickTote.objects.count() == 1


def test_a_full_tote_is_followed_by_another(job):
    job.picker.scan("TOTE-0001", "A-01-1", job.gtin(job.lantern), "TOTE-0002", job.gtin(job.lantern))
    assert in_bin(job.store, "TOTE-0001", job.lantern) == in_bin(job.store, "TOTE-0002", job.lantern) == 1


def test_a_list_with_open_lines_is_not_finished(job):
    job.picker.scan("TOTE-0001")
    with pytest.raises(LinesOpen) as refused:
        job.picker.finish()
    assert refused.value.headline == "2 lines are not finished"
    assert job.picker.scan("TOTE-0001").tone == "look"
    assert PickList.objects.get().state == PickList.State.PICKING


def test_two_lists_do_not_count_on_the_same_units():
    store, item = make_store(), make_item()
    stock_up(store, item, 2, "A-01-1")
    stock_up(store, item, 2, "B-01-1")
    first, second = order_for(store, (item, 2)), order_for(store, (item, 2))
    bins = [line.bin.code for order in (first, second) for line in fulfillment_of(order).pick_lists.get().lines.all()]
    assert bins == ["A-01-1", "B-01-1"]


def test_two_lines_of_one_item_do_not_count_on_the_same_units():
    store, item = make_store(), make_item()
    stock_up(store, item, 2, "A-01-1")
    stock_up(store, item, 1, "B-01-1")
    order = order_for(store, (item, 2), (item, 1))
    lines = fulfillment_of(order).pick_lists.get().lines.all()
    assert [(line.bin.code, line.quantity) for line in lines] == [("A-01-1", 2), ("B-01-1", 1)]
