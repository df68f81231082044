"""The item master as a list: what a person filters by, and what needs attention."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet
from django.utils.functional import Promise
from django.utils.http import urlencode

from stores.catalog.fields import EDITABLE_FIELDS
from stores.catalog.models import Item
from stores.catalog.queries.search_items import TEXT_LENGTH_MAX, holding_words
from stores.catalog.required import INCOMPLETE, LACKS, missing_attributes

PAGE_SIZE = 50
PAGE_MAX = 10_000
NONE = "none"
FLAGS = (*(name for name, one in EDITABLE_FIELDS.items() if one.is_flag), "is_bundle")
COMPLETENESS = {"no": INCOMPLETE, "yes": ~INCOMPLETE, **LACKS}


@dataclass(frozen=True)
class ItemFilter:
    """What the list is narrowed to. Empty: not by that. `complete` is yes, no, or an attribute that is lacking."""

    q: str = ""
    state: str = ""
    category: str = ""
    abc: str = ""
    flag: str = ""
    complete: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "ItemFilter":
        """From a form or an address; what is not understood is left out."""
        text = "".join(sign if sign.isprintable() else " " for sign in given.get("q", "")[:TEXT_LENGTH_MAX]).strip()
        category = given.get("category", "")[:40]

        def one_of(name: str, allowed: Any) -> str:
            value = given.get(name, "")
            return value if value in allowed else ""

        return cls(
            q=text,
            state=one_of("state", Item.State.values),
            category=category if category.isprintable() else "",
            abc=one_of("abc", [*Item.AbcClass.values, NONE]),
            flag=one_of("flag", FLAGS),
            complete=one_of("complete", COMPLETENESS),
        )

    @property
    def given(self) -> dict[str, str]:
        """What it is narrowed by, for an address or for hidden fields."""
        return {name: value for name, value in asdict(self).items() if value}

    @property
    def query(self) -> str:
        return urlencode(self.given)

    def matching(self) -> QuerySet[Item]:
        items = Item.objects.all()
        if self.q:
            items = holding_words(items, self.q)
        if self.state:
            items = items.filter(state=self.state)
        if self.category:
            items = items.filter(category=None) if self.category == NONE else items.filter(category__code=self.category)
        if self.abc:
            items = items.filter(abc_class="" if self.abc == NONE else self.abc)
        if self.flag:
            items = items.filter(**{self.flag: True})
        if self.complete:
            items = items.filter(COMPLETENESS[self.complete])
        return items


@dataclass(frozen=True)
class ItemLine:
    item: Item
    missing: list[str | Promise]
    picture: str | None


@dataclass(frozen=True)
class ItemPage:
    """One page of a filtered list. `number` begins at 1."""

    filter: ItemFilter
    lines: list[ItemLine]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def total_text(self) -> str:
        return f"{self.total:,}"

    @property
    def first_text(self) -> str:
        return f"{self.first:,}"

    @property
    def last_text(self) -> str:
        return f"{self.last:,}"

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.lines) - 1

    def address_of(self, number: int) -> str:
        return f"?{urlencode(self.filter.given | {'page': str(number)})}"

    @property
    def previous_url(self) -> str:
        return self.address_of(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self.address_of(self.number + 1) if self.number < self.pages else ""


def item_page(wanted: ItemFilter, number: int) -> ItemPage:
    """Page `number` of the items the filter lets through, by name. Two queries."""
    matching = wanted.matching()
    total = matching.count()
    number = max(1, min(number, -(-total // PAGE_SIZE), PAGE_MAX)) if total else 1
    rows = (
        matching.select_related("category")
        .annotate(
            lacks_components=ExpressionWrapper(LACKS["components"], output_field=BooleanField()),
            picture_hash=F("picture__sha256"),
        )
        .order_by("name", "pk")[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    )
    lines = [
        ItemLine(row, missing_attributes(row, lacks_components=row.lacks_components), row.picture_hash) for row in rows
    ]
    return ItemPage(wanted, lines, total, number)


@dataclass(frozen=True)
class Attention:
    """What waits for somebody: how many items, and the filter that shows them."""

    key: str
    count: int
    filter: ItemFilter

    @property
    def count_text(self) -> str:
        return f"{self.count:,}"


def waiting_items() -> tuple[int, list[Attention]]:
    """How many items there are, and what waits among them; only what there is. One query."""
    kinds = {
        "incomplete": (Q(state=Item.State.DRAFT) & INCOMPLETE, ItemFilter(state=Item.State.DRAFT, complete="no")),
        "ready": (Q(state=Item.State.DRAFT) & ~INCOMPLETE, ItemFilter(state=Item.State.DRAFT, complete="yes")),
        "approved": (Q(state=Item.State.APPROVED), ItemFilter(state=Item.State.APPROVED)),
        "lacking": (
            ~Q(state__in=[Item.State.DRAFT, Item.State.RETIRED]) & INCOMPLETE,
            ItemFilter(complete="no"),
        ),
    }
    counts = Item.objects.aggregate(
        total=Count("pk"), **{key: Count("pk", filter=condition) for key, (condition, _shown) in kinds.items()}
    )
    waiting = [Attention(key, counts[key], shown) for key, (_condition, shown) in kinds.items() if counts[key]]
    return counts["total"], waiting
