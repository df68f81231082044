"""Sales lines: the same items again and again. A part of judging an import, in its transaction."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.db import connection

from stores.catalog.actions.add_from_import import NewItemRow, add_items
from stores.catalog.actions.read_import import Place, copied
from stores.catalog.importing.judging import Known, NewItem, Said, judge_code
from stores.catalog.importing.lines import ReadLine, kept_values, name_key
from stores.catalog.models import ImportLine, ItemImport, NonGoodsCode

Outcome = ImportLine.Outcome
Reason = ImportLine.Reason
Places = Mapping[ReadLine, Sequence[Place]]
# The lines that say the same of a code, and what they say.
Group = tuple[Said, list[ReadLine]]

# A source's alias goes before our own SKU, so it comes after it.
KNOWN_SQL = """
SELECT sku, id, name, sku, NULL AS spelling FROM catalog_item WHERE sku = ANY(%(folded)s)
UNION ALL
SELECT alias.folded, item.id, item.name, item.sku, alias.code
FROM catalog_alias alias JOIN catalog_item item ON item.id = alias.item_id
WHERE alias.source = %(source)s AND alias.folded = ANY(%(folded)s)
ORDER BY spelling NULLS FIRST
"""
KEEP_SQL = """
COPY catalog_importline
    (number, file_position, file_line, "values", folded, outcome, reason, item_id, item_import_id)
FROM STDIN
"""
NULL = r"\N"


def judge_sales(item_import: ItemImport, said: Places) -> int:
    """Adds new items and keeps the lines that brought them or are bad; returns how many only say what is known."""
    no_goods = set(NonGoodsCode.objects.filter(source__in=["", item_import.system]).values_list("folded", flat=True))
    # What is no goods is so whatever else is wrong with the line.
    reasons = {line: Reason.NO_GOODS.value if line.folded in no_goods else line.reason for line in said}
    groups = _groups({line: places for line, places in said.items() if not reasons[line]})
    known = _known(item_import.system, list(groups))
    new: dict[str, NewItem] = {}
    # In the order of their codes, so that two imports at once cannot deadlock.
    for folded, group in sorted(groups.items()):
        verdict = judge_code(folded, [one for one, _lines in group], known.get(folded))
        for (_one, lines), reason in zip(group, verdict.reasons, strict=True):
            reasons |= dict.fromkeys(lines, reason)
        if verdict.new:
            new[folded] = verdict.new
    ids = {folded: one.item_id for folded, one in known.items()}
    if new:
        ids |= add_items(item_import, [_row(folded, one) for folded, one in new.items()])
    brought = {one.line for one in new.values()}
    rows, repeated = [], 0
    for line, places in said.items():
        reason, kept, outcome = reasons[line], places, Outcome.REFUSED.value
        if not reason:
            # What brings an item is the first line of all that say so.
            kept, outcome = places[:1] if places[0][0] in brought else [], Outcome.ADDED.value
            repeated += len(places) - len(kept)
        item = NULL if line.reason else ids.get(line.folded, NULL)
        for number, position, file_line, beside in kept:
            values = kept_values(line, beside)
            rows.append(copied(number, position, file_line, values, line.folded, outcome, reason, item, item_import.pk))
    with connection.cursor() as cursor, cursor.copy(KEEP_SQL) as copy:
        copy.write("".join(rows))
    return repeated


def _groups(said: Places) -> dict[str, list[Group]]:
    """By folded code, what is said of it, in the order in which it was said first."""
    alike: dict[str, dict[tuple[str, str, str], list[ReadLine]]] = defaultdict(dict)
    for line in said:
        values = line.values
        face = (values["code"], values.get("as", values["name"]), values["price"])
        alike[line.folded].setdefault(face, []).append(line)
    return {
        folded: [(_said(face, lines, said), lines) for face, lines in faces.items()] for folded, faces in alike.items()
    }


def _said(face: tuple[str, str, str], lines: list[ReadLine], said: Places) -> Said:
    code, key, price = face
    return Said(
        code=code,
        key=key,
        name=min(line.values["name"] for line in lines),
        price=Decimal(price),
        lines=sum(len(said[line]) for line in lines),
        first=said[lines[0]][0][0],
    )


def _known(source: str, folded: list[str]) -> dict[str, Known]:
    """The items that the codes mean. A code that the source gave to another item than its namesake has no spelling."""
    known = {}
    with connection.cursor() as cursor:
        cursor.execute(KNOWN_SQL, {"source": source, "folded": folded})
        for code, pk, name, sku, spelling in cursor.fetchall():
            spellings = frozenset({sku})
            if spelling is not None:
                spellings = frozenset({sku, " ".join(spelling.split())} if code == sku else ())
            known[code] = Known(pk, name, name_key(name), spellings)
    return known


def _row(folded: str, new: NewItem) -> NewItemRow:
    return NewItemRow(folded, spelling=new.code, values={"name": new.name, "price": new.price})
