"""Where units come from that are not in their bin: another bin, another store, a substitute, or nowhere."""

from uuid import uuid4

import pytest
from django.db import transaction

from picking.models import PickLine, PickList, PickPlan, Shortage
from stores.catalog.models import Substitute
from stores.journal.models import Event
from stores.notices.models import Notice
from stores.orders.models import Fulfillment, Order, OrderLine
from stores.stock.models import Condition, CountRequest
from tests.factories import atp, bin_of, in_bin, make_associate, make_item, make_store, order_for, stock_up
from tests.picking.conftest import Picker
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


class Walk:
    """One order of lanterns, picked through the real screens."""

    def __init__(self, *, lanterns=1, stocked=(("A-01-1", 1),), store=None, **order):
        self.store = store or make_store()
        self.lantern = make_item("Lantern")
        for code, quantity in stocked:
            stock_up(self.store, self.lantern, quantity, code)
        self.order = order_for(order.pop("pickup_store", self.store), (self.lantern, lanterns), **order)
        self.picker = Picker(self.store, make_associate(self.store), PickList.objects.get(store=self.store).pk)
        self.client = signed_in_client(self.picker.associate, self.store)
        self.post("start")
        self.post("scan", code="TOTE-0001")

    def post(self, path, **fields):
        form = {"key": str(uuid4()), **fields}
        return self.client.post(f"/pick/{self.picker.pk}/{path}/", form, headers={"HX-Request": "true"})

    def page(self):
        return self.client.get(f"/pick/{self.picker.pk}/").content.decode()

    def short(self, quantity=1, reason="not_found", **fields):
        return self.post(
            "short", line=self.picker.line.pk, quantity=str(quantity), reason=reason, **fields
        ).content.decode()

    @property
    def ends(self):
        return list(Shortage.objects.order_by("pk").values_list("quantity", "reason", "end"))


def test_the_likeliest_bin_is_next_and_the_others_may_be_chosen():
    walk = Walk(lanterns=2, stocked=[("A-01-1", 2), ("B-01-1", 3), ("A-02-1", 3), ("A-03-2", 1)])
    assert "Look in A-02-1" in walk.short(2)
    assert walk.picker.line.bin_code == "A-02-1"
    page = walk.page()
    # What the other line wants is what it should have; a bin that has fewer is not offered.
    assert "A-02-1 should have 2." in page
    assert "B-01-1" in page
    assert "A-03-2" not in page
    assert "B-01-1 it is" in walk.post("scan", code="B-01-1").content.decode()
    walk.post("scan", code=walk.lantern.sku)
    assert in_bin(walk.store, "B-01-1", walk.lantern) == 2
    assert walk.ends == [(2, "not_found", "bin")]
    assert CountRequest.objects.get().bin == bin_of(walk.store, "A-01-1")


def test_a_bin_that_waits_to_be_counted_is_no_candidate():
    walk = Walk(stocked=[("A-01-1", 1), ("A-02-1", 5), ("B-01-1", 1)])
    CountRequest.objects.create(
        store=walk.store, bin=bin_of(walk.store, "A-02-1"), item=walk.lantern, reason="not_found"
    )
    walk.short()
    assert walk.picker.line.bin_code == "B-01-1"


def test_a_wrong_bin_is_refused_as_ever_where_nothing_is_sought():
    walk = Walk(stocked=[("A-01-1", 2), ("B-01-1", 2)])
    assert walk.post("scan", code="B-01-1").status_code == 409
    assert walk.picker.line.bin_code == "A-01-1"


def test_some_in_another_bin_and_the_rest_nowhere():
    walk = Walk(lanterns=3, stocked=[("A-01-1", 2), ("B-01-1", 1)])
    walk.short(2)
    assert walk.ends == [(2, "not_found", "")]
    walk.post("scan", code="B-01-1")
    walk.post("scan", code=walk.lantern.sku)
    walk.post("finish")
    assert walk.ends == [(2, "not_found", "cancelled")]
    assert OrderLine.objects.get().cancelled == 2
    assert Notice.objects.filter(kind="orders.line_cancelled").count() == 1


def test_damaged_stays_as_damaged_and_asks_for_no_count():
    walk = Walk(stocked=[("A-01-1", 1)])
    walk.short(reason="damaged")
    assert (in_bin(walk.store, "A-01-1", walk.lantern, Condition.DAMAGED), CountRequest.objects.count()) == (1, 0)


