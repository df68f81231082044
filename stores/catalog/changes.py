"""An item as it would be: asked before anything is written."""

from collections.abc import Mapping
from copy import copy
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from stores.catalog.errors import ItemIncomplete, VariantTaken
from stores.catalog.fields import OWNED_FIELDS
from stores.catalog.models import Item
from stores.catalog.queries.variants import variant_in_words
from stores.catalog.required import missing_attributes

VARIANT_FIELDS = ("style", "size", "color", "pack_count")


def candidate_of(item: Item, values: Mapping[str, Any]) -> Item:
    """A copy of the item with other values; `item` itself stays as it is."""
    candidate = copy(item)
    for field, value in values.items():
        setattr(candidate, field, value)
    return candidate


def check_candidate(item: Item, candidate: Item) -> None:
    """Raises ItemIncomplete when the change takes away what the item needs, VariantTaken when another one is so."""
    lost = [name for name in map(str, missing_attributes(candidate)) if name not in _missing(item)]
    if lost and item.state != Item.State.DRAFT:
        raise ItemIncomplete(item=item.name, missing=", ".join(lost))
    if any(getattr(candidate, field) != getattr(item, field) for field in VARIANT_FIELDS):
        _check_variant(candidate)


def label_of(field: str) -> str | Promise:
    return OWNED_FIELDS[field]


def _missing(item: Item) -> set[str]:
    # Items that were sold before there were states may lack something: that does not stand in a change's way.
    return {str(name) for name in missing_attributes(item)}


def _check_variant(candidate: Item) -> None:
    if candidate.style is None or candidate.state == Item.State.RETIRED:
        return
    same = {field: getattr(candidate, field) for field in VARIANT_FIELDS}
    taken = Item.objects.filter(**same).exclude(state=Item.State.RETIRED).exclude(pk=candidate.pk).first()
    if taken:
        words = variant_in_words(candidate) or _("The one without size and color")
        raise VariantTaken(style=candidate.style.name, variant=words, item=taken.name, sku=taken.sku)
