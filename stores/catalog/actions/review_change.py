"""Deciding a request for change: four eyes."""

from django.db.models.functions import Now

from stores.catalog.actions.explain import explained
from stores.catalog.actions.request_change import checked_reason
from stores.catalog.actions.save_fields import save_fields_locked
from stores.catalog.change_errors import OwnedElsewhere, OwnRequest, StaleRequest
from stores.catalog.changes import candidate_of, check_candidate, label_of
from stores.catalog.fields import parse_field, text_of
from stores.catalog.models import ChangeRequest, Item, System
from stores.catalog.queries.owners import owner_of, owners
from stores.catalog.queries.words import field_in_words
from stores.journal.actions.record import record
from stores.staff.models import Associate
from stores.transitions import advance


def review_change(*, request: ChangeRequest, approve: bool, associate: Associate, note: str = "") -> None:
    """A manager, who is not the one who asked, approves (and so applies) or refuses (and says why).

    Raises OwnRequest, WrongState when it is decided already, and for an approval StaleRequest, OwnedElsewhere,
    ItemIncomplete, VariantTaken and FieldInvalid: the world has moved since. ReasonNeeded for a refusal without a note.
    """
    if request.requested_by_id == associate.pk:
        raise OwnRequest
    note = checked_reason(note) if note.strip() or not approve else ""
    to = ChangeRequest.State.APPROVED if approve else ChangeRequest.State.REFUSED
    # The request first: of two managers one gets it, and the other never waits for the item.
    advance(request, to=to, reviewed_by=associate, review_note=note, ended_at=Now())
    if approve:
        _apply(request)
    record(
        kind=f"catalog.change_{to}",
        subject=request,
        actor=associate,
        item=request.item,
        data={"fields": sorted(request.changes), "note": note},
    )


def _apply(request: ChangeRequest) -> None:
    item = Item.objects.select_for_update(of=("self",)).get(pk=request.item_id)
    stale = [field for field, texts in request.changes.items() if text_of(item, field) != texts["was"]]
    if stale:
        raise StaleRequest(fields=", ".join(str(label_of(field)) for field in stale))
    by_field = owners()
    for field in request.changes:
        owner = owner_of(field, by_field)
        if owner != request.system:
            raise OwnedElsewhere(field=field_in_words(field), owner=owner.label)
    values = {field: parse_field(field, texts["wanted"]) for field, texts in request.changes.items()}
    check_candidate(item, candidate_of(item, values))
    # The history names who asked and why; who approved stands on the request, which it names too.
    system = System(request.system)
    with explained(reason=request.reason, system=system, associate=request.requested_by, request=request):
        save_fields_locked(item, values)
