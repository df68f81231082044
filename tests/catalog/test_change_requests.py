"""Changes of approved items: asked for, decided by somebody else, applied once."""

from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, transaction

from stores.catalog.actions.request_change import request_change, withdraw_change
from stores.catalog.actions.review_change import review_change
from stores.catalog.change_errors import (
    AlreadyRequested,
    DraftNeedsNoRequest,
    NothingChanged,
    NotYourRequest,
    OwnedElsewhere,
    OwnRequest,
    ReasonNeeded,
    StaleRequest,
    UnknownField,
)
from stores.catalog.errors import FieldInvalid, ItemIncomplete, VariantTaken
from stores.catalog.models import ChangeRequest, FieldChange, FieldOwner, Item, Style
from stores.journal.actions.answer_once import answer_once
from stores.journal.models import Event
from stores.staff.models import Role
from stores.transitions import WrongState
from tests.factories import change_items, make_associate, make_item, make_store
from tests.racing import HANG_SECONDS, at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def store():
    return make_store()


@pytest.fixture
def rosa(store):
    return make_associate(store, role=Role.LEAD, name="Rosa")


@pytest.fixture
def gareth(store):
    return make_associate(store, role=Role.MANAGER, name="Gareth")


@pytest.fixture
def item():
    return make_item("White lantern", sku="LANTERN")


@pytest.fixture
def ask(item, rosa):
    def ask(*, reason="The box says so", **changes):
        return request_change(item=item, changes=changes, reason=reason, associate=rosa)

    return ask


def refused(kind, ask, **changes):
    """It is refused, and nothing is stored."""
    with pytest.raises(kind) as error, transaction.atomic():
        ask(**changes)
    assert not ChangeRequest.objects.exists()
    assert not Event.objects.filter(kind__startswith="catalog.change").exists()
    return error.value.facts


def test_a_request_holds_what_was_and_what_is_wanted(ask, item, rosa):
    request = ask(name="  Cream   lantern ", color="Cream", size="", pack_count="1", price="2.55", is_fragile="yes")
    assert request.changes == {
        "name": {"was": "White lantern", "wanted": "Cream lantern"},
        "color": {"was": "", "wanted": "Cream"},
        "is_fragile": {"was": "false", "wanted": "true"},
    }
    assert (request.state, request.reason, request.requested_by) == ("open", "The box says so", rosa)
    item.refresh_from_db()
    assert (item.name, item.color, item.is_fragile) == ("White lantern", "", False)
    event = Event.objects.get(kind="catalog.change_requested")
    assert (event.item_id, event.actor_id, event.subject) == (item.pk, rosa.pk, f"changerequest:{request.pk}")
    assert event.data == {"fields": ["color", "is_fragile", "name"], "reason": "The box says so"}


def test_an_approval_applies_it_with_its_history(ask, item, rosa, gareth):
    request = ask(name="Cream lantern", is_fragile="yes")
    review_change(request=request, approve=True, associate=gareth, note="Seen it")
    item.refresh_from_db()
    assert (item.name, item.is_fragile) == ("Cream lantern", True)
    request.refresh_from_db()
    assert (request.state, request.reviewed_by, request.review_note) == ("approved", gareth, "Seen it")
    assert request.ended_at is not None
    assert list(
        FieldChange.objects.values_list("field", "was", "became", "system", "associate", "request", "reason")
    ) == [
        ("is_fragile", "false", "true", "storehand", rosa.pk, request.pk, "The box says so"),
        ("name", "White lantern", "Cream lantern", "storehand", rosa.pk, request.pk, "The box says so"),
    ]
    event = Event.objects.get(kind="catalog.change_approved")
    assert (event.actor_id, event.item_id) == (gareth.pk, item.pk)


def test_a_refusal_says_why_and_changes_nothing(ask, item, gareth):
    request = ask(name="Cream lantern")
    with pytest.raises(ReasonNeeded):
        review_change(request=request, approve=False, associate=gareth)
    review_change(request=request, approve=False, associate=gareth, note="It is white")
    request.refresh_from_db()
    assert (request.state, request.review_note) == ("refused", "It is white")
    item.refresh_from_db()
    assert item.name == "White lantern"
    assert not FieldChange.objects.exists()


def test_nobody_decides_their_own_request(ask, item, rosa):
    request = ask(name="Cream lantern")
    for approve in (True, False):
        with pytest.raises(OwnRequest):
            review_change(request=request, approve=approve, associate=rosa, note="Sure")
    request.refresh_from_db()
    assert (request.state, request.reviewed_by) == ("open", None)
    with pytest.raises(IntegrityError, match="changerequest_reviewed_by_another"), transaction.atomic():
        ChangeRequest.objects.filter(pk=request.pk).update(
            state="approved", reviewed_by=rosa, ended_at=request.created_at
        )


def test_whoever_asked_may_think_better_of_it(ask, rosa, gareth):
    request = ask(name="Cream lantern")
    with pytest.raises(NotYourRequest) as error:
        withdraw_change(request=request, associate=gareth)
    assert error.value.facts == {"requested_by": "Rosa"}
    withdraw_change(request=request, associate=rosa)
    request.refresh_from_db()
    assert (request.state, request.reviewed_by) == ("withdrawn", None)
    with pytest.raises(WrongState):
        review_change(request=request, approve=True, associate=gareth)
    assert Event.objects.filter(kind="catalog.change_withdrawn").count() == 1


