"""Refused words about items, by kind: hundreds of one kind are one row of the board, and one page to settle them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from stores.catalog.models import System
from stores.sync.models import InboundMessage
from stores.sync.queries.exceptions import waiting_messages

CONNECTOR = "items"
SHOWN_MAX = 100

Reason = InboundMessage.Reason


@dataclass(frozen=True)
class ItemGroup:
    """`count` refused words of one source for one reason, the oldest since `since`; `taken` of them have an owner."""

    source: str
    source_name: str
    reason: str
    label: str
    count: int
    since: datetime
    taken: int


def waiting_item_writes() -> QuerySet[InboundMessage]:
    return waiting_messages().filter(connector=CONNECTOR)


def item_groups() -> list[ItemGroup]:
    """One query; the largest first."""
    rows = (
        waiting_item_writes()
        .values_list("source", "reason")
        .annotate(count=Count("pk"), since=Min("created_at"), taken=Count("owner"))
        .order_by("-count", "source", "reason")
    )
    return [
        ItemGroup(source, source_name(source), reason, str(Reason(reason).label), count, since, taken)
        for source, reason, count, since, taken in rows
    ]


def source_name(source: str) -> str:
    return str(System(source).label) if source in System.values else source


def lines_of(*, source: str, reason: str, item_import: int | None = None) -> QuerySet[InboundMessage]:
    """What waits of one kind, the same code together."""
    lines = waiting_item_writes().filter(source=source, reason=reason)
    if item_import:
        lines = lines.filter(facts__import=item_import)
    return lines.select_related("owner").order_by("facts__folded", "pk")


def said_in_words(facts: dict[str, Any]) -> str:
    """What came, on one line of a screen."""
    if cells := facts.get("cells"):
        return " · ".join(cell for cell in cells if cell)[:200]
    said = (facts.get("theirs") or facts.get("problem")) if facts.get("field") else None
    parts = [facts.get("label"), said] if said else [facts.get("name"), facts.get("price")]
    return " · ".join(str(part) for part in parts if part)[:200]
