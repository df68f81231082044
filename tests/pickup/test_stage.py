import pytest
from django.utils import timezone

from pickup.actions.stage_tote import stage_tote
from pickup.actions.undo_staging import undo_staging
from pickup.errors import (
    AlreadyStaged,
    HandoverBegun,
    NotAStagingBin,
    NothingToUndo,
    StillPicking,
    ToteReused,
    UnknownBin,
    UnknownTote,
)
from pickup.models import CustomerLink, StagedTote
from pickup.queries.staging import last_staging, suggested_bin, tote_by_code, totes_waiting
from stores.journal.models import Event
from stores.models import Bin, BinKind
from stores.notices.models import Notice
from stores.orders.errors import NotHere
from stores.orders.models import Fulfillment
from stores.printing.models import Printer, PrintJob
from tests.factories import bin_of, in_bin, make_associate, make_store
from tests.pickup.conftest import Pickup, start_pickup


def undo(pickup: Pickup, pk: int) -> StagedTote:
    return undo_staging(store=pickup.store, pk=pk, associate=pickup.associate, device=None)


def test_staging_moves_the_goods_and_makes_the_order_ready(picked: Pickup) -> None:
    staging = picked.stage("S-02")

    assert staging.is_ready
    assert in_bin(picked.store, "TOTE-0001", picked.lantern) == 0
    assert in_bin(picked.store, "S-02", picked.lantern) == 2
    assert in_bin(picked.store, "S-02", picked.hanger) == 1
    assert [(line.staged, line.picked) for line in picked.fulfillment.lines.order_by("picked")] == [(1, 1), (2, 2)]
    assert picked.fulfillment.state == Fulfillment.State.STAGED
    assert picked.fulfillment.staged_at is not None
    assert picked.pick_tote().emptied_at is not None
    assert not totes_waiting(picked.store).exists()
    assert picked.kinds() == ["pickup.staged", "pickup.ready"]


def test_the_shop_hears_that_it_is_ready(ready: Pickup) -> None:
    event = Event.objects.get(kind="pickup.ready")
    assert event.subject == f"fulfillment:{ready.pk}"
    assert event.store_id == ready.store.pk
    assert event.data == {
        "source": "test",
        "order": ready.order.external_id,
        "number": ready.order.number,
        "collect_by": ready.link.expires_at.isoformat(),
        "again": False,
    }


def test_the_customer_gets_a_link_a_code_and_a_notice(ready: Pickup) -> None:
    link = ready.link
    assert len(link.token) == 22  # 128 bits in base 64
    assert link.code.isdigit()
    assert len(link.code) == 6
    assert (link.expires_at - timezone.now()).days in {ready.store.hold_days - 1, ready.store.hold_days}

    notice = Notice.objects.get()
    assert notice.kind == "pickup.ready"
    assert notice.address == "bob@shop.example"
    assert notice.title == f"Order {ready.order.number} is ready at {ready.store.name}"
    assert link.code in notice.body
    assert f"http://127.0.0.1:8000{ready.page}" in notice.body
    assert ready.store.address in notice.body


def test_each_bag_gets_its_label(picked: Pickup) -> None:
    Printer.objects.create(store=picked.store, name="Counter", host="127.0.0.1", port=9100)
    picked.stage("S-02")

    job = PrintJob.objects.get()
    assert job.title == f"Bag label {picked.order.number} 1/1"
    assert job.subject == f"fulfillment:{picked.pk}"
    assert f"F-{picked.pk}-1" in job.content
    assert "S-02" in job.content


@pytest.mark.django_db
def test_the_order_is_ready_with_its_last_tote() -> None:
    pickup = start_pickup(totes=2).pick()

    first = pickup.stage("S-01", "TOTE-0001")
    assert (first.is_ready, first.totes_left) == (False, 1)
    assert pickup.fulfillment.state == Fulfillment.State.PICKED
    assert not CustomerLink.objects.exists()

    second = pickup.stage("S-02", "TOTE-0002")
    assert (second.is_ready, second.totes_left) == (True, 0)
    assert [(bag.bag, bag.bin.code) for bag in pickup.bags] == [(1, "S-01"), (2, "S-02")]


@pytest.mark.parametrize(
    ("code", "kind"), [("A-01-1", "a shelf"), ("TOTE-0002", "a tote"), ("SUPPLIER", "a bin for supplier")]
)
def test_another_kind_of_bin_is_refused_with_what_was_expected(picked: Pickup, code: str, kind: str) -> None:
    with pytest.raises(NotAStagingBin) as refused:
        picked.stage(code)
    assert refused.value.headline == f"{code} is not a staging bin"
    assert refused.value.detail == f"Expected: a staging bin. This is {kind}."
    assert in_bin(picked.store, "TOTE-0001", picked.lantern) == 2
    assert not StagedTote.objects.exists()


def test_another_stores_bin_is_unknown(picked: Pickup) -> None:
    other = make_store()
    Bin.objects.create(store=other, code="S-99", kind=BinKind.STAGING)
    with pytest.raises(UnknownBin):
        picked.stage("S-99")


def test_another_stores_tote_is_not_here(picked: Pickup) -> None:
    with pytest.raises(NotHere):
        stage_tote(
            store=make_store(), pk=picked.pick_tote().pk, bin_code="S-01", associate=picked.associate, device=None
        )


