"""One key, one effect, one band."""

from typing import cast

import pytest
from django.test import RequestFactory

from stores.handheld.answers import BandAnswer, answer_form
from stores.handheld.bands import Band
from stores.journal.models import Receipt
from stores.refusals import Refusal
from stores.staff.http import StoreRequest
from stores.staff.models import Associate, BadgeTries
from tests.factories import make_associate, make_store

pytestmark = pytest.mark.django_db


class Spilled(Refusal):
    code = "spilled"
    title = "Spilled {code}"
    advice = "Wipe up {where}."
    tone = "look"
    status = 409


class Deed:
    """Something with an effect in the database, so that undoing and repeating can be seen."""

    def __init__(self) -> None:
        self.calls = 0
        self.refuse = False

    def __call__(self) -> Band:
        self.calls += 1
        BadgeTries.objects.create(badge=f"EFFECT{self.calls}")
        if self.refuse:
            raise Spilled(code="A-01", where="the floor")
        return Band("yes", "1 of 2 picked", "Put it in tote 3.", code="A-01", sound="done")

    @property
    def effects(self) -> int:
        return BadgeTries.objects.count()


@pytest.fixture
def rosa() -> Associate:
    return make_associate(make_store())


@pytest.fixture
def deed() -> Deed:
    return Deed()


def form_of(who: Associate, path: str = "/pick/1/scan/", **fields: str) -> StoreRequest:
    request = RequestFactory().post(path, {"key": "k1", "code": "A-01"} | fields)
    request.user = who
    return cast(StoreRequest, request)


def send(who: Associate, deed: Deed, path: str = "/pick/1/scan/", **fields: str) -> BandAnswer:
    return answer_form(form_of(who, path, **fields), act=deed)


def test_a_form_is_answered_with_the_band_of_its_deed(rosa: Associate, deed: Deed) -> None:
    answer = send(rosa, deed)
    assert answer == BandAnswer(
        Band("yes", "1 of 2 picked", "Put it in tote 3.", code="A-01", sound="done"), 200, repeated=False
    )
    assert Receipt.objects.get().scope == f"associate:{rosa.pk}"


def test_the_same_key_again_has_no_second_effect_and_the_same_band(rosa: Associate, deed: Deed) -> None:
    first, second = send(rosa, deed), send(rosa, deed, csrfmiddlewaretoken="another")
    assert (second.band, second.status, second.repeated) == (first.band, 200, True)
    assert deed.effects == 1


@pytest.mark.parametrize("other", [{"code": "B-02"}, {"quantity": "2"}, {"path": "/pick/2/scan/"}])
def test_the_same_key_for_something_else_is_refused(rosa: Associate, deed: Deed, other: dict[str, str]) -> None:
    send(rosa, deed)
    answer = send(rosa, deed, **other)
    assert (answer.status, answer.band.tone, answer.repeated) == (422, "no", False)
    assert answer.band.title == "This request was already used for something else"
    assert deed.effects == 1


def test_a_refusal_changes_nothing_and_is_remembered(rosa: Associate, deed: Deed) -> None:
    deed.refuse = True
    first = send(rosa, deed)
    assert first == BandAnswer(Band("look", "Spilled A-01", "Wipe up the floor.", code="A-01"), 409, repeated=False)
    assert deed.effects == 0
    deed.refuse = False
    second = send(rosa, deed)
    assert (second.band, second.status, second.repeated) == (first.band, 409, True)
    assert deed.effects == 0


@pytest.mark.parametrize("key", ["", "k" * 65, "bell\x07"])
def test_a_form_without_a_usable_key_does_nothing(rosa: Associate, deed: Deed, key: str) -> None:
    answer = send(rosa, deed, key=key)
    assert (answer.status, answer.band.title) == (422, "This request carries no usable key")
    assert deed.calls == 0


def test_two_associates_may_happen_to_use_one_key(rosa: Associate, deed: Deed) -> None:
    send(rosa, deed)
    assert not send(make_associate(make_store()), deed).repeated
    assert deed.effects == 2


def test_another_failure_leaves_nothing_and_may_be_tried_again(rosa: Associate, deed: Deed) -> None:
    def broken() -> Band:
        deed()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        answer_form(form_of(rosa), act=broken)
    assert deed.effects == 0
    assert not send(rosa, deed).repeated
    assert deed.effects == 1
