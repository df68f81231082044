"""Documents behind numbers: found by reference, many at once, and only one's own store's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from stores.models import BinKind
from stores.stock.documents import Document, contents_of, documents_behind
from tests.factories import bin_of, make_store
from tests.pickup.conftest import start_pickup

pytestmark = pytest.mark.django_db


def test_each_kind_of_reference_is_asked_once() -> None:
    store = make_store()
    pickups = [start_pickup(store) for _ in range(3)]
    lines = [line for pickup in pickups for line in pickup.fulfillment.pick_lists.get().lines.all()]
    references = [f"fulfillment:{pickup.pk}" for pickup in pickups] + [f"pickline:{line.pk}" for line in lines]
    with CaptureQueriesContext(connection) as asked:
        found = documents_behind(store, references)
    assert len(asked) == 2
    assert sorted(found) == sorted(references)
    first = found[f"fulfillment:{pickups[0].pk}"]
    assert first.label == f"Order {pickups[0].order.number}"
    assert first.due_at == pickups[0].fulfillment.promised_at


def test_another_stores_documents_are_not_found() -> None:
    theirs, other = start_pickup().pick(), make_store()
    walk = theirs.fulfillment.pick_lists.get()
    references = [f"fulfillment:{theirs.pk}", f"pickline:{walk.lines.all()[0].pk}"]
    assert documents_behind(other, references) == {}
    tote = bin_of(theirs.store, "TOTE-0001")
    assert contents_of(other, theirs.lantern.pk, [(tote.pk, BinKind.TOTE)]) == {}
    assert list(contents_of(theirs.store, theirs.lantern.pk, [(tote.pk, BinKind.TOTE)])) == [tote.pk]


def test_another_stores_staging_bin_tells_nothing() -> None:
    ready, other = start_pickup().make_ready(), make_store()
    staged = bin_of(ready.store, "S-01")
    assert contents_of(other, ready.lantern.pk, [(staged.pk, BinKind.STAGING)]) == {}
    (document,) = contents_of(ready.store, ready.lantern.pk, [(staged.pk, BinKind.STAGING)])[staged.pk]
    assert (document.label, document.url) == (f"Order {ready.order.number}", f"/handover/{ready.pk}/")


@pytest.mark.parametrize(
    "reference", ["", "fulfillment:", "fulfillment:x", "fulfillment:²", "nothing:1", "fulfillment:" + "9" * 20]
)
def test_what_is_no_reference_is_no_document(reference: str) -> None:
    store = make_store()
    with CaptureQueriesContext(connection) as asked:
        assert documents_behind(store, [reference]) == {}
    assert len(asked) == 0


def test_what_is_written_on_paper_is_its_own_name() -> None:
    assert documents_behind(make_store(), ["DN 4711"]) == {"DN 4711": Document("DN 4711")}
