"""What a lead does about refused words about items, many at once. Each runs in the caller's transaction.

Nothing is deleted: what is settled keeps its line, with who settled it and how.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from stores.catalog.actions.add_alias import add_alias
from stores.catalog.actions.add_item import add_item
from stores.catalog.actions.write_fields import WriteResult, write_fields
from stores.catalog.errors import FieldInvalid
from stores.catalog.fields import parse_field
from stores.catalog.models import Alias, Item, NonGoodsCode, System
from stores.journal.actions.record import record
from stores.models import Store
from stores.staff.models import Associate
from stores.sync.models import InboundMessage
from stores.sync.queries.item_exceptions import (
    NO_GOODS_SUBJECT,
    items_of_codes,
    spelling_in_words,
    waiting_item_writes,
)
from stores.sync.refusals import CodeIsDraft, CodeIsItem, NothingChosen, NotTheirs, NotTogether, ReasonNeeded

REASON_LENGTH_MAX = 200
MEANING_LENGTH_MAX = 80


def take_item_writes(*, pks: Sequence[int], associate: Associate, store: Store) -> int:
    """Shows the others who sees to them. Raises NothingChosen."""
    lines = _locked(pks)
    count = waiting_item_writes().filter(pk__in=[line.pk for line in lines]).update(owner=associate)
    _record("sync.item_writes_taken", lines, count, associate, store)
    return count


def dismiss_item_writes(*, pks: Sequence[int], reason: str, associate: Associate, store: Store) -> int:
    """Takes them out of the queue for good. Raises ReasonNeeded and NothingChosen."""
    reason = " ".join(reason.split())
    if not reason or len(reason) > REASON_LENGTH_MAX or not reason.isprintable():
        raise ReasonNeeded
    lines = _locked(pks)
    count = _dismiss(waiting_item_writes().filter(pk__in=[line.pk for line in lines]), reason, associate)
    _record("sync.item_writes_dismissed", lines, count, associate, store, how=reason)
    return count


def remember_no_goods(*, pks: Sequence[int], associate: Associate, store: Store, drafts_too: bool = False) -> int:
    """These codes are no goods, whenever their source says them; settles every line that waits for one of them.

    Raises CodeIsItem where an item that is approved, on sale or in stock has the code: its sales would be thrown away
    from then on. Raises CodeIsDraft for any other item, unless `drafts_too`.
    """
    lines = _locked(pks)
    firsts = _first_by(lines, "folded")
    _check_no_items(firsts, drafts_too)
    for line in firsts:
        NonGoodsCode.objects.get_or_create(
            source=line.source,
            folded=line.facts["folded"],
            defaults={"meaning": str(line.facts.get("name", ""))[:MEANING_LENGTH_MAX]},
        )
    count = _settle(_same(lines, "folded"), NO_GOODS_SUBJECT, associate)
    _record("sync.item_writes_settled", lines, count, associate, store, how="no_goods")
    return count


def remember_spelling(*, pks: Sequence[int], associate: Associate, store: Store) -> tuple[list[str], int]:
    """These spellings mean the items they look like, whenever their source writes them; settles every such line.

    Returns what is remembered, in words, and how many lines are settled. Raises NotTogether for a line that is not
    about a spelling.
    """
    lines = _locked(pks)
    settled, remembered = 0, []
    for line in _first_by(lines, "code"):
        item = Item.objects.filter(pk=line.facts.get("item")).first()
        if item is None or line.reason != InboundMessage.Reason.DUPLICATE_CODE:
            raise NotTogether
        known = Alias.objects.filter(source=line.source, folded=line.facts["folded"]).exists()
        if line.facts["code"] != item.sku and not known:
            add_alias(source=line.source, code=line.facts["code"], item=item, associate=associate)
        remembered.append(spelling_in_words(line.facts["code"], item.sku, item.name))
        settled += _settle(_same([line], "code"), f"item:{item.pk}", associate)
    _record("sync.item_writes_settled", lines, settled, associate, store, how="same_item")
    return remembered, settled


def keep_ours(*, pks: Sequence[int], reason: str, associate: Associate, store: Store) -> int:
    """Our word stands; settles every line that says the same of the same code. `reason` is kept beside them."""
    lines = _locked(pks)
    count = _dismiss(_same(lines, "folded", "name", "field", "theirs"), reason, associate)
    _record("sync.item_writes_dismissed", lines, count, associate, store, how="keep_ours")
    return count


def use_theirs(*, pks: Sequence[int], reason: str, associate: Associate, store: Store) -> tuple[int, int]:
    """Takes their word: at once for a draft, as a request for change for what somebody has vouched for.

    Returns how many lines are settled and how many requests wait. Raises NotTheirs when another system owns the field,
    NotTogether when two lines want two things of one item, and what the change itself raises.
    """
    lines = _locked(pks)
    wanted: dict[tuple[int, str], InboundMessage] = {}
    for line in lines:
        field, text = _said(line)
        other = wanted.setdefault((line.facts["item"], field), line)
        if _said(other)[1] != text:
            raise NotTogether
    settled = requests = 0
    for (item_pk, _field), line in sorted(wanted.items()):
        result = _write(line, Item.objects.get(pk=item_pk), reason, associate)
        requests += result.request is not None
        settled += _settle(_same([line], "folded", "name", "field", "theirs"), f"item:{item_pk}", associate)
    _record("sync.item_writes_settled", lines, settled, associate, store, how="use_theirs")
    return settled, requests


def add_missing_item(*, pk: int, name: str, price: str, associate: Associate, store: Store) -> tuple[Item, int]:
    """Adds the item that a line could not bring, with what it lacked; settles every line that waits for its code.

    Raises FieldInvalid and what `add_item` raises.
    """
    lines = _locked([pk])
    line = lines[0]
    amount: Decimal = parse_field("price", price)
    if amount == 0:
        parse_field("price", "")
    item = add_item(sku=line.facts["code"], name=parse_field("name", name), price=amount, associate=associate)
    if line.facts["code"] != item.sku:
        add_alias(source=line.source, code=line.facts["code"], item=item, associate=associate)
    same = _same(lines, "folded").filter(reason__in=["blank_name", "no_price", "no_goods", "invalid"])
    count = _settle(same, f"item:{item.pk}", associate)
    _record("sync.item_writes_settled", lines, count, associate, store, how="item_added")
    return item, count


def _locked(pks: Sequence[int]) -> list[InboundMessage]:
    """Those that still wait, locked in one order, so that two leads cannot deadlock. Raises NothingChosen."""
    lines = list(waiting_item_writes().filter(pk__in=list(pks)).select_for_update(of=("self",)).order_by("pk"))
    if not lines:
        raise NothingChosen
    return lines


def _check_no_items(lines: Sequence[InboundMessage], drafts_too: bool) -> None:
    firm: list[str] = []
    drafts: list[str] = []
    for source in sorted({line.source for line in lines}):
        codes = {line.facts["folded"]: str(line.facts["code"]) for line in lines if line.source == source}
        for folded, known in sorted(items_of_codes(source, codes).items()):
            (firm if known.firm else drafts).append(codes[folded])
    if firm:
        raise CodeIsItem(codes=firm)
    if drafts and not drafts_too:
        raise CodeIsDraft(codes=drafts)


def _first_by(lines: Iterable[InboundMessage], fact: str) -> list[InboundMessage]:
    """One line for each value of the fact. Raises NotTogether for a line without one."""
    first: dict[tuple[str, str], InboundMessage] = {}
    for line in lines:
        if not line.facts.get(fact):
            raise NotTogether
        first.setdefault((line.source, line.facts[fact]), line)
    return list(first.values())


def _same(lines: Sequence[InboundMessage], *facts: str) -> QuerySet[InboundMessage]:
    """What waits and says the same in these facts, `lines` among it."""
    same = Q(pk__in=[line.pk for line in lines])
    said = {(line.source, line.reason, *(line.facts.get(fact) for fact in facts)): line for line in lines}
    for line in said.values():
        # An empty word is a word: what says nothing in a field is not the same as what says something there.
        given = {f"facts__{fact}": line.facts[fact] for fact in facts if fact in line.facts}
        if given.get("facts__folded") or given.get("facts__code"):
            same |= Q(source=line.source, reason=line.reason, **given)
    return waiting_item_writes().filter(same)


def _said(line: InboundMessage) -> tuple[str, str]:
    """The field and the text that the line wants. Raises NotTogether and NotTheirs."""
    if not line.facts.get("item"):
        raise NotTogether
    if line.reason == InboundMessage.Reason.CONFLICTING_NAME:
        return "name", line.facts["name"]
    if line.reason != InboundMessage.Reason.NOT_OWNER:
        raise NotTogether
    if line.facts.get("owner") != System.STOREHAND:
        raise NotTheirs(field=line.facts.get("label", ""), owner=System(line.facts["owner"]).label)
    return line.facts["field"], line.facts["theirs"] or ""


def _write(line: InboundMessage, item: Item, reason: str, associate: Associate) -> WriteResult:
    field, text = _said(line)
    result = write_fields(
        item=item,
        values={field: text},
        system=System.STOREHAND,
        source=System.STOREHAND,
        external_id=f"mend:{line.pk}",
        reason=reason,
        associate=associate,
        body=line.external_id,
    )
    for refused in result.refused:
        if refused.owner != System.STOREHAND:
            raise NotTheirs(field=refused.field, owner=refused.owner.label)
        raise FieldInvalid(field=refused.field, label=refused.field, problem=refused.problem)
    return result


def _settle(lines: QuerySet[InboundMessage], became: str, associate: Associate) -> int:
    return lines.update(state=InboundMessage.State.DONE, subject=became, owner=associate, last_error="", ended_at=Now())


def _dismiss(lines: QuerySet[InboundMessage], reason: str, associate: Associate) -> int:
    return lines.update(dismissed_reason=reason, owner=associate, ended_at=Now())


def _record(
    kind: str, lines: Sequence[InboundMessage], count: int, associate: Associate, store: Store, how: str = ""
) -> None:
    codes = sorted({str(line.facts.get("code", "")) for line in lines})
    record(
        kind=kind,
        subject=lines[0],
        store=store,
        actor=associate,
        quantity=count,
        data={"source": lines[0].source, "reason": lines[0].reason, "how": how, "codes": codes[:50]},
    )
