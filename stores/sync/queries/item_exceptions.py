"""Refused words about items, by kind: hundreds of one kind are one row of the board, and one page to settle them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, QuerySet

from stores.catalog.models import Item, System
from stores.sync.models import InboundMessage
from stores.sync.queries.exceptions import ITEMS_CONNECTOR, waiting_messages

CONNECTOR = ITEMS_CONNECTOR
SHOWN_MAX = 100
SETTLED_MAX = 20

Reason = InboundMessage.Reason
# What a lead can do about each kind, besides taking and dismissing it.
WAYS_OUT: dict[str, tuple[str, ...]] = {
    Reason.NO_GOODS: ("no_goods", "add"),
    Reason.BLANK_NAME: ("no_goods", "add"),
    Reason.NO_PRICE: ("no_goods", "add"),
    Reason.CONFLICTING_NAME: ("keep_ours", "use_theirs"),
    Reason.DUPLICATE_CODE: ("same_item",),
    Reason.NOT_OWNER: ("keep_ours", "use_theirs"),
}


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


@dataclass(frozen=True)
class ItemLine:
    """One refused word. `ours` is what it stands against; `is_item` tells that its code is an item by now."""

    message: InboundMessage
    code: str
    words: str
    ours: str
    place: str
    is_item: bool


@dataclass(frozen=True)
class ItemPage:
    source_name: str
    label: str
    count: int
    lines: list[ItemLine]
    ways: tuple[str, ...]
    settled: list[ItemLine]


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


def item_lines(*, source: str, reason: str, item_import: int = 0) -> QuerySet[InboundMessage]:
    """What waits of one kind, the same code together."""
    lines = waiting_item_writes().filter(source=source, reason=reason)
    if item_import:
        lines = lines.filter(facts__import=item_import)
    return lines.order_by("facts__folded", "pk")


def ways_out(*, source: str, reason: str, item_import: int = 0) -> ItemPage:
    """The page of one kind: four queries."""
    lines = item_lines(source=source, reason=reason, item_import=item_import)
    settled = (
        InboundMessage.objects.filter(connector=CONNECTOR, source=source, reason=reason)
        .exclude(pk__in=waiting_item_writes().filter(source=source, reason=reason).values("pk"))
        .defer("body")
        .select_related("owner")
        .order_by("-ended_at", "-pk")
    )
    shown = list(lines.select_related("owner")[:SHOWN_MAX])
    codes = {line.facts.get("folded", "") for line in shown}
    known = set(Item.objects.filter(sku__in=codes).values_list("sku", flat=True))
    return ItemPage(
        source_name=source_name(source),
        label=str(Reason(reason).label),
        count=len(shown) if len(shown) < SHOWN_MAX else lines.count(),
        lines=[_line(one, known) for one in shown],
        ways=WAYS_OUT.get(reason, ()),
        settled=[_line(one, known) for one in settled[:SETTLED_MAX]],
    )


def _line(message: InboundMessage, known: set[str]) -> ItemLine:
    facts = message.facts
    place = f"{facts['file']}:{facts['line']}" if facts.get("file") else ""
    return ItemLine(
        message=message,
        code=str(facts.get("code") or facts.get("sku", "")),
        words=said_in_words(facts),
        ours=str(facts.get("ours") or ""),
        place=place,
        is_item=facts.get("folded", "") in known,
    )


def said_in_words(facts: dict[str, Any]) -> str:
    """What came, on one line of a screen."""
    if cells := facts.get("cells"):
        return " · ".join(cell for cell in cells if cell)[:200]
    if facts.get("field"):
        parts = [facts.get("label"), facts.get("theirs"), facts.get("problem")]
    else:
        parts = [facts.get("name"), facts.get("price"), facts.get("problem"), *facts.get("gtins", [])]
    return " · ".join(str(part) for part in parts if part)[:200]
