"""Two leads at one item's substitutes, or one there while another makes a bundle of it."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from stores.catalog.actions import set_substitutes as module
from stores.catalog.actions.set_components import set_components
from stores.catalog.actions.set_substitutes import add_substitute, set_substitutes
from stores.catalog.models import BundleComponent, Item, Substitute
from stores.catalog.queries.substitutes import named_substitutes
from stores.refusals import Refusal
from tests.factories import make_item
from tests.racing import Meeting, at_once

pytestmark = pytest.mark.django_db(transaction=True)


def judged(work: Callable[[], object]) -> str:
    """Runs one person's transaction; returns the refusal's kind, or nothing."""
    try:
        with transaction.atomic():
            work()
    except (Refusal, IntegrityError) as refusal:
        return type(refusal).__name__
    return ""


def two_who_add(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], list[tuple[str, int]]]:
    """Both have looked at the list before either of them adds to it, if nothing keeps them apart."""
    lamp, tall, short = (make_item(sku=sku) for sku in ("LAMP", "TALL", "SHORT"))
    in_step = Meeting()

    def look(item: Item) -> list[Item]:
        seen = named_substitutes(item)
        in_step.wait()
        return seen

    monkeypatch.setattr(module, "named_substitutes", look)

    def add(substitute: Item) -> None:
        add_substitute(item=lamp, substitute=substitute)
        # Neither sees what the other has written.
        in_step.wait()

    answers = at_once(lambda: judged(lambda: add(tall)), lambda: judged(lambda: add(short)))
    return answers, list(Substitute.objects.order_by("rank", "pk").values_list("substitute__sku", "rank"))


def test_what_two_add_at_once_is_both_there_in_one_order(monkeypatch: pytest.MonkeyPatch) -> None:
    answers, rows = two_who_add(monkeypatch)
    assert answers == ["", ""]
    assert sorted(sku for sku, _rank in rows) == ["SHORT", "TALL"]
    assert [rank for _sku, rank in rows] == [1, 2]


def test_twin_without_the_lock_both_are_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **_how: rows.all())
    _answers, rows = two_who_add(monkeypatch)
    assert [rank for _sku, rank in rows] == [1, 1]


def test_two_that_stand_in_for_each_other_do_not_deadlock() -> None:
    lamp, tall = make_item(sku="LAMP"), make_item(sku="TALL")
    for _turn in range(10):
        answers = at_once(
            lambda: judged(lambda: set_substitutes(item=lamp, substitutes=[tall])),
            lambda: judged(lambda: set_substitutes(item=tall, substitutes=[lamp])),
        )
        assert answers == ["", ""]
        Substitute.objects.all().delete()


def test_named_as_a_substitute_or_made_a_bundle_but_not_both() -> None:
    lamp, part = make_item(sku="LAMP"), make_item(sku="PART")
    draft = Item.objects.create(sku="NEW", name="New lamp", price=1)
    answers = at_once(
        lambda: judged(lambda: set_substitutes(item=lamp, substitutes=[draft])),
        lambda: judged(lambda: set_components(bundle=draft, components=[(part, 2)])),
    )
    draft.refresh_from_db()
    named, made = Substitute.objects.count(), BundleComponent.objects.count()
    assert (named, made) in {(1, 0), (0, 1)}
    assert draft.is_bundle == bool(made)
    assert sorted(answers) in [["", "HasSubstitutes"], ["", "SubstituteIsBundle"]]
