import pytest
from django.db import DatabaseError, transaction
from django.db.models.functions import Now

from stores.stock.actions.reservations import consume, expire, release, reserve, shrink
from stores.stock.errors import ReservationEnded, ShortStock
from stores.stock.models import Availability, Reservation
from tests.factories import atp, make_item, make_store, stock_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    store, item = make_store(), make_item("Lantern")
    stock_up(store, item, 5)
    return store, item


def claim(store, item, quantity, key="r"):
    return reserve(key=key, store_id=store.pk, item_id=item.pk, quantity=quantity, reference="test")


def test_reserving_takes_from_what_can_be_promised(pair):
    claim(*pair, 3)
    assert atp(*pair) == 2


def test_more_than_can_be_promised_is_refused_and_changes_nothing(pair):
    claim(*pair, 3)
    with pytest.raises(ShortStock) as refused:
        claim(*pair, 3, key="second")
    assert refused.value.facts == {"item": "Lantern", "wanted": 3, "found": 2}
    assert (atp(*pair), Reservation.objects.count()) == (2, 1)


def test_an_item_the_store_never_had_is_short(pair):
    with pytest.raises(ShortStock) as refused:
        claim(pair[0], make_item(), 1)
    assert refused.value.facts["found"] == 0


@pytest.mark.parametrize(("first", "state"), [(release, "released"), (expire, "expired")])
def test_a_reservation_ends_once(pair, first, state):
    reservation = claim(*pair, 3)
    first(reservation=reservation, **({"reason": "test"} if first is release else {}))
    assert (Reservation.objects.get().state, atp(*pair)) == (state, 5)
    for again in (lambda: consume(reservation=reservation), lambda: release(reservation=reservation, reason="again")):
        with pytest.raises(ReservationEnded):
            again()
    assert atp(*pair) == 5


def test_shrinking_releases_a_part(pair):
    reservation = claim(*pair, 3)
    shrink(reservation=reservation, by=1, reason="short", key="part")
    assert sorted(Reservation.objects.values_list("quantity", "state")) == [(1, "released"), (2, "held")]
    assert atp(*pair) == 3


def test_shrinking_by_everything_is_a_release(pair):
    shrink(reservation=claim(*pair, 3), by=3, reason="short", key="part")
    assert list(Reservation.objects.values_list("quantity", "state")) == [(3, "released")]


def test_safety_stock_is_not_promised(pair):
    Availability.objects.update(safety_stock=2)
    with pytest.raises(ShortStock):
        claim(*pair, 4)
    claim(*pair, 3)
    assert atp(*pair) == 0


def test_no_reservation_comes_back_to_life(pair):
    release(reservation=claim(*pair, 1), reason="test")
    with pytest.raises(DatabaseError, match="may not go from released to held"), transaction.atomic():
        Reservation.objects.update(state="held", ended_at=None)
    assert Reservation.objects.filter(ended_at__lte=Now()).count() == 1
