"""Back to the shelf, by scans."""

from uuid import uuid4

import pytest
from django.db import transaction

from picking.models import PickTote, PutBack
from stores.catalog.models import Item, Picture
from stores.journal.models import Event
from stores.models import Bin
from stores.orders.actions.cancel_order import cancel_order
from stores.orders.reasons import CancelReason
from stores.stock.models import Condition
from tests.factories import atp, change_items, in_bin, make_associate, make_store, order_for
from tests.picking.conftest import start_job
from tests.staff.signing_in import signed_in_client

pytestmark = pytest.mark.django_db


class Back:
    """Two lanterns in a tote that nobody wants."""

    def __init__(self):
        self.job = start_job()
        self.store, self.lantern = self.job.store, self.job.lantern
        self.job.picker.scan("TOTE-0001", "A-01-1", *[self.job.gtin(self.lantern)] * 2)
        with transaction.atomic():
            cancel_order(order=self.job.order, reason=CancelReason.CUSTOMER, key="c")
        self.client = signed_in_client(self.job.picker.associate, self.store)
        self.pk = PutBack.objects.get().pk

    @property
    def task(self):
        return PutBack.objects.get()

    def post(self, path, **fields):
        form = {"key": str(uuid4()), **fields}
        return self.client.post(f"/put-back/{path}", form, headers={"HX-Request": "true"})

    def put(self, **fields):
        return self.post(f"{self.pk}/put/", **fields)


@pytest.fixture
def back(db):
    return Back()


def test_tote_then_item_then_shelf(back):
    assert "TOTE-0001" in back.client.get("/put-back/").content.decode()
    assert "TOTE-0001" in back.client.get("/").content.decode()
    assert back.post("scan/", code="TOTE-0001").headers["HX-Redirect"] == f"/put-back/{back.pk}/"
    assert "take out of" in back.client.get(f"/put-back/{back.pk}/").content.decode()
    answer = back.post(f"{back.pk}/scan/", code=back.job.gtin(back.lantern))
    assert answer.headers["HX-Redirect"] == f"/put-back/{back.pk}/to/"
    assert "A-01-1" in back.client.get(f"/put-back/{back.pk}/to/").content.decode()
    assert "TOTE-0001 is empty" in back.put(code="A-01-1").content.decode()
    assert (back.task.state, back.task.put, back.task.done_by) == ("done", 2, back.job.picker.associate)
    assert (in_bin(back.store, "A-01-1", back.lantern), atp(back.store, back.lantern)) == (5, 5)
    assert PickTote.objects.get().emptied_at
    assert Event.objects.filter(kind="picking.put_back").count() == 1
    assert "Nothing to put back" in back.client.get("/put-back/").content.decode()


def test_the_picture_shows_what_to_look_for(back):
    assert "<img" not in back.client.get(f"/put-back/{back.pk}/").content.decode()
    Picture.objects.create(item=back.lantern, content=b"x", sha256="a" * 64, width=1, height=1)
    assert f'src="/catalog/pictures/{"a" * 64}.webp"' in back.client.get(f"/put-back/{back.pk}/").content.decode()


def test_an_item_leads_straight_to_its_shelf(back):
    assert back.post("scan/", code=back.lantern.sku).headers["HX-Redirect"] == f"/put-back/{back.pk}/to/"


def test_any_shelf_but_only_a_shelf(back):
    for code in ("S-01", "TOTE-0002", "VARIANCE", "NOWHERE"):
        assert back.put(code=code).status_code == 409
    assert (back.task.put, atp(back.store, back.lantern)) == (0, 3)
    assert back.put(code="B-01-1").status_code == 200
    assert in_bin(back.store, "B-01-1", back.lantern) == 2


def test_another_bin_than_the_suggested_one_is_named(back):
    some = back.put(bin="B-01-1", quantity="1").content.decode()
    assert "Put into B-01-1 instead of A-01-1" in some
    assert "1 more to put back" in some
    rest = back.put(code="B-01-1").content.decode()
    assert "Put into B-01-1 instead of A-01-1" in rest
    assert "All put back." in rest
    assert in_bin(back.store, "B-01-1", back.lantern) == 2


