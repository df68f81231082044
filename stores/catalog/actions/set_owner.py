"""Which system a field belongs to."""

from stores.catalog.actions.request_change import checked_reason
from stores.catalog.change_errors import NothingChanged, UnknownField
from stores.catalog.fields import OWNED_FIELDS
from stores.catalog.models import FieldOwner, System
from stores.journal.actions.record import record
from stores.staff.models import Associate


def set_owner(*, field: str, system: System, reason: str, associate: Associate) -> FieldOwner:
    """From now on only `system` changes the field. Raises UnknownField, NothingChanged and ReasonNeeded."""
    if field not in OWNED_FIELDS:
        raise UnknownField(field=field[:40])
    reason = checked_reason(reason)
    FieldOwner.objects.get_or_create(field=field, defaults={"system": System.STOREHAND})
    owner = FieldOwner.objects.select_for_update().get(field=field)
    was = owner.system
    if was == system:
        raise NothingChanged
    owner.system = system
    owner.save(update_fields=["system"])
    record(
        kind="catalog.owner_set",
        subject=owner,
        actor=associate,
        data={"field": field, "was": was, "became": system.value, "reason": reason},
    )
    return owner
