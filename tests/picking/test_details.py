"""Serial numbers, weights, lots and expiry dates are asked before a unit counts as picked."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from picking.actions.by import By
from picking.actions.details import drop_asked
from picking.detail_errors import (
    DateInvalid,
    DetailFirst,
    DetailInvalid,
    ExpiredGoods,
    OneByOne,
    SerialTaken,
    WeightUnlikely,
)
from picking.models import PickCapture, PickList, Shortage
from stores.catalog.models import Item
from stores.journal.models import Event
from stores.stock.models import Move
from tests.factories import change_items, fulfillment_of, make_associate, order_for
from tests.picking.conftest import Job, Picker, start_job
from tests.staff.signing_in import signed_in_client

SOON = timezone.localdate() + timedelta(days=30)


def asking(**flags: bool | int | None) -> Job:
    """A job whose lantern asks for something; the picker stands before it."""
    job = start_job()
    change_items(Item.objects.filter(pk=job.lantern.pk), **flags)
    job.picker.scan("TOTE-0001", "A-01-1")
    return job


def gs1(job: Job, elements: str) -> str:
    return f"]C101{job.gtin(job.lantern)}{elements}"


def picked(job: Job) -> int:
    return int(job.picker.line.picked) if job.picker.line.item_id == job.lantern.pk else 2


def captures() -> list[tuple[str, int | None, str, str]]:
    rows = PickCapture.objects.filter(voided_at=None)
    return [(row.serial, row.weight_g, row.lot, row.expiry.isoformat() if row.expiry else "") for row in rows]


@pytest.mark.django_db
class TestAsking:
    def test_a_plain_code_asks_for_the_serial_and_nothing_has_moved(self) -> None:
        job = asking(is_serialised=True)
        band = job.picker.scan(job.gtin(job.lantern))
        assert band.title == "Scan the serial number"
        assert (picked(job), captures()) == (0, [])
        assert not Move.objects.filter(reason="picked").exists()
        assert PickList.objects.get().asked == {"units": 1}

    def test_the_next_scan_is_the_serial_number(self) -> None:
        job = asking(is_serialised=True)
        band = job.picker.scan(job.gtin(job.lantern), "sn-0001")
        assert band.title == "1 of 2 in TOTE-0001"
        assert captures() == [("SN-0001", None, "", "")]
        assert (PickList.objects.get().asks_for, PickList.objects.get().asked) == (None, {})

    def test_thirteen_digits_are_a_serial_number_too(self) -> None:
        job = asking(is_serialised=True)
        job.picker.scan(job.gtin(job.lantern), "4006381333932")
        assert captures() == [("4006381333932", None, "", "")]

    def test_all_four_are_asked_one_after_the_other(self) -> None:
        job = asking(is_serialised=True, is_weighed=True, is_lot_tracked=True, is_expiry_tracked=True)
        titles = [job.picker.scan(code).title for code in (job.gtin(job.lantern), "SN1", "0,35 kg", "L-7")]
        assert titles == [
            "Scan the serial number",
            "Weigh it: how many grams?",
            "Scan the lot number",
            "Scan or type the expiry date",
        ]
        job.picker.scan(SOON.strftime("%d.%m.%Y"))
        assert captures() == [("SN1", 350, "L-7", SOON.isoformat())]

    def test_a_gs1_code_fills_in_what_it_says_and_only_the_rest_is_asked(self) -> None:
        job = asking(is_serialised=True, is_lot_tracked=True, is_expiry_tracked=True)
        expiry = SOON.strftime("%y%m%d")
        band = job.picker.scan(gs1(job, f"17{expiry}10L-7"))
        assert band.title == "Scan the serial number"
        job.picker.scan(gs1(job, "21SN1"))
        assert captures() == [("SN1", None, "L-7", SOON.isoformat())]

    def test_a_gs1_code_that_says_all_picks_at_once(self) -> None:
        job = asking(is_serialised=True, is_expiry_tracked=True)
        band = job.picker.scan(gs1(job, f"17{SOON.strftime('%y%m%d')}21SN1"))
        assert band.title == "1 of 2 in TOTE-0001"
        assert captures() == [("SN1", None, "", SOON.isoformat())]

    def test_what_is_not_asked_is_not_kept(self) -> None:
        job = asking(is_lot_tracked=True)
        job.picker.scan(gs1(job, "10L-7\x1d21SN1"))
        assert captures() == [("", None, "L-7", "")]

    def test_the_journal_knows_what_was_taken_down(self) -> None:
        job = asking(is_serialised=True)
        job.picker.scan(job.gtin(job.lantern), "SN1")
        taken = Event.objects.get(kind="picking.details_taken")
        assert (taken.data["serial"], taken.quantity) == ("SN1", 1)
        assert Event.objects.filter(kind="picking.unit_picked", key=taken.key).exists()


@pytest.mark.django_db
class TestRefused:
    def test_the_same_serial_twice(self) -> None:
        job = asking(is_serialised=True)
        job.picker.scan(job.gtin(job.lantern), "SN1", job.gtin(job.lantern))
        with pytest.raises(SerialTaken):
            job.picker.scan("SN1")
        assert (picked(job), captures()) == (1, [("SN1", None, "", "")])

    def test_expired_goods_are_not_taken(self) -> None:
        job = asking(is_expiry_tracked=True)
        yesterday = timezone.localdate() - timedelta(days=1)
        with pytest.raises(ExpiredGoods):
            job.picker.scan(gs1(job, f"17{yesterday.strftime('%y%m%d')}"))
        assert (picked(job), captures()) == (0, [])

    @pytest.mark.parametrize("code", ["A-01-1", "A-03-2", "TOTE-0001", "TOTE-0002"])
    def test_a_bin_or_a_tote_is_no_serial_number(self, code: str) -> None:
        job = asking(is_serialised=True)
        job.picker.scan(job.gtin(job.lantern))
        with pytest.raises(DetailFirst):
            job.picker.scan(code)
        assert captures() == []

    def test_neither_is_the_item_itself_nor_another_one(self) -> None:
        job = asking(is_serialised=True)
        job.picker.scan(job.gtin(job.lantern))
        for item in (job.lantern, job.hanger):
            with pytest.raises(DetailFirst):
                job.picker.scan(job.gtin(item))
        assert captures() == []

    @pytest.mark.parametrize(
        ("flag", "text"),
        [
            ("is_weighed", "0"),
            ("is_weighed", "a lot"),
            ("is_weighed", "9999999"),
            ("is_expiry_tracked", "31.02.2027"),
            ("is_expiry_tracked", "soon"),
            ("is_lot_tracked", "%7"),
            ("is_serialised", "x" * 41),
            ("is_serialised", "SN1\x1dSN2"),
        ],
    )
    def test_what_cannot_be_meant(self, flag: str, text: str) -> None:
        job = asking(**{flag: True})
        job.picker.scan(job.gtin(job.lantern))
        with pytest.raises(DetailInvalid):
            job.picker.scan(text)
        assert (picked(job), captures()) == (0, [])

    @pytest.mark.parametrize(("known", "text", "most"), [(None, "30001", 30_000), (400, "2,001", 2_000)])
    def test_more_than_a_piece_can_weigh(self, known: int | None, text: str, most: int) -> None:
        job = asking(is_weighed=True, weight_g=known)
        job.picker.scan(job.gtin(job.lantern))
        with pytest.raises(WeightUnlikely) as refused:
            job.picker.scan(text)
        assert refused.value.facts["most"] == most
        assert (picked(job), captures()) == (0, [])
        job.picker.scan(str(most))
        assert captures() == [("", most, "", "")]

    def test_how_a_date_is_typed_is_said(self) -> None:
        job = asking(is_expiry_tracked=True)
        job.picker.scan(job.gtin(job.lantern))
        with pytest.raises(DateInvalid) as refused:
            job.picker.scan("May 2027")
        assert refused.value.detail == "Type it like 2027-05-31, or scan it."

    def test_a_quantity_of_numbered_pieces(self) -> None:
        job = asking(is_serialised=True)
        client = signed_in_client(job.picker.associate, job.store)
        line = job.picker.line.pk
        answer = client.post(f"/pick/{job.picker.pk}/quantity/", {"key": str(uuid4()), "line": line, "quantity": 2})
        assert (answer.status_code, OneByOne.code) == (409, "one_by_one")
        assert b"Scan each piece by itself" in answer.content
        assert picked(job) == 0


@pytest.mark.django_db
class TestBack:
    def test_undo_puts_down_the_unit_in_the_hand_first(self) -> None:
        job = asking(is_serialised=True)
        job.picker.scan(job.gtin(job.lantern), "SN1", job.gtin(job.lantern))
        client = signed_in_client(job.picker.associate, job.store)
        answer = client.post(f"/pick/{job.picker.pk}/undo/", {"key": str(uuid4())})
        assert b"Put it back: nothing was picked" in answer.content
        assert (picked(job), PickList.objects.get().asks_for) == (1, None)
        answer = client.post(f"/pick/{job.picker.pk}/undo/", {"key": str(uuid4())})
        assert answer.status_code == 200
        assert (picked(job), captures()) == (0, [])

    def test_an_undone_serial_may_be_picked_again(self) -> None:
        job = asking(is_serialised=True)
        job.picker.scan(job.gtin(job.lantern), "SN1")
        job.picker.undo()
        job.picker.scan(job.gtin(job.lantern), "SN1")
        assert captures() == [("SN1", None, "", "")]
        assert PickCapture.objects.count() == 2

    def test_dropping_where_nothing_is_asked_does_nothing(self) -> None:
        job = asking(is_serialised=True)
        by = By(store=job.store, associate=job.picker.associate, device=None, key=str(uuid4()))
        assert drop_asked(walk=job.picker.walk, by=by) is None
        assert not Event.objects.filter(kind="picking.details_dropped").exists()


@pytest.mark.django_db
def test_the_same_piece_cannot_lie_in_two_totes() -> None:
    job = asking(is_serialised=True)
    job.picker.scan(job.gtin(job.lantern), "SN1")
    order = order_for(job.store, (job.lantern, 1))
    associate = make_associate(job.store, name="Ben")
    second = Picker(job.store, associate, fulfillment_of(order).pick_lists.get().pk)
    with transaction.atomic():
        second.claim()
    second.scan("TOTE-0002", "A-01-1", job.gtin(job.lantern))
    with pytest.raises(SerialTaken):
        second.scan("SN1")
    assert (second.line.picked, captures()) == (0, [("SN1", None, "", "")])


@pytest.mark.django_db
def test_the_screen_asks_and_shows_what_is_known() -> None:
    job = asking(is_serialised=True, is_lot_tracked=True, is_age_restricted=True)
    job.picker.scan(gs1(job, "10L-7"))
    page = signed_in_client(job.picker.associate, job.store).get(f"/pick/{job.picker.pk}/").content.decode()
    assert "Scan the serial number" in page
    assert "Lot number L-7" in page
    assert "Age check at handover" in page
    # The templates hold the words for work without a connection.
    assert "Enter quantity" not in page.partition("<template")[0]


@pytest.mark.django_db
def test_what_no_database_keeps_is_refused_with_words() -> None:
    job = asking(is_serialised=True)
    job.picker.scan(job.gtin(job.lantern))
    client = signed_in_client(job.picker.associate, job.store)
    for _time in range(2):
        answer = client.post(f"/pick/{job.picker.pk}/scan/", {"key": "zero", "code": "A\x00<B>"})
        assert (answer.status_code, "A &lt;B&gt;" in answer.text) == (422, True)
    assert captures() == []


@pytest.mark.django_db
def test_what_is_broken_in_the_hand_is_reported_right_there() -> None:
    job = asking(is_serialised=True)
    job.picker.scan(job.gtin(job.lantern))
    client = signed_in_client(job.picker.associate, job.store)
    page = client.get(f"/pick/{job.picker.pk}/").content.decode()
    assert 'href="#short"' in page.partition('<footer id="actions">')[2].partition("</footer>")[0]
    job.picker.short(1, Shortage.Reason.DAMAGED)
    assert (job.picker.walk.asks_for_id, job.picker.line.open_quantity) == (None, 1)
