"""Writes values into an item's row. Part of larger actions, which explain it and write the event."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from stores.catalog.models import Item
from stores.catalog.queries.variants import refuse_taken_variant


def save_fields_locked(item: Item, values: Mapping[str, Any]) -> None:
    """The caller holds the row's lock, has checked the values, and is inside `explained`. Raises VariantTaken."""
    for field, value in values.items():
        setattr(item, field, value)
    try:
        with transaction.atomic():
            item.save(update_fields=list(values))
    except IntegrityError as error:
        # Two items became the same variant at one moment: neither saw the other when it was checked.
        refuse_taken_variant(item, error)
        raise
