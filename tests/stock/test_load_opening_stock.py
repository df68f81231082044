import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from stores.journal.models import Event
from stores.models import BinKind
from stores.stock.actions.load_opening_stock import OpeningStock, load_opening_stock
from stores.stock.models import Availability, Balance, Condition, Move
from tests.factories import bin_of, in_bin, make_item, make_store

pytestmark = pytest.mark.django_db


def rows(store, *wanted):
    return [
        OpeningStock(key=f"open:{number}", bin=bin_of(store, code), item=item, quantity=quantity, condition=condition)
        for number, (code, item, quantity, condition) in enumerate(wanted)
    ]


def test_all_rows_are_posted_with_one_event_and_a_fixed_number_of_queries():
    store, lantern, clock = make_store(), make_item(), make_item()
    given = rows(
        store,
        ("B-01-1", clock, 4, Condition.SELLABLE),
        ("A-01-1", lantern, 10, Condition.SELLABLE),
        ("A-03-2", lantern, 5, Condition.SELLABLE),
        ("A-01-1", lantern, 1, Condition.DAMAGED),
    )
    with CaptureQueriesContext(connection) as queries:
        assert load_opening_stock(store=store, rows=given) == 4
    assert len(queries) == 3  # The supplier's bin, the moves, the event.
    assert (in_bin(store, "A-01-1", lantern), in_bin(store, "A-03-2", lantern)) == (10, 5)
    row = Availability.objects.get(store=store, item=lantern)
    assert (row.on_hand, row.unsellable, row.atp) == (16, 1, 15)
    assert Balance.objects.get(bin__kind=BinKind.SUPPLIER, item=clock).quantity == -4
    assert set(Move.objects.values_list("reason", flat=True)) == {Move.Reason.OPENING}
    event = Event.objects.get()
    assert (event.kind, event.store_id, event.quantity, event.data) == ("stock.opened", store.pk, 20, {"moves": 4})


def test_a_row_that_was_loaded_before_lets_none_in():
    store, item = make_store(), make_item()
    first = rows(store, ("A-01-1", item, 3, Condition.SELLABLE))
    load_opening_stock(store=store, rows=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        load_opening_stock(store=store, rows=first)
    assert (Move.objects.count(), Event.objects.count(), in_bin(store, "A-01-1", item)) == (1, 1, 3)


def test_a_bin_of_another_store_is_a_defect_and_nothing_is_loaded():
    store, other, item = make_store(), make_store(), make_item()
    stray = rows(other, ("A-01-1", item, 3, Condition.SELLABLE))
    with pytest.raises(DatabaseError, match="no rows"), transaction.atomic():
        load_opening_stock(store=store, rows=stray)
    assert not Move.objects.exists()
