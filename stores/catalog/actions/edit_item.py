"""Filling in a draft. What is approved changes by request instead: see request_change."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from stores.catalog.actions.explain import explained
from stores.catalog.actions.save_fields import save_fields_locked
from stores.catalog.changes import candidate_of
from stores.catalog.errors import NotADraft
from stores.catalog.fields import parse_field, text_of
from stores.catalog.models import Item
from stores.journal.actions.record import record


def edit_item(*, item: Item, texts: Mapping[str, str | None], associate: Model, reason: str = "") -> list[str]:
    """Sets fields of a draft to what `texts` (by field, see fields.py) mean; returns the names of those that changed.

    Raises FieldInvalid, NotADraft and VariantTaken. Owners of fields are not asked: nothing of a draft is sold, and its
    gaps must be filled by whoever knows.
    """
    fresh = Item.objects.select_for_update(of=("self",)).select_related("category", "style").get(pk=item.pk)
    if fresh.state != Item.State.DRAFT:
        raise NotADraft(item=fresh.name)
    wanted: dict[str, Any] = {name: parse_field(name, text) for name, text in texts.items()}
    candidate = candidate_of(fresh, wanted)
    changed = {name: value for name, value in wanted.items() if text_of(candidate, name) != text_of(fresh, name)}
    if not changed:
        return []
    with explained(reason=reason or _("Draft filled in"), associate=associate):
        save_fields_locked(fresh, changed)
    record(kind="catalog.item_edited", subject=fresh, actor=associate, item=fresh, data={"fields": list(changed)})
    return list(changed)
