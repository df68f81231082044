"""Asking for a change of an item that somebody has vouched for."""

from collections.abc import Mapping

from django.db.models.functions import Now

from stores.catalog.actions.explain import REASON_LENGTH_MAX
from stores.catalog.change_errors import (
    AlreadyRequested,
    DraftNeedsNoRequest,
    NothingChanged,
    NotYourRequest,
    OwnedElsewhere,
    ReasonNeeded,
    UnknownField,
)
from stores.catalog.changes import candidate_of, check_candidate
from stores.catalog.fields import EDITABLE_FIELDS, parse_field, text_of
from stores.catalog.models import ChangeRequest, Item, System
from stores.catalog.queries.owners import owner_of, owners
from stores.catalog.queries.words import field_in_words
from stores.journal.actions.record import record
from stores.staff.models import Associate
from stores.transitions import advance


def request_change(
    *,
    item: Item,
    changes: Mapping[str, str | None],
    reason: str,
    associate: Associate,
    system: System = System.STOREHAND,
) -> ChangeRequest:
    """Asks for other values of an approved, active or retired item; somebody else decides.

    `changes` holds texts by field, as a form has them; those that say what is so already are left out. `system` is
    whose word it is: only its fields can be asked for. Raises DraftNeedsNoRequest, UnknownField, what `parse_field`
    raises, OwnedElsewhere, NothingChanged, ItemIncomplete, VariantTaken, ReasonNeeded, and AlreadyRequested when an
    open request wants just this.
    """
    reason = checked_reason(reason)
    item = Item.objects.select_for_update(of=("self",)).get(pk=item.pk)
    if item.state == Item.State.DRAFT:
        raise DraftNeedsNoRequest(item=item.name)
    wanted = _wanted(item, changes, system)
    if not wanted:
        raise NothingChanged
    same = ChangeRequest.objects.filter(item=item, state=ChangeRequest.State.OPEN, changes=wanted).first()
    if same:
        raise AlreadyRequested(request=same.pk)
    request = ChangeRequest.objects.create(
        item=item, changes=wanted, system=system, reason=reason, requested_by=associate
    )
    record(
        kind="catalog.change_requested",
        subject=request,
        actor=associate,
        item=item,
        data={"fields": sorted(wanted), "reason": reason},
    )
    return request


def withdraw_change(*, request: ChangeRequest, associate: Associate) -> None:
    """Whoever asked thinks better of it. Raises NotYourRequest and WrongState."""
    if request.requested_by_id != associate.pk:
        raise NotYourRequest(requested_by=request.requested_by.name)
    advance(request, to=ChangeRequest.State.WITHDRAWN, ended_at=Now())
    record(kind="catalog.change_withdrawn", subject=request, actor=associate, item=request.item)


def checked_reason(text: str) -> str:
    """One line. Raises ReasonNeeded."""
    reason = " ".join(text.split())
    if not reason or len(reason) > REASON_LENGTH_MAX or not reason.isprintable():
        raise ReasonNeeded
    return reason


def _wanted(item: Item, changes: Mapping[str, str | None], system: System) -> dict[str, dict[str, str | None]]:
    """What would be other than it is: {field: {"was": text, "wanted": text}}."""
    by_field = owners()
    wanted = {}
    values = {}
    for field, text in changes.items():
        if field not in EDITABLE_FIELDS:
            raise UnknownField(field=field[:40])
        values[field] = parse_field(field, text)
        was, said = text_of(item, field), text_of(candidate_of(item, {field: values[field]}), field)
        if was == said:
            continue
        owner = owner_of(field, by_field)
        if owner != system:
            raise OwnedElsewhere(field=field_in_words(field), owner=owner.label)
        wanted[field] = {"was": was, "wanted": said}
    check_candidate(item, candidate_of(item, values))
    return wanted
