"""Which system may change which field."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from stores.catalog.fields import EDITABLE_FIELDS, GROUP_LABELS, ItemField
from stores.catalog.models import FieldOwner, System
from stores.journal.models import Event

OWNER_SET = "catalog.owner_set"


def owners() -> dict[str, System]:
    """By field. A field that is not named belongs to Storehand, as `owner_of` has it."""
    return {field: System(system) for field, system in FieldOwner.objects.values_list("field", "system")}


def owner_of(field: str, by_field: Mapping[str, System]) -> System:
    return by_field.get(field, System.STOREHAND)


@dataclass(frozen=True)
class OwnedField:
    """A field, whose it is, and the last time that was decided."""

    field: ItemField
    owner: System
    since: Event | None


@dataclass(frozen=True)
class OwnedGroup:
    label: str | Promise
    fields: list[OwnedField]


def owned_groups() -> list[OwnedGroup]:
    """Every field under its heading, by two queries."""
    by_field = owners()
    decided: dict[str, Event] = {}
    # A handful of rows in the life of a house: fields hardly ever move.
    for event in Event.objects.filter(store=None, kind=OWNER_SET).select_related("actor").order_by("pk"):
        decided[event.data["field"]] = event
    return [
        OwnedGroup(
            label,
            [
                OwnedField(one, owner_of(one.name, by_field), decided.get(one.name))
                for one in EDITABLE_FIELDS.values()
                if one.group == group
            ],
        )
        for group, label in GROUP_LABELS.items()
    ]
