"""The form of an item: to add a draft, to fill one in, and to ask for a change of what is approved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from stores.catalog.actions.add_item import add_item
from stores.catalog.actions.edit_item import edit_item
from stores.catalog.actions.request_change import request_change
from stores.catalog.errors import FieldInvalid
from stores.catalog.fields import EDITABLE_FIELDS, GROUP_LABELS, ItemField, parse_field, texts_of
from stores.catalog.models import Category, Item, Style, System
from stores.catalog.queries.owners import owners
from stores.catalog.views.answering import desk_page, posted_line
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.handheld.screens import go_to
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

TEMPLATE = "catalog/item_form.html"
# A flag's tick, or a name of 120 signs with room to say that it is too long.
TEXT_LENGTH_MAX = 400
STYLES_OFFERED_MAX = 300
NUMBERS = {"pack_count", "length_mm", "width_mm", "height_mm", "weight_g"}


@dataclass(frozen=True)
class Box:
    """One field of the form. `kept_by` names the system that alone may change it; `choices` are codes and words."""

    field: ItemField
    text: str
    error: str = ""
    kept_by: str | Promise = ""
    choices: list[tuple[str, str]] | None = None

    @property
    def is_number(self) -> bool:
        return self.field.name in NUMBERS

    @property
    def is_set(self) -> bool:
        return self.text not in {"", "false"}


@require_http_methods(["GET", "POST"])
@role_required(Role.LEAD)
def add(request: StoreRequest) -> HttpResponse:
    """Adds a draft. What is wrong is said beside its field, all at once."""
    if request.method == "GET":
        given = {"currency": "GBP", "pack_count": "1", "style": request.GET.get("style", "")[:40]}
        return _form(request, None, given)
    given, errors = _given(request, EDITABLE_FIELDS)
    sku = posted_line(request, "sku", at_most=41)
    if errors:
        return _form(request, None, given, errors, sku=sku, status=422)
    added: list[Item] = []

    def act() -> Band:
        values: dict[str, Any] = {name: parse_field(name, text) for name, text in given.items()}
        added.append(add_item(sku=sku, associate=request.user, **values))
        return Band(tone="yes", title=_("Draft added"), code=str(added[0].pk))

    answer = answer_form(request, act=act)
    if answer.status != 200:
        return _form(request, None, given, sku=sku, band=answer.band, status=answer.status)
    return go_to(request, reverse("catalog:item", args=[answer.band.code]))


@require_http_methods(["GET", "POST"])
@role_required(Role.LEAD)
def edit(request: StoreRequest, pk: int) -> HttpResponse:
    """A draft is changed at once; whatever somebody has approved is asked for, with a reason."""
    item = get_object_or_404(Item.objects.select_related("category", "style"), pk=pk)
    if request.method == "GET":
        return _form(request, item, texts_of(item))
    foreign = {} if item.state == Item.State.DRAFT else _foreign()
    shown = [
        name for name, one in EDITABLE_FIELDS.items() if name not in foreign and (one.is_flag or name in request.POST)
    ]
    given, errors = _given(request, shown)
    reason = posted_line(request, "reason")
    if errors:
        return _form(request, item, given, errors, reason=reason, status=422)

    def act() -> Band:
        if item.state == Item.State.DRAFT:
            edit_item(item=item, texts=given, associate=request.user, reason=reason)
            return Band(tone="yes", title=_("Saved"))
        request_change(item=item, changes=given, reason=reason, associate=request.user)
        return Band(tone="yes", title=_("Change asked for"))

    answer = answer_form(request, act=act)
    if answer.status != 200:
        return _form(request, item, given, reason=reason, band=answer.band, status=answer.status)
    return go_to(request, reverse("catalog:item", args=[item.pk]))


def _given(request: HttpRequest, names: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The form's texts, and by field what is wrong with them. A flag that is not ticked is not sent: that means no."""
    texts = {name: request.POST.get(name, "")[:TEXT_LENGTH_MAX] for name in names}
    errors = {}
    for name, text in texts.items():
        try:
            parse_field(name, text)
        except FieldInvalid as refusal:
            errors[name] = refusal.detail
    return texts, errors


def _foreign() -> dict[str, str | Promise]:
    """By field, the system that alone may change it once the item is approved, in words; only those that are not us."""
    return {name: owner.label for name, owner in owners().items() if owner != System.STOREHAND}


def _form(
    request: StoreRequest,
    item: Item | None,
    texts: Mapping[str, str | None],
    errors: Mapping[str, str] | None = None,
    *,
    sku: str = "",
    reason: str = "",
    band: Band | None = None,
    status: int = 200,
) -> HttpResponse:
    is_draft = item is None or item.state == Item.State.DRAFT
    context = {
        "item": item,
        "sku": sku,
        "reason": reason,
        "is_draft": is_draft,
        "groups": _groups(texts, errors or {}, {} if is_draft else _foreign()),
        "styles": Style.objects.order_by("code")[:STYLES_OFFERED_MAX],
    }
    if errors:
        words = ngettext("{count} field needs another look.", "{count} fields need another look.", len(errors))
        band = Band(tone="no", title=_("Not saved"), detail=words.format(count=len(errors)))
    return desk_page(request, TEMPLATE, context, band=band, status=status)


def _groups(
    texts: Mapping[str, str | None], errors: Mapping[str, str], foreign: Mapping[str, str | Promise]
) -> list[tuple[str | Promise, list[Box]]]:
    """The form's fields under their headings."""
    choices: dict[str, list[tuple[str, str]]] = {
        "category": list(Category.objects.values_list("code", "name")),
        "abc_class": [(value, str(label)) for value, label in Item.AbcClass.choices],
    }
    boxes: dict[str, list[Box]] = {group: [] for group in GROUP_LABELS}
    for name, one in EDITABLE_FIELDS.items():
        box = Box(one, texts.get(name) or "", errors.get(name, ""), foreign.get(name, ""), choices.get(name))
        boxes[one.group].append(box)
    return [(GROUP_LABELS[group], fields) for group, fields in boxes.items()]
