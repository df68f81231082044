"""The item master as a list."""

from typing import Any

from django.http import HttpResponse
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
    return {
        "page": page,
        "total": total,
        "waiting": [(one, *WAITING[one.key]) for one in waiting],
        "categories": list(Category.objects.all()),
        "states": Item.State.choices,
        "abc_classes": Item.AbcClass.choices,
        "flags": [(name, fields.get_field(name).verbose_name) for name in FLAGS],  # type: ignore[union-attr]  # Columns.
        "lacks": [(name, label) for name, label in LABELS.items()],
        "none": NONE,
        "may_decide": request.role >= Role.MANAGER,
    }