def test_damaged_units_belong_to_no_bin_in_particular(back):
    answer = back.post(f"{back.pk}/put/?damaged=1", code="B-01-1")
    assert "TOTE-0001 is empty" in answer.content.decode()
    assert "instead of" not in answer.content.decode()
    assert in_bin(back.store, "B-01-1", back.lantern, Condition.DAMAGED) == 2


def test_a_device_suggests_the_shelf_it_came_from_and_nothing_that_is_no_shelf(back):
    suggested = [one["to"] for one in back.client.get("/pick/device/").json()["put_backs"]]
    PutBack.objects.update(to_bin=Bin.objects.get(store=back.store, code="S-01"))
    assert suggested + [one["to"] for one in back.client.get("/pick/device/").json()["put_backs"]] == ["A-01-1", None]


def test_the_wrong_item_is_refused(back):
    hanger = back.job.hanger.sku
    assert back.post(f"{back.pk}/scan/", code=hanger).status_code == 409
    assert back.put(item=hanger, bin="A-01-1").status_code == 409
    assert back.task.put == 0


def test_some_here_and_one_damaged_there(back):
    assert "1 more to put back" in back.put(bin="A-01-1", quantity="1").content.decode()
    assert (back.task.state, back.task.put, atp(back.store, back.lantern)) == ("open", 1, 4)
    assert back.task.reservation.quantity == 1
    assert back.put(bin="A-02-1", quantity="2").status_code == 422
    answer = back.client.post(f"/put-back/{back.pk}/put/?damaged=1", {"key": str(uuid4()), "code": "A-02-1"})
    assert answer.status_code == 200
    assert in_bin(back.store, "A-02-1", back.lantern, Condition.DAMAGED) == 1
    assert (back.task.state, atp(back.store, back.lantern)) == ("done", 4)


def test_the_same_post_twice_has_one_effect(back):
    form = {"key": str(uuid4()), "item": back.lantern.sku, "bin": "A-01-1", "quantity": "1"}
    assert [back.post(f"{back.pk}/put/", **form).status_code for _ in range(2)] == [200, 200]
    assert back.task.put == 1


def test_undo_takes_it_off_the_shelf_again(back):
    back.put(bin="A-01-1", quantity="1")
    back.put(bin="B-01-1")
    assert "Undone" in back.post("undo/").content.decode()
    assert (back.task.state, back.task.put, back.task.reservation.quantity) == ("open", 1, 1)
    assert (in_bin(back.store, "TOTE-0001", back.lantern), atp(back.store, back.lantern)) == (1, 4)
    assert PickTote.objects.get().emptied_at is None
    # Only the last one: what went before has been seen by others since.
    assert back.post("undo/").status_code == 409
    back.put(bin="A-01-1")
    assert (back.task.state, atp(back.store, back.lantern)) == ("done", 5)


def test_what_is_promised_by_now_stays_on_the_shelf(back):
    back.put(bin="A-01-1")
    order_for(back.store, (back.lantern, 5))
    answer = back.post("undo/")
    assert answer.status_code == 409
    assert "promised" in answer.content.decode()
    assert (in_bin(back.store, "A-01-1", back.lantern), PickTote.objects.get().emptied_at is None) == (5, False)


def test_an_item_that_is_sold_no_more_goes_back_all_the_same(back):
    change_items(Item.objects.filter(pk=back.lantern.pk), state="retired")
    assert back.put(bin="A-01-1").status_code == 200


def test_another_store_sees_nothing_of_it(back):
    store = make_store()
    client = signed_in_client(make_associate(store), store)
    for path in (f"{back.pk}/", f"{back.pk}/to/"):
        assert client.get(f"/put-back/{path}").status_code == 404
    assert client.post(f"/put-back/{back.pk}/put/", {"key": str(uuid4()), "bin": "A-01-1"}).status_code == 404


def test_the_list_makes_the_same_queries_however_long_it_is(back, django_assert_max_num_queries):
    with django_assert_max_num_queries(7):
        back.client.get("/put-back/")
    PutBack.objects.update(item=back.lantern)
    with django_assert_max_num_queries(7):
        back.client.get("/put-back/")


def test_the_claim_names_its_put_back(back):
    page = back.client.get(f"/items/{back.lantern.pk}/")
    assert f"/put-back/{back.pk}/" in page.content.decode()