def test_whoever_is_second_is_told_where_it_went(picked: Pickup) -> None:
    picked.stage("S-02")
    with pytest.raises(AlreadyStaged) as refused:
        picked.stage("S-01", associate=make_associate(picked.store, name="Ben"))
    assert refused.value.headline == "Already staged in S-02"
    assert refused.value.detail == "Rosa put TOTE-0001 there."
    assert in_bin(picked.store, "S-01", picked.lantern) == 0


def test_a_tote_that_is_still_filled_has_to_wait(pickup: Pickup) -> None:
    from_list = pickup.fulfillment.pick_lists.get()
    from_list.totes.create(part=from_list.parts.get(), tote=bin_of(pickup.store, "TOTE-0001"))
    with pytest.raises(StillPicking):
        tote_by_code(pickup.store, "TOTE-0001")
    with pytest.raises(UnknownTote) as refused:
        tote_by_code(pickup.store, "TOTE-0002")
    # The headline names it, so the band does not print the code once more.
    assert refused.value.headline == "TOTE-0002 holds nothing to stage"
    assert "code" not in refused.value.facts


@pytest.mark.django_db
def test_the_orders_own_bin_is_suggested_then_empty_ones_then_the_least_full() -> None:
    pickup = start_pickup(totes=2).pick()

    def suggest(fulfillment: Fulfillment) -> str:
        found = suggested_bin(store=pickup.store, fulfillment=fulfillment)
        return found.code if found else ""

    assert suggest(pickup.fulfillment) == "S-01"
    pickup.stage("S-01", "TOTE-0001")
    assert suggest(pickup.fulfillment) == "S-01"

    other = start_pickup(pickup.store)
    other.totes = ["TOTE-0003"]
    other.pick()
    assert suggest(other.fulfillment) == "S-02"
    pickup.stage("S-01", "TOTE-0002")
    other.stage("S-02", "TOTE-0003")
    assert suggest(other.fulfillment) == "S-02"
    assert suggest(start_pickup(pickup.store).fulfillment) == "S-02"


@pytest.mark.django_db
def test_a_store_without_staging_bins_suggests_none() -> None:
    pickup = start_pickup().pick()
    Bin.objects.filter(store=pickup.store, kind=BinKind.STAGING).delete()
    assert suggested_bin(store=pickup.store, fulfillment=pickup.fulfillment) is None


class TestUndo:
    def test_puts_everything_back_into_the_tote(self, ready: Pickup) -> None:
        before = ready.link
        undone = undo(ready, ready.bags[0].pk)

        assert undone.bin.code == "S-01"
        assert in_bin(ready.store, "S-01", ready.lantern) == 0
        assert in_bin(ready.store, "TOTE-0001", ready.lantern) == 2
        assert ready.fulfillment.state == Fulfillment.State.PICKED
        assert ready.fulfillment.staged_at is None
        assert {line.staged for line in ready.fulfillment.lines.all()} == {0}
        assert [tote.tote.code for tote in totes_waiting(ready.store)] == ["TOTE-0001"]
        assert ready.kinds() == ["pickup.staged", "pickup.ready", "pickup.stage_undone"]
        assert ready.link.code == before.code

    def test_and_again_keeps_link_code_and_bag_number_and_writes_no_second_notice(self, ready: Pickup) -> None:
        before = ready.link
        undo(ready, ready.bags[0].pk)
        ready.stage("S-02")

        assert (ready.link.token, ready.link.code) == (before.token, before.code)
        assert [bag.bag for bag in ready.bags] == [1]
        assert Notice.objects.count() == 1
        assert Event.objects.filter(kind="pickup.ready").latest("pk").data["again"] is True

    def test_of_one_tote_leaves_the_others_where_they_are(self, db: None) -> None:
        pickup = start_pickup(totes=2).make_ready()
        undo(pickup, pickup.bags[1].pk)
        assert in_bin(pickup.store, "S-01", pickup.lantern) == 2
        assert in_bin(pickup.store, "TOTE-0002", pickup.hanger) == 1
        assert pickup.fulfillment.state == Fulfillment.State.PICKED

    def test_happens_once(self, ready: Pickup) -> None:
        pk = ready.bags[0].pk
        undo(ready, pk)
        with pytest.raises(NothingToUndo):
            undo(ready, pk)

    def test_ends_when_the_handover_has_begun(self, pickup: Pickup) -> None:
        pickup.prepare_to_give()
        with pytest.raises(HandoverBegun):
            undo(pickup, pickup.bags[0].pk)
        assert last_staging(store=pickup.store, associate=pickup.associate) is None

    def test_needs_the_tote(self, ready: Pickup) -> None:
        other = start_pickup(ready.store).pick()
        assert other.pick_tote().emptied_at is None
        with pytest.raises(ToteReused):
            undo(ready, ready.bags[0].pk)

    def test_is_offered_for_ones_own_last_staging(self, ready: Pickup) -> None:
        assert last_staging(store=ready.store, associate=ready.associate) == ready.bags[0]
        assert last_staging(store=ready.store, associate=make_associate(ready.store, name="Ben")) is None

    def test_of_another_stores_staging_finds_nothing(self, ready: Pickup) -> None:
        with pytest.raises(NothingToUndo):
            undo_staging(store=make_store(), pk=ready.bags[0].pk, associate=ready.associate, device=None)