def test_what_is_so_already_is_no_change(ask):
    refused(NothingChanged, ask, name="White  lantern", price="2.55", category="home")


def test_a_reason_is_needed(ask):
    for reason in ("", "   ", "x" * 201, "a\x00b"):
        refused(ReasonNeeded, ask, name="Cream lantern", reason=reason)


def test_a_draft_is_changed_directly(rosa):
    draft = Item.objects.create(sku="NEW", name="New", price=1)
    with pytest.raises(DraftNeedsNoRequest):
        request_change(item=draft, changes={"name": "Newer"}, reason="So", associate=rosa)


def test_values_are_checked_when_they_are_asked_for(ask, item):
    assert refused(FieldInvalid, ask, pack_count="0")["field"] == "pack_count"
    refused(UnknownField, ask, sku="OTHER")
    refused(ItemIncomplete, ask, category="")
    style = Style.objects.create(code="LAMP", name="Lamp")
    change_items(Item.objects.filter(pk=make_item("Red lamp").pk), style=style, color="Red")
    assert refused(VariantTaken, ask, style="lamp", color="Red")["item"] == "Red lamp"


def test_a_field_of_another_system_is_changed_there(ask):
    facts = refused(OwnedElsewhere, ask, name="Cream lantern", price="3.00")
    assert {name: str(value) for name, value in facts.items()} == {"field": "Price", "owner": "Tills (POS)"}


def test_the_same_wish_is_one_request(ask, rosa):
    first = ask(name="Cream lantern")
    with pytest.raises(AlreadyRequested) as error:
        ask(name="Cream lantern")
    assert error.value.facts == {"request": first.pk}
    ask(name="Ivory lantern")
    assert ChangeRequest.objects.count() == 2


def test_what_has_changed_since_is_not_overwritten(ask, item, gareth):
    first, second = ask(name="Cream lantern", size="L"), ask(name="Ivory lantern")
    review_change(request=first, approve=True, associate=gareth)
    with pytest.raises(StaleRequest) as error, transaction.atomic():
        review_change(request=second, approve=True, associate=gareth)
    assert error.value.facts == {"fields": "name"}
    second.refresh_from_db()
    item.refresh_from_db()
    assert (second.state, item.name) == ("open", "Cream lantern")
    review_change(request=second, approve=False, associate=gareth, note="Too late")


def test_a_field_given_away_since_is_not_written(ask, item, gareth):
    request = ask(name="Cream lantern")
    FieldOwner.objects.filter(field="name").update(system="erp")
    with pytest.raises(OwnedElsewhere), transaction.atomic():
        review_change(request=request, approve=True, associate=gareth)
    item.refresh_from_db()
    assert item.name == "White lantern"


def test_an_item_that_lacks_something_from_before_can_still_be_mended(ask, item, gareth):
    change_items(Item.objects.filter(pk=item.pk), category=None)
    review_change(request=ask(name="Cream lantern"), approve=True, associate=gareth)
    review_change(request=ask(category="HOME"), approve=True, associate=gareth)
    item.refresh_from_db()
    assert (item.name, item.category.code) == ("Cream lantern", "HOME")


def decide(request, associate, *, approve):
    """One manager's tap, as the page makes it: what it was answered."""
    fresh = ChangeRequest.objects.get(pk=request.pk)

    def act():
        review_change(request=fresh, approve=approve, associate=associate, note="So")
        return {"is": "yes"}

    return answer_once(
        scope=f"associate:{associate.pk}",
        key=f"decide:{request.pk}",
        body=approve,
        act=act,
        on_refusal=lambda refusal: {"is": refusal.code},
    ).answer["is"]


def race(ask, managers, *, first, second, rounds=6):
    """The answers of each round, and how many events it left."""
    for number in range(rounds):
        with transaction.atomic():
            request = ask(name=f"Lantern {number}")
        answers = at_once(
            partial(decide, request, managers[0], approve=first), partial(decide, request, managers[1], approve=second)
        )
        request.refresh_from_db()
        decided = Event.objects.filter(
            subject=f"changerequest:{request.pk}", kind__in=["catalog.change_approved", "catalog.change_refused"]
        )
        yield request, answers, decided.count()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("first", "second"), [(True, True), (True, False), (False, False)])
def test_two_managers_at_once_decide_once(ask, item, store, gareth, first, second):
    managers = [gareth, make_associate(store, role=Role.MANAGER, name="Helen")]
    for request, answers, decisions in race(ask, managers, first=first, second=second):
        assert (sorted(answers), decisions) == (["wrong_state", "yes"], 1)
        winner = answers.index("yes")
        assert request.reviewed_by == managers[winner]
        assert request.state == ("approved" if (first, second)[winner] else "refused")
        assert FieldChange.objects.filter(request=request.pk).count() == int(request.state == "approved")


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_both_would_decide(ask, store, gareth, monkeypatch):
    """The twin: a state that is written without asking what it is now."""
    together = Barrier(2)

    def unguarded(row, *, to, **fields):
        together.wait(HANG_SECONDS)
        type(row).objects.filter(pk=row.pk).update(state=to, **fields)
        row.state = to

    monkeypatch.setattr("stores.catalog.actions.review_change.advance", unguarded)
    managers = [gareth, make_associate(store, role=Role.MANAGER, name="Helen")]
    for _request, answers, decisions in race(ask, managers, first=False, second=False, rounds=2):
        assert (answers, decisions) == (["yes", "yes"], 2)
