"""Refused words about items, by kind: hundreds of one kind are one row of the board, and one page to settle them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Concat, NullIf
from django.utils.translation import gettext as _

from stores.catalog.models import Alias, Item, System
from stores.stock.models import Balance
from stores.sync.models import InboundMessage
from stores.sync.queries.exceptions import ITEMS_CONNECTOR, waiting_messages

CONNECTOR = ITEMS_CONNECTOR
SHOWN_MAX = 100
SETTLED_MAX = 20
# What a line became whose code is no item.
NO_GOODS_SUBJECT = "no goods"

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
# Kinds in which one answer settles a code, whatever else its lines say.
ASKED_BY_CODE = {Reason.NO_GOODS, Reason.BLANK_NAME, Reason.NO_PRICE, Reason.DUPLICATE_CODE}


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
class CodeItem:
    """What a code means already. `firm`: approved, on sale or in stock, so nobody calls it no goods by a tap."""

    item: Item
    firm: bool


@dataclass(frozen=True)
class ItemLine:
    """One refused word, or `count` of them that one answer settles. `ours` is what it stands against."""

    message: InboundMessage
    code: str
    words: str
    ours: str
    file: str
    line: int
    known: CodeItem | None = None
    count: int = 1
    repeats: int = 0

    @property
    def outcome(self) -> str:
        """How it was settled, in words."""
        message, facts = self.message, self.message.facts
        if message.dismissed_reason:
            return message.dismissed_reason
        if message.subject == NO_GOODS_SUBJECT:
            return _("Not goods: remembered")
        if message.reason == Reason.DUPLICATE_CODE:
            return spelling_in_words(facts.get("code", ""), facts.get("sku", ""), facts.get("ours", ""))
        if message.reason in (Reason.CONFLICTING_NAME, Reason.NOT_OWNER):
            return _("Theirs was taken")
        return _("Added as an item")


@dataclass(frozen=True)
class ItemPage:
    """The rows of one kind, in the order in which the files said them first; `count` lines in `row_count` rows."""

    source_name: str
    label: str
    count: int
    row_count: int
    rows: list[ItemLine]
    until: int
    ways: tuple[str, ...]
    settled: list[ItemLine]

    @property
    def all_items(self) -> bool:
        return bool(self.rows) and all(row.known for row in self.rows)

    @property
    def all_firm(self) -> bool:
        return bool(self.rows) and all(row.known and row.known.firm for row in self.rows)

    @property
    def some_drafts(self) -> bool:
        return any(row.known and not row.known.firm for row in self.rows)


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


def waiting_by_reason(source: str, item_import: int) -> dict[str, tuple[int, int]]:
    """How many lines of one import wait, and how many of its source in all. One query."""
    rows = waiting_item_writes().filter(source=source).values_list("reason")
    counted = rows.annotate(of_import=Count("pk", filter=Q(facts__import=item_import)), in_all=Count("pk"))
    return {reason: (of_import, in_all) for reason, of_import, in_all in counted}


def source_name(source: str) -> str:
    return str(System(source).label) if source in System.values else source


def item_lines(*, source: str, reason: str, item_import: int = 0) -> QuerySet[InboundMessage]:
    """What waits of one kind, the same code together."""
    lines = waiting_item_writes().filter(source=source, reason=reason)
    if item_import:
        lines = lines.filter(facts__import=item_import)
    return lines.order_by("facts__folded", "pk")


def whole_rows(
    lines: QuerySet[InboundMessage], *, reason: str, pks: Sequence[int], until: int = 0
) -> QuerySet[InboundMessage]:
    """Of `lines` those that stand in one row with one of `pks`; none that came after `until` was on the screen."""
    in_rows = _in_rows(lines, reason)
    chosen = Q(pk__in=[])
    for spelled, said, alone in set(in_rows.filter(pk__in=pks).values_list("spelled", "said", "alone")):
        chosen |= Q(spelled=spelled, said=said, alone=alone)
    return in_rows.filter(chosen, pk__lte=until) if until else in_rows.filter(chosen)


def ways_out(*, source: str, reason: str, item_import: int = 0) -> ItemPage:
    """The page of one kind: five queries, and one more when there are more rows than are shown."""
    lines = item_lines(source=source, reason=reason, item_import=item_import)
    rows = (
        _in_rows(lines, reason)
        .order_by()
        .values("spelled", "said", "alone")
        .annotate(
            count=Count("pk"),
            came_again=Sum("repeats"),
            pks=ArrayAgg("pk", order_by=("at_import", "at_file", "at_line", "pk")),
            first_import=Min("at_import"),
            first_file=Min("at_file"),
            first_line=Min("at_line"),
        )
        .order_by("first_import", "first_file", "first_line", "spelled", "said", "alone")
    )
    shown = list(rows[:SHOWN_MAX])
    firsts = waiting_item_writes().select_related("owner").in_bulk([row["pks"][0] for row in shown])
    settled = (
        InboundMessage.objects.filter(connector=CONNECTOR, source=source, reason=reason)
        .exclude(pk__in=waiting_item_writes().filter(source=source, reason=reason).values("pk"))
        .defer("body")
        .select_related("owner")
        .order_by("-ended_at", "-pk")
    )
    known = items_of_codes(source, {one.facts.get("folded", "") for one in firsts.values()})
    is_all = len(shown) < SHOWN_MAX
    return ItemPage(
        source_name=source_name(source),
        label=str(Reason(reason).label),
        count=sum(row["count"] for row in shown) if is_all else lines.count(),
        row_count=len(shown) if is_all else rows.count(),
        rows=[
            _line(firsts[row["pks"][0]], known, count=row["count"], repeats=row["came_again"])
            for row in shown
            # Somebody may have settled it between the two queries.
            if row["pks"][0] in firsts
        ],
        until=max((pk for row in shown for pk in row["pks"]), default=0),
        ways=WAYS_OUT.get(reason, ()),
        settled=[_line(one, {}) for one in settled[:SETTLED_MAX]],
    )


def item_line(message: InboundMessage) -> ItemLine:
    """One refused word by itself, with what its code means. Two queries."""
    return _line(message, items_of_codes(message.source, [message.facts.get("folded", "")]), repeats=message.repeats)


def items_of_codes(source: str, codes: Collection[str]) -> dict[str, CodeItem]:
    """By folded code, the item that the source means by it: its own word for one of ours goes before our code."""
    aliases = dict(Alias.objects.filter(source=source, folded__in=codes).values_list("folded", "item_id"))
    stock = Balance.objects.filter(item=OuterRef("pk"), physical=True, quantity__gt=0)
    items = Item.objects.filter(Q(sku__in=codes) | Q(pk__in=aliases.values())).annotate(in_stock=Exists(stock))
    found = {
        item.pk: CodeItem(item, firm=item.in_stock or item.state in (Item.State.APPROVED, Item.State.ACTIVE))
        for item in items
    }
    by_sku = {one.item.sku: one for one in found.values() if one.item.sku in codes}
    return by_sku | {folded: found[pk] for folded, pk in aliases.items()}


def _in_rows(lines: QuerySet[InboundMessage], reason: str) -> QuerySet[Any]:
    """With what makes a row: the code as spelled, what is said of it where that matters, or the line itself."""
    nothing = Value("", output_field=TextField())
    texts = [Coalesce(KT(f"facts__{fact}"), nothing) for fact in ("name", "field", "theirs", "problem")]
    return lines.annotate(
        spelled=Coalesce(NullIf(KT("facts__code"), nothing), KT("facts__sku"), nothing),
        said=nothing if reason in ASKED_BY_CODE else Concat(*texts),
        alone=Case(When(spelled="", then=F("pk")), default=Value(0), output_field=BigIntegerField()),
        at_import=Cast(KT("facts__import"), BigIntegerField()),
        at_file=KT("facts__file"),
        at_line=Cast(KT("facts__line"), BigIntegerField()),
    )


def _line(message: InboundMessage, known: dict[str, CodeItem], *, count: int = 1, repeats: int = 0) -> ItemLine:
    facts = message.facts
    return ItemLine(
        message=message,
        code=str(facts.get("code") or facts.get("sku", "")),
        words=said_in_words(facts),
        ours=str(facts.get("ours") or ""),
        file=str(facts.get("file") or ""),
        line=facts.get("line") or 0,
        known=known.get(facts.get("folded", "")),
        count=count,
        repeats=repeats,
    )


def spelling_in_words(code: str, sku: str, name: str) -> str:
    """Which item a spelling stands for."""
    return _("{code} means {sku}, {name}").format(code=code, sku=sku, name=name)


def said_in_words(facts: dict[str, Any]) -> str:
    """What came, on one line of a screen."""
    if cells := facts.get("cells"):
        return " · ".join(cell for cell in cells if cell)[:200]
    if facts.get("field"):
        parts = [facts.get("label"), facts.get("theirs"), facts.get("problem")]
    else:
        parts = [facts.get("name"), facts.get("price"), facts.get("problem"), *facts.get("gtins", [])]
    return " · ".join(str(part) for part in parts if part)[:200]