def test_another_item_lies_there_and_both_are_counted():
    walk = Walk(stocked=[("A-01-1", 2)])
    other = make_item("Hanger")
    walk.short(reason="wrong_item", other=other.sku)
    asked = CountRequest.objects.order_by("item").values_list("item__name", "reason", "held")
    assert sorted(asked) == [("Hanger", "wrong_item", 0), ("Lantern", "wrong_item", 2)]
    assert atp(walk.store, walk.lantern) == 0


def test_it_goes_to_another_store_and_the_picker_hears_it_at_once():
    near = make_store(latitude=51.54)
    far = make_store(latitude=52.00)
    walk = Walk(store=near, pickup_store=None, latitude=51.54, longitude=-0.14)
    stock_up(far, walk.lantern, 1)
    assert "Goes to another store." in walk.short()
    walk.post("finish")
    assert walk.ends == [(1, "not_found", "store")]
    assert Fulfillment.objects.exclude(state="cancelled").get().store == far


def offered(**order):
    walk = Walk(allows_substitutes=True, **order)
    red = make_item("Red lantern")
    Substitute.objects.create(item=walk.lantern, substitute=red, rank=1)
    stock_up(walk.store, red, 4, "A-03-2")
    return walk, red


def test_a_substitute_is_offered_taken_and_picked():
    walk, red = offered()
    assert "Take instead" in walk.short()
    shortage = Shortage.objects.get()
    assert "On your list, from A-03-2." in walk.post("instead", line=shortage.pk).content.decode()
    assert walk.ends == [(1, "not_found", "substitute")]
    assert atp(walk.store, red) == 3
    walk.post("scan", code="A-03-2")
    walk.post("scan", code=red.sku)
    walk.post("finish")
    assert Order.objects.get().state == "allocated"
    given = OrderLine.objects.get(item=red)
    assert (given.substitute_for.item, given.quantity, given.price) == (walk.lantern, 1, walk.lantern.price)
    assert Notice.objects.filter(kind="orders.substituted").count() == 1


def test_a_substitute_that_is_left_out_is_offered_no_more():
    walk, _red = offered()
    walk.short()
    shortage = Shortage.objects.get()
    assert "Take instead" not in walk.post("leave-out", line=shortage.pk).content.decode()
    assert walk.post("instead", line=shortage.pk).status_code == 409
    walk.post("finish")
    assert walk.ends == [(1, "not_found", "cancelled")]
    assert Order.objects.get().state == "cancelled"


def test_who_wants_no_substitute_is_offered_none():
    walk, _red = offered()
    Order.objects.update(allows_substitutes=False)
    assert "Take instead" not in walk.short()


def test_a_store_that_waits_for_stock_keeps_the_order():
    walk = Walk()
    PickPlan.objects.create(store=walk.store, when_gone="wait")
    assert "The order waits for stock." in walk.short()
    walk.post("finish")
    assert walk.ends == [(1, "not_found", "backorder")]
    assert Order.objects.get().state == "backordered"


def test_the_same_form_twice_is_one_shortage():
    walk = Walk(lanterns=2, stocked=[("A-01-1", 2), ("B-01-1", 2)])
    form = {"line": walk.picker.line.pk, "quantity": "1", "reason": "not_found", "key": str(uuid4())}
    answers = [walk.post("short", **form).status_code for _ in range(2)]
    assert answers == [200, 200]
    assert (Shortage.objects.count(), CountRequest.objects.count()) == (1, 1)
    assert sum(PickLine.objects.values_list("short", flat=True)) == 1
    assert Event.objects.filter(kind="picking.unit_short").count() == 1


def test_units_others_were_promised_of_the_bin_stay_theirs_until_it_is_counted():
    walk = Walk(stocked=[("A-01-1", 4)])
    with transaction.atomic():
        order_for(walk.store, (walk.lantern, 2))
    walk.short()
    assert in_bin(walk.store, "A-01-1", walk.lantern, Condition.QUARANTINED) == 2
    assert Event.objects.filter(kind="stock.shortfall").count() == 0


def test_a_short_is_not_undone_and_says_what_to_do():
    walk = Walk()
    walk.short()
    answer = walk.post("undo")
    assert answer.status_code == 409
    assert "answer the count of its bin" in answer.content.decode()
    assert walk.ends == [(1, "not_found", "")]
