"""Which system may change which field."""

from collections.abc import Mapping

from stores.catalog.models import FieldOwner, System

OWNER_SET = "catalog.owner_set"


def owners() -> dict[str, System]:
    """By field. A field that is not named belongs to Storehand, as `owner_of` has it."""
    return {field: System(system) for field, system in FieldOwner.objects.values_list("field", "system")}


def owner_of(field: str, by_field: Mapping[str, System]) -> System:
    return by_field.get(field, System.STOREHAND)
