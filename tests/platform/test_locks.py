"""Work that waits for nobody leaves nothing behind: no lock, no patience of its own, no wake-up."""

from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from stores.locks import SomebodyHolds, without_waiting
from stores.models import Store
from stores.refusals import Refusal
from tests.factories import make_store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def store() -> Store:
    return make_store()


@pytest.fixture
def held(store: Store) -> Iterator[None]:
    """Somebody else has the store's row."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT 1 FROM stores_store WHERE id = %s FOR UPDATE", [store.pk])
            yield
            cursor.execute("ROLLBACK")
    finally:
        other.close()


def patience() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        return str(cursor.fetchone()[0])


def rename(store: Store, said: list[str]) -> str:
    transaction.on_commit(lambda: said.append("renamed"))
    Store.objects.filter(pk=store.pk).update(name="Renamed")
    return patience()


def test_what_is_free_is_done_and_the_patience_is_the_callers_again(store: Store) -> None:
    said: list[str] = []
    before = patience()
    with transaction.atomic():
        assert without_waiting(partial(rename, store, said), patience_ms=7) == "7ms"
        assert patience() == before
        assert said == []
    assert (said, patience()) == (["renamed"], before)
    assert Store.objects.get(pk=store.pk).name == "Renamed"


def test_what_somebody_holds_leaves_nothing_behind(store: Store, held: None) -> None:
    said: list[str] = []
    before = patience()
    with transaction.atomic():
        Store.objects.create(code="NEW", name="New", latitude=0, longitude=0)
        with pytest.raises(SomebodyHolds):
            without_waiting(partial(rename, store, said))
        assert patience() == before
    assert (said, patience()) == ([], before)
    # What the caller had done is the caller's.
    assert Store.objects.filter(code="NEW").exists()


class Closed(Refusal):
    code = "closed"
    title = "Closed"


def refuse() -> None:
    raise Closed


def break_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


@pytest.mark.parametrize(("act", "error"), [(refuse, Closed), (break_it, DatabaseError)])
def test_whatever_else_goes_wrong_comes_through(act: Callable[[], None], error: type[Exception]) -> None:
    before = patience()
    with transaction.atomic():
        with pytest.raises(error):
            without_waiting(act)
        assert patience() == before


@pytest.mark.parametrize("patience_ms", [0, -1, 501])
def test_a_patience_that_could_be_part_of_a_deadlock_is_none(patience_ms: int) -> None:
    with pytest.raises(AssertionError):
        without_waiting(refuse, patience_ms=patience_ms)
