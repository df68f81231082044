"""Two people at one item: whoever vouches sees what is really there. Where a lock decides, a twin goes without it."""

from collections.abc import Callable
from decimal import Decimal
from threading import Event as Signal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import QuerySet

from stores.catalog.actions.add_category import add_category
from stores.catalog.actions.add_item import add_item
from stores.catalog.actions.add_style import add_style, add_variants
from stores.catalog.actions.edit_item import edit_item
from stores.catalog.actions.lifecycle import approve_item
from stores.catalog.errors import ItemIncomplete, SkuTaken, VariantTaken
from stores.catalog.models import Item, Style
from stores.journal.models import Event
from stores.refusals import Refusal
from tests.factories import make_associate, make_store
from tests.racing import HANG_SECONDS, Meeting, at_once, somebody_waits, wait_until

pytestmark = pytest.mark.django_db(transaction=True)


def judged(work: Callable[[], object]) -> str:
    """Runs one person's transaction; returns the refusal's kind, or nothing."""
    try:
        with transaction.atomic():
            work()
    except Refusal as refusal:
        return type(refusal).__name__
    return ""


def vouched_while_the_category_goes() -> tuple[list[str], Item]:
    """One takes the category away and has not finished yet; the other approves."""
    associate = make_associate(make_store())
    with transaction.atomic():
        item = add_item(sku="P1", name="Planter", price=Decimal(5), category=add_category(name="Garden"))
    taken, vouched = Signal(), Signal()

    def take_away() -> None:
        edit_item(item=item, texts={"category": ""}, associate=associate)
        taken.set()
        # Until the other has done what it can meanwhile.
        wait_until(lambda: vouched.is_set() or somebody_waits())

    def vouch() -> None:
        assert taken.wait(HANG_SECONDS)
        approve_item(item=Item.objects.get(pk=item.pk), associate=associate)

    def vouch_and_tell() -> str:
        try:
            return judged(vouch)
        finally:
            vouched.set()

    answers = at_once(lambda: judged(take_away), vouch_and_tell)
    return answers, Item.objects.get(pk=item.pk)


def test_nobody_vouches_for_a_category_that_is_being_taken_away() -> None:
    answers, item = vouched_while_the_category_goes()
    assert answers == ["", ItemIncomplete.__name__]
    assert (item.state, item.category_id) == ("draft", None)


def test_twin_without_the_lock_an_incomplete_item_is_approved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows.all())
    answers, item = vouched_while_the_category_goes()
    assert answers == ["", ""]
    assert (item.state, item.category_id) == ("approved", None)


def test_one_of_two_becomes_the_variant() -> None:
    with transaction.atomic():
        style = add_style(code="PLANTER", name="Planter")

    def add(sku: str) -> str:
        return judged(lambda: add_item(sku=sku, name=sku, price=Decimal(5), style=style, color="Red"))

    answers = at_once(lambda: add("P1"), lambda: add("P2"))
    assert sorted(answers) == ["", VariantTaken.__name__]
    assert Item.objects.count() == 1


def both_add_the_same_colors(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Both have looked at what is there before either of them adds, if nothing keeps them apart."""
    both_have_looked = Meeting()

    def add_when_both_have_looked(**fields: Any) -> Item:
        both_have_looked.wait()
        return add_item(**fields)

    monkeypatch.setattr("stores.catalog.actions.add_style.add_item", add_when_both_have_looked)
    with transaction.atomic():
        style = add_style(code="PLANTER", name="Planter")

    def add() -> str:
        fresh = Style.objects.get(pk=style.pk)
        return judged(lambda: add_variants(style=fresh, colors=["Red", "Blue"], sizes=["S", "L"], price=Decimal(5)))

    return at_once(add, add)


def test_two_who_add_the_same_colors_add_them_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert both_add_the_same_colors(monkeypatch) == ["", ""]
    assert Item.objects.count() == 4
    assert Event.objects.filter(kind="catalog.item_added").count() == 4


def test_twin_without_the_lock_the_second_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows.all())
    assert sorted(both_add_the_same_colors(monkeypatch)) == ["", SkuTaken.__name__]
    assert Item.objects.count() == 4
