import pytest
from django.db import DatabaseError, IntegrityError, transaction

from stores.models import Bin, BinKind
from stores.stock.actions.post_move import Posting, post_move
from stores.stock.actions.reservations import reserve
from stores.stock.errors import NotInBin, StockPromised
from stores.stock.models import Availability, Balance, Condition, Move
from tests.factories import atp, bin_of, in_bin, make_item, make_store, stock_up

pytestmark = pytest.mark.django_db


def move(store, item, source, target, quantity, **fields):
    return post_move(
        Posting(
            key=fields.pop("key", f"{source}>{target}:{quantity}"),
            item_id=item.pk,
            source=bin_of(store, source),
            target=bin_of(store, target),
            quantity=quantity,
            reason=Move.Reason.CORRECTED,
            **fields,
        )
    )


def test_ten_on_hand_two_reserved_one_display_one_damaged_leaves_six():
    store, item = make_store(), make_item()
    stock_up(store, item, 10)
    move(store, item, "A-01-1", "A-01-1", 1, target_condition=Condition.DISPLAY, key="a")
    move(store, item, "A-01-1", "A-01-1", 1, target_condition=Condition.DAMAGED, key="b")
    reserve(key="r", store_id=store.pk, item_id=item.pk, quantity=2, reference="test")
    row = Availability.objects.get(store=store, item=item)
    assert (row.on_hand, row.unsellable, row.reserved, row.atp) == (10, 2, 2, 6)


def test_a_move_inside_the_store_changes_bins_and_not_the_promise():
    store, item = make_store(), make_item()
    stock_up(store, item, 5)
    move(store, item, "A-01-1", "TOTE-0001", 2)
    assert (in_bin(store, "A-01-1", item), in_bin(store, "TOTE-0001", item), atp(store, item)) == (3, 2, 5)


def test_a_physical_bin_never_goes_below_zero():
    store, item = make_store(), make_item()
    stock_up(store, item, 1)
    with pytest.raises(NotInBin) as refused, transaction.atomic():
        move(store, item, "A-01-1", "TOTE-0001", 2)
    assert refused.value.facts == {"bin": "A-01-1", "item": item.pk, "wanted": 2}
    assert (in_bin(store, "A-01-1", item), Move.objects.count()) == (1, 1)


def test_the_supplier_bin_may_go_below_zero():
    store, item = make_store(), make_item()
    stock_up(store, item, 3)
    assert Balance.objects.get(bin__kind=BinKind.SUPPLIER, item=item).quantity == -3


def test_promised_units_cannot_become_unsellable():
    store, item = make_store(), make_item()
    stock_up(store, item, 3)
    reserve(key="r", store_id=store.pk, item_id=item.pk, quantity=3, reference="test")
    with pytest.raises(StockPromised), transaction.atomic():
        move(store, item, "A-01-1", "A-01-1", 1, target_condition=Condition.DAMAGED)
    assert in_bin(store, "A-01-1", item, Condition.DAMAGED) == 0


def test_the_same_key_moves_once():
    store, item = make_store(), make_item()
    stock_up(store, item, 3)
    move(store, item, "A-01-1", "TOTE-0001", 1, key="scan")
    with pytest.raises(IntegrityError, match="stock_move_key"), transaction.atomic():
        move(store, item, "A-01-1", "TOTE-0001", 1, key="scan")
    assert in_bin(store, "TOTE-0001", item) == 1


def test_a_move_never_leaves_its_store():
    here, there, item = make_store(), make_store(), make_item()
    stock_up(here, item, 1)
    with pytest.raises(DatabaseError), transaction.atomic():
        post_move(
            Posting(
                key="x",
                item_id=item.pk,
                source=bin_of(here, "A-01-1"),
                target=bin_of(there, "A-01-1"),
                quantity=1,
                reason=Move.Reason.CORRECTED,
            )
        )


@pytest.mark.parametrize("change", [{"quantity": 7}, {"reason": "corrected"}])
def test_the_ledger_only_grows(change):
    store, item = make_store(), make_item()
    stock_up(store, item, 1)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        Move.objects.update(**change)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        Move.objects.all().delete()


def test_a_balance_must_name_its_bins_own_store():
    here, there, item = make_store(), make_store(), make_item()
    with pytest.raises(IntegrityError, match="balance_bin_of_its_store"), transaction.atomic():
        Balance.objects.create(
            store=there,
            bin=Bin.objects.get(store=here, code="A-01-1"),
            item=item,
            condition=Condition.SELLABLE,
            physical=True,
            quantity=0,
        )
