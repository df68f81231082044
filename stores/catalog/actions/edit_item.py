"""Filling in a draft. What is approved changes by request instead: see request_change."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from stores.catalog.actions.explain import explained
from stores.catalog.errors import NotADraft
from stores.catalog.fields import EDITABLE_FIELDS, parse_field, text_of
from stores.catalog.models import Item
from stores.catalog.queries.variants import refuse_taken_variant
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
    was = {name: text_of(fresh, name) for name in EDITABLE_FIELDS}
    for name, value in wanted.items():
        setattr(fresh, name, value)
    changed = [name for name in wanted if text_of(fresh, name) != was[name]]
    if not changed:
        return []
    try:
        with transaction.atomic(), explained(reason=reason or _("Draft filled in"), associate=associate):
            fresh.save(update_fields=changed)
    except IntegrityError as error:
        refuse_taken_variant(fresh, error)
        raise
    record(kind="catalog.item_edited", subject=fresh, actor=associate, item=fresh, data={"fields": changed})
    return changed
