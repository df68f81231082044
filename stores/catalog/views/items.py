"""The item master as a list."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from stores.catalog.models import Category, Item
from stores.catalog.queries.item_list import FLAGS, NONE, Attention, ItemFilter, item_page, waiting_items
from stores.catalog.required import LABELS
from stores.catalog.views.answering import desk_page
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

TEMPLATE = "catalog/items.html"
# What waits, in the words of a chip: title, tone.
WAITING = {
    "incomplete": (_("drafts not complete"), "look"),
    "ready": (_("drafts ready to approve"), "yes"),
    "approved": (_("approved, not on sale yet"), "yes"),
    "lacking": (_("on sale and not complete"), "no"),
}

# The road of an imported item, step by step: what is to be done, how, and the list of those that wait for it.
ROAD = (
    (
        "incomplete",
        _("Fill in"),
        _("A category for many at once: below the list"),
        ItemFilter(state="draft", complete="no"),
    ),
    ("ready", _("Approve"), _("A manager vouches for what is complete"), ItemFilter(state="draft", complete="yes")),
    ("approved", _("Put on sale"), _("From then on it can be promised"), ItemFilter(state="approved")),
)


@dataclass(frozen=True)
class Step:
    """One step of the road: `left` items wait for it, and `query` shows them."""

    title: str | Promise
    how: str | Promise
    left: str
    query: str
    is_open: bool


@dataclass(frozen=True)
class Chosen:
    """What is to be done for many: for all of the list or for the `marked` items, and what was typed with it."""

    for_all: bool = False
    marked: frozenset[int] = frozenset()
    reason: str = ""
    to_category: str = ""


@require_GET
@role_required(Role.LEAD)
def show(request: StoreRequest) -> HttpResponse:
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    return desk_page(request, TEMPLATE, list_context(request, ItemFilter.read(request.GET.dict()), page))


def list_context(
    request: StoreRequest, wanted: ItemFilter, number: int = 1, chosen: Chosen | None = None
) -> dict[str, Any]:
    """Four queries, however many items there are. `chosen` is what was ticked and typed for many, to go on from."""
    chosen = chosen or Chosen()
    page = item_page(wanted, number)
    total, waiting = waiting_items()
    fields = Item._meta
    categories = list(Category.objects.all())
    flags = [(name, fields.get_field(name).verbose_name) for name in FLAGS]  # type: ignore[union-attr]  # Columns.
    return {
        "page": page,
        "total": total,
        "road": _road(wanted, waiting),
        "waiting": [(one, *WAITING[one.key]) for one in waiting],
        "narrowed": _narrowed(wanted, categories, flags),
        "categories": categories,
        "states": Item.State.choices,
        "abc_classes": Item.AbcClass.choices,
        "flags": flags,
        "lacks": [(name, label) for name, label in LABELS.items()],
        "none": NONE,
        "may_decide": request.role >= Role.MANAGER,
        "for_all": chosen.for_all,
        "marked": chosen.marked,
        "reason": chosen.reason,
        "to_category": chosen.to_category,
    }


def _road(wanted: ItemFilter, waiting: list[Attention]) -> list[Step]:
    """On the lists of what is not on sale yet: every step to there, with how many wait for it."""
    if wanted.state not in {Item.State.DRAFT, Item.State.APPROVED}:
        return []
    left = {one.key: one.count_text for one in waiting}
    return [
        Step(title, how, left.get(key, "0"), shown.query, is_open=wanted == shown) for key, title, how, shown in ROAD
    ]


def _narrowed(
    wanted: ItemFilter, categories: list[Category], flags: list[tuple[str, Any]]
) -> list[tuple[str | Promise, str]]:
    """What the list is narrowed to, in words, each with the query of the list without it."""
    words: dict[str, dict[str, Any]] = {
        "state": dict(Item.State.choices),
        "category": {one.code: one.name for one in categories} | {NONE: _("No category")},
        "abc": dict(Item.AbcClass.choices) | {NONE: _("No ABC class")},
        "flag": {name: capfirst(label) for name, label in flags},
        "complete": {"yes": _("Complete"), "no": _("Not complete")}
        | {name: format_lazy(_("Lacks: {label}"), label=label) for name, label in LABELS.items()},
    }
    given = wanted.given
    return [
        (words.get(name, {}).get(value, value), urlencode({other: given[other] for other in given if other != name}))
        for name, value in given.items()
    ]
