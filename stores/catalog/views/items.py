"""The item master as a list."""

from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from stores.catalog.models import Category, Item
from stores.catalog.queries.item_list import FLAGS, NONE, ItemFilter, item_page, waiting_items
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


@require_GET
@role_required(Role.LEAD)
def show(request: StoreRequest) -> HttpResponse:
    number = request.GET.get("page", "1")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    return desk_page(request, TEMPLATE, list_context(request, ItemFilter.read(request.GET.dict()), page))


def list_context(request: StoreRequest, wanted: ItemFilter, number: int = 1) -> dict[str, Any]:
    """Four queries, however many items there are."""
    page = item_page(wanted, number)
    total, waiting = waiting_items()
    fields = Item._meta
    categories = list(Category.objects.all())
    flags = [(name, fields.get_field(name).verbose_name) for name in FLAGS]  # type: ignore[union-attr]  # Columns.
    return {
        "page": page,
        "total": total,
        "waiting": [(one, *WAITING[one.key]) for one in waiting],
        "narrowed": _narrowed(wanted, categories, flags),
        "categories": categories,
        "states": Item.State.choices,
        "abc_classes": Item.AbcClass.choices,
        "flags": flags,
        "lacks": [(name, label) for name, label in LABELS.items()],
        "none": NONE,
        "may_decide": request.role >= Role.MANAGER,
    }


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
