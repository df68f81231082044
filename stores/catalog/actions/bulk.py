"""The same thing done to many items at once: one lock, one statement, one event, and a line of history for each item.

Only those it fits are changed; the answer counts the others and says why not.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Count, Model, Q, QuerySet

from stores.catalog.actions.explain import explained
from stores.catalog.errors import TooManyItems
from stores.catalog.hooks import tell_state_changed
from stores.catalog.models import Category, Item
from stores.catalog.required import INCOMPLETE, LACKS
from stores.journal.actions.record import record

SUBJECT = "catalog:items"
# Each of them is locked and gets its line of history: a share of the item master, not all of a large chain's.
ITEMS_MAX = 20_000
# What came before each state that many items can be brought to at once.
_BEFORE: dict[str, set[str]] = {
    Item.State.APPROVED: {Item.State.DRAFT},
    Item.State.ACTIVE: {Item.State.APPROVED},
    Item.State.RETIRED: {Item.State.DRAFT, Item.State.APPROVED, Item.State.ACTIVE},
}


@dataclass(frozen=True)
class BulkResult:
    """`done` items changed. `lacking` counts items by the attribute they lack (one item can lack several), `incomplete`
    those items once; `unfit` are in a state this is not for; `same` were so already."""

    done: int
    lacking: dict[str, int] = field(default_factory=dict)
    incomplete: int = 0
    unfit: int = 0
    same: int = 0


def bulk_approve(*, items: QuerySet[Item], reason: str, associate: Model | None = None) -> BulkResult:
    """Approves the drafts among `items` that lack nothing."""
    total, chosen = _locked(items)
    return _approve(total, chosen, associate, reason)


def bulk_approve_and_activate(*, items: QuerySet[Item], reason: str, associate: Model | None = None) -> BulkResult:
    """Approves the drafts among `items` that lack nothing, and puts them on sale with those approved already."""
    total, chosen = _locked(items)
    result = _approve(total, chosen, associate, reason)
    # What was approved just now is among them.
    done = _bring(chosen.filter(state=Item.State.APPROVED), Item.State.ACTIVE, associate, reason)
    return replace(result, done=done, unfit=total - done - result.incomplete)


def bulk_activate(*, items: QuerySet[Item], reason: str, associate: Model | None = None) -> BulkResult:
    """Puts the approved among `items` on sale."""
    return _bring_all(items, Item.State.ACTIVE, associate, reason)


def bulk_retire(*, items: QuerySet[Item], reason: str, associate: Model | None = None) -> BulkResult:
    """Takes `items` off sale; what is promised already stays so."""
    return _bring_all(items, Item.State.RETIRED, associate, reason)


def bulk_set_category(
    *, items: QuerySet[Item], category: Category, reason: str, associate: Model | None = None
) -> BulkResult:
    """Gives the drafts among `items` a category. What is approved changes by request, one at a time."""
    return _set(items, "category", category, Q(category=category), associate, reason, category.code)


def bulk_set_abc_class(
    *, items: QuerySet[Item], abc_class: str, reason: str, associate: Model | None = None
) -> BulkResult:
    """Gives the drafts among `items` an ABC class; empty takes it away."""
    return _set(items, "abc_class", abc_class, Q(abc_class=abc_class), associate, reason, abc_class)


def _locked(items: QuerySet[Item]) -> tuple[int, QuerySet[Item]]:
    """Locks the items, in the order of their ids; returns how many there are, and them alone. Raises TooManyItems."""
    pks = list(
        Item.objects.filter(pk__in=items.order_by().values("pk"))
        .order_by("pk")
        .select_for_update()
        .values_list("pk", flat=True)[: ITEMS_MAX + 1]
    )
    if len(pks) > ITEMS_MAX:
        raise TooManyItems(most=f"{ITEMS_MAX:,}")
    return len(pks), Item.objects.filter(pk__in=pks).order_by()


def _approve(total: int, chosen: QuerySet[Item], associate: Model | None, reason: str) -> BulkResult:
    drafts = chosen.filter(state=Item.State.DRAFT)
    counts = drafts.aggregate(
        drafts=Count("pk"),
        incomplete=Count("pk", filter=INCOMPLETE),
        **{f"lacks_{name}": Count("pk", filter=lacks) for name, lacks in LACKS.items()},
    )
    lacking = {name: counts[f"lacks_{name}"] for name in LACKS if counts[f"lacks_{name}"]}
    done = _bring(drafts.exclude(INCOMPLETE), Item.State.APPROVED, associate, reason)
    return BulkResult(done, lacking, counts["incomplete"], unfit=total - counts["drafts"])


def _bring_all(items: QuerySet[Item], to: Item.State, associate: Model | None, reason: str) -> BulkResult:
    total, chosen = _locked(items)
    done = _bring(chosen.filter(state__in=_BEFORE[to]), to, associate, reason)
    return BulkResult(done, unfit=total - done)


def _bring(items: QuerySet[Item], to: Item.State, associate: Model | None, reason: str) -> int:
    moved = list(items.order_by("pk"))
    if moved:
        with explained(reason=reason, associate=associate):
            Item.objects.filter(pk__in=[item.pk for item in moved]).update(state=to)
        for item in moved:
            item.state = to
        _journal(f"catalog.items_{to}", len(moved), associate, {"reason": reason})
        tell_state_changed(moved)
    return len(moved)


def _set(
    items: QuerySet[Item], name: str, value: Any, same: Q, associate: Model | None, reason: str, text: str
) -> BulkResult:
    total, chosen = _locked(items)
    drafts = chosen.filter(state=Item.State.DRAFT)
    draft_count = drafts.count()
    with explained(reason=reason, associate=associate):
        done = drafts.exclude(same).update(**{name: value})
    if done:
        _journal("catalog.items_edited", done, associate, {"reason": reason, "field": name, "value": text})
    return BulkResult(done, unfit=total - draft_count, same=draft_count - done)


def _journal(kind: str, count: int, associate: Model | None, data: dict[str, Any]) -> None:
    record(kind=kind, subject=SUBJECT, actor=associate, quantity=count, data=data)
