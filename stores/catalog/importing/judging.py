"""What becomes of the sales lines of one code. Pure: the same lines and the same master give the same verdicts."""

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple, TypeVar

from stores.catalog.models import ImportLine

Reason = ImportLine.Reason
T = TypeVar("T", str, Decimal)


class Said(NamedTuple):
    """`lines` lines that say the same of a code; the first is line `first`. `key` is the name's comparable form."""

    code: str
    key: str
    name: str
    price: Decimal
    lines: int
    first: int


class Known(NamedTuple):
    """The item that the code means. `spellings` are those somebody has vouched for; none: any will do."""

    item_id: int
    name: str
    key: str
    spellings: frozenset[str]


class NewItem(NamedTuple):
    """`line` is the number of the line that brought it."""

    code: str
    name: str
    price: Decimal
    line: int


class Verdict(NamedTuple):
    """One reason, or none, for each `Said`, in their order; and the item that the lines bring, if they bring one."""

    reasons: list[str]
    new: NewItem | None = None


def judge_code(folded: str, said: Sequence[Said], known: Known | None) -> Verdict:
    """Judges all lines of one folded code that are readable, are goods and have a name and a price or zero.

    A new code is spelt as its SKU will be, where a line spells it so, else as it was said first; other spellings ask
    whether the same thing is meant. Once the item is known, the same lines are judged the same.
    """
    spellings = known.spellings if known else frozenset({_usual_spelling(folded, said)})
    named = [one for one in said if not spellings or one.code in spellings]
    priced = [one for one in named if one.price > 0]
    if known is None and not priced:
        return Verdict([_spelling(one, spellings) or Reason.NO_PRICE for one in said])
    key = known.key if known else _most_said((one.key, one) for one in priced)
    reasons = [_spelling(one, spellings) or ("" if one.key == key else Reason.CONFLICTING_NAME) for one in said]
    if known:
        return Verdict(reasons)
    good = [one for one, reason in zip(said, reasons, strict=True) if not reason]
    first = min(good, key=_first)
    paid = [one for one in good if one.price > 0]
    price = _most_said((one.price, one) for one in paid)
    return Verdict(reasons, NewItem(first.code, min(paid, key=_first).name, price, first.first))


def _usual_spelling(folded: str, said: Sequence[Said]) -> str:
    return folded if any(one.code == folded for one in said) else min(said, key=_first).code


def _spelling(one: Said, spellings: frozenset[str]) -> str:
    return "" if not spellings or one.code in spellings else Reason.DUPLICATE_CODE


def _first(one: Said) -> int:
    return one.first


def _most_said(votes: Iterable[tuple[T, Said]]) -> T:
    """What most lines say; of two that are said as often, what was said first."""
    counts: Counter[T] = Counter()
    firsts: dict[T, int] = {}
    for value, one in votes:
        counts[value] += one.lines
        firsts[value] = min(one.first, firsts.get(value, one.first))
    return max(counts, key=lambda value: (counts[value], -firsts[value]))
