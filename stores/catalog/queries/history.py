"""The history of an item: every field that took another value."""

from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Page, Paginator

from stores.catalog.models import FieldChange, Item, System
from stores.catalog.queries.words import field_in_words, text_in_words

SHOWN_MAX = 50


@dataclass(frozen=True)
class PastField:
    """One field, in words; empty is no value."""

    label: str
    was: str
    became: str


@dataclass(frozen=True)
class Moment:
    """What one write changed. `change` is its newest row, whose reason, time and request all of them share."""

    change: FieldChange
    fields: list[PastField]

    @property
    def who(self) -> str:
        # Somebody who is gone is nobody's name, yet their system is known.
        return self.change.associate.name if self.change.associate else str(System(self.change.system).label)

    @property
    def approved_by(self) -> str:
        request = self.change.request
        return request.reviewed_by.name if request and request.reviewed_by else ""


def item_history(item: Item, number: int) -> tuple[Page[FieldChange], list[Moment]]:
    """A page of changes, the newest first, by two queries; beyond the last page the last."""
    rows = FieldChange.objects.filter(item=item).select_related("associate", "request__reviewed_by").order_by("-pk")
    page = Paginator(rows, SHOWN_MAX).get_page(number)
    return page, [_moment(list(group)) for _key, group in groupby(page.object_list, key=_one_write)]


def _one_write(row: FieldChange) -> tuple[object, ...]:
    # An import may touch an item more than once in one transaction, each time for its own reason.
    return row.transaction, row.reason, row.system, row.associate_id, row.request_id


def _moment(rows: list[FieldChange]) -> Moment:
    # Within one write the trigger goes by the alphabet, which is how they are read.
    fields = [
        PastField(field_in_words(row.field), text_in_words(row.field, row.was), text_in_words(row.field, row.became))
        for row in reversed(rows)
    ]
    return Moment(rows[0], fields)
