"""Requests for change: which wait, and what each would do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db.models import Q, QuerySet
from django.http import Http404

from stores.catalog.fields import text_of
from stores.catalog.models import ChangeRequest, FieldChange, Item
from stores.catalog.queries.words import field_in_words, text_in_words
from stores.staff.models import Associate

OPEN_SHOWN_MAX = 50
ENDED_SHOWN_MAX = 20
State = ChangeRequest.State


@dataclass(frozen=True)
class FieldWish:
    """One field of a request, in words; empty is no value. `now` is set when the item has moved on since.

    `until`: what is wanted is what the field was before somebody changed it then, as an old spreadsheet says it.
    """

    label: str
    was: str
    wanted: str
    now: str | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class RequestRow:
    request: ChangeRequest
    wishes: list[FieldWish]
    is_mine: bool

    @property
    def is_open(self) -> bool:
        return self.request.state == State.OPEN

    @property
    def stale(self) -> list[FieldWish]:
        return [wish for wish in self.wishes if wish.now is not None]


@dataclass(frozen=True)
class RequestBoard:
    """The longest waiting first, what is decided newest first; the count goes beyond the rows shown."""

    waiting: list[RequestRow]
    waiting_count: int
    mine: list[RequestRow]
    decided: list[RequestRow]


def request_board(associate: Associate) -> RequestBoard:
    """Three queries, and a count when more wait than are shown."""
    rows = _rows()
    waiting = list(rows.filter(state=State.OPEN).order_by("created_at", "pk")[:OPEN_SHOWN_MAX])
    mine = rows.filter(requested_by=associate).order_by("-pk")[:ENDED_SHOWN_MAX]
    decided = rows.filter(state__in=[State.APPROVED, State.REFUSED]).order_by("-ended_at", "-pk")[:ENDED_SHOWN_MAX]
    return RequestBoard(
        waiting=[_row(one, associate) for one in waiting],
        waiting_count=len(waiting) if len(waiting) < OPEN_SHOWN_MAX else waiting_requests().count(),
        mine=[_row(one, associate) for one in mine],
        decided=[_row(one, associate) for one in decided],
    )


def waiting_requests() -> QuerySet[ChangeRequest]:
    return ChangeRequest.objects.filter(state=State.OPEN)


def waiting_for(associate: Associate) -> QuerySet[ChangeRequest]:
    """Those that this person, as a manager, may decide; the longest waiting first."""
    return waiting_requests().exclude(requested_by=associate).order_by("created_at", "pk")


def waiting_of(item: Item, associate: Associate) -> list[RequestRow]:
    """What is asked of one item and not decided yet, the longest waiting first. One query."""
    rows = _rows().filter(item=item, state=State.OPEN).order_by("created_at", "pk")[:OPEN_SHOWN_MAX]
    return [_row(one, associate) for one in rows]


def find_request(pk: int) -> ChangeRequest:
    """With its item and its people. Raises Http404."""
    found = _rows().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def request_row(request: ChangeRequest, associate: Associate) -> RequestRow:
    """With what the item is now, where it is no longer what it was, and until when it was what is wanted. A query."""
    if request.state != State.OPEN:
        return _row(request, associate)
    return _row(request, associate, item=request.item, until=_was_until(request))


def _was_until(request: ChangeRequest) -> dict[str, datetime]:
    """By field, when it was last changed away from the value that is wanted."""
    wanted = Q(pk__in=[])
    for field, texts in request.changes.items():
        # Nothing is what every field was before its first value: that is no old word.
        if texts["wanted"]:
            wanted |= Q(field=field, was=texts["wanted"])
    changes = FieldChange.objects.filter(wanted, item=request.item_id).order_by("pk")
    return dict(changes.values_list("field", "changed_at"))


def _rows() -> QuerySet[ChangeRequest]:
    return ChangeRequest.objects.select_related("item__category", "item__style", "requested_by", "reviewed_by")


def _row(
    request: ChangeRequest,
    associate: Associate,
    item: Item | None = None,
    until: Mapping[str, datetime] = MappingProxyType({}),
) -> RequestRow:
    wishes = []
    for field, texts in request.changes.items():
        now = text_of(item, field) if item else texts["was"]
        wishes.append(
            FieldWish(
                label=field_in_words(field),
                was=text_in_words(field, texts["was"]),
                wanted=text_in_words(field, texts["wanted"]),
                now=text_in_words(field, now) if now != texts["was"] else None,
                until=until.get(field),
            )
        )
    return RequestRow(request, wishes, is_mine=request.requested_by_id == associate.pk)
