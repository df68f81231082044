"""Which system may change which field."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from stores.catalog.fields import EDITABLE_FIELDS, GROUP_LABELS, OWNED_FIELDS, SUBSTITUTES
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

    name: str
    label: str | Promise
    owner: System
    since: Event | None


@dataclass(frozen=True)
class OwnedGroup:
    label: str | Promise
    fields: list[OwnedField]


def owned_groups() -> list[OwnedGroup]:
    """Every field under its heading, and what is no field but has an owner, by two queries."""
    by_field = owners()
    decided: dict[str, Event] = {}
    # A handful of rows in the life of a house: fields hardly ever move.
    for event in Event.objects.filter(store=None, kind=OWNER_SET).select_related("actor").order_by("pk"):
        decided[event.data["field"]] = event
    names = {group: [one.name for one in EDITABLE_FIELDS.values() if one.group == group] for group in GROUP_LABELS}
    groups = [(GROUP_LABELS[group], fields) for group, fields in names.items()]
    return [
        OwnedGroup(
            label,
            [OwnedField(name, OWNED_FIELDS[name], owner_of(name, by_field), decided.get(name)) for name in fields],
        )
        for label, fields in [*groups, (gettext_lazy("In its place"), [SUBSTITUTES])]
    ]
