"""Two people, one order: one of them is first, the other is told, and the record stays true."""

from threading import Thread
from uuid import uuid4

import pytest
from django.db import transaction

from picking.actions.claims import claim_list
from picking.actions.totes import open_tote
from picking.models import PickList, PickTote
from pickup.models import StagedTote
from stores.orders.models import Fulfillment
from stores.stock.models import Move
from tests.factories import order_for
from tests.pickup.conftest import Pickup, start_pickup
from tests.racing import at_once, somebody_waits, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pickup():
    with transaction.atomic():
        return start_pickup()


def poster(pickup: Pickup, path: str, **fields):
    client = pickup.client()
    form = {"key": str(uuid4()), **fields}
    return lambda: client.post(path, form, headers={"HX-Request": "true"}).status_code


def test_one_tote_staged_by_two(pickup):
    with transaction.atomic():
        pickup.pick()
    path = f"/stage/{pickup.pick_tote().pk}/scan/"
    answers = at_once(poster(pickup, path, code="S-01"), poster(pickup, path, code="S-02"))
    assert sorted(answers) == [200, 409]
    assert StagedTote.objects.count() == 1


def test_an_undone_staging_and_the_last_tap_of_the_handover(pickup):
    with transaction.atomic():
        pickup.prepare_to_give()
    bag = pickup.bags[0].pk
    answers = at_once(
        poster(pickup, f"/handover/{pickup.pk}/done/"),
        poster(pickup, "/stage/undo/", staging=str(bag)),
        poster(pickup, f"/handover/{pickup.pk}/done/"),
    )
    assert sorted(answers) == [200, 409, 409]
    assert Fulfillment.objects.get().state == "handed_over"
    assert Move.objects.filter(reason=Move.Reason.HANDED_OVER).count() == 2


@pytest.mark.parametrize("turn", range(4))
def test_an_undone_staging_and_a_picker_who_takes_the_tote(pickup, turn):
    with transaction.atomic():
        pickup.make_ready()
        order_for(pickup.store, (pickup.lantern, 1))
        following = PickList.objects.get(state="open")
        claim_list(store=pickup.store, pk=following.pk, associate=pickup.associate)
    answers = at_once(
        poster(pickup, "/stage/undo/", staging=str(pickup.bags[0].pk)),
        poster(pickup, f"/pick/{following.pk}/scan/", code="TOTE-0001"),
    )
    assert sorted(answers) == [200, 409]
    assert PickTote.objects.filter(emptied_at=None).count() == 1


def test_the_tote_is_taken_between_the_look_and_the_deed(pickup):
    with transaction.atomic():
        pickup.make_ready()
        order_for(pickup.store, (pickup.lantern, 1))
        following = PickList.objects.get(state="open")
        claim_list(store=pickup.store, pk=following.pk, associate=pickup.associate)
    undo = poster(pickup, "/stage/undo/", staging=str(pickup.bags[0].pk))
    answers = []

    def run():
        answers.extend(at_once(undo))

    thread = Thread(target=run)
    with transaction.atomic():
        open_tote(
            store=pickup.store,
            list_pk=following.pk,
            part_pk=following.parts.get().pk,
            code="TOTE-0001",
            associate=pickup.associate,
            device=None,
        )
        thread.start()
        wait_until(somebody_waits)
    thread.join()
    assert answers == [409]


def test_two_undo_one_staging(pickup):
    with transaction.atomic():
        pickup.make_ready()
    bag = str(pickup.bags[0].pk)
    answers = at_once(*(poster(pickup, "/stage/undo/", staging=bag) for _ in range(3)))
    assert sorted(answers) == [200, 409, 409]


def test_a_customer_is_claimed_by_one(pickup):
    with transaction.atomic():
        pickup.make_ready()
    others = [poster(pickup, f"/counter/{pickup.pk}/claim/") for _ in range(3)]
    assert at_once(*others) == [200, 200, 200]
