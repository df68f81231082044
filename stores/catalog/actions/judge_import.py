"""The second half of an import: every line gets its outcome, new items are added, bad lines wait for a person.

One transaction: a worker that is killed in it leaves the lines as they were read, and the next begins it anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from django.db import connection, transaction
from django.db.models import Q

from stores.catalog.actions.add_from_import import NewItemRow, add_items
from stores.catalog.actions.judge_listed import judge_listed
from stores.catalog.actions.queue_bad_lines import queue_bad_lines
from stores.catalog.actions.read_import import keep_lease
from stores.catalog.importing.judging import Known, NewItem, Said, Verdict, judge_code
from stores.catalog.importing.lines import name_key
from stores.catalog.models import Alias, Item, ItemImport
from stores.journal.actions.record import record

LEASE_SECONDS = 90
# Settings give every statement ten seconds, which is right for a page and short for 200,000 lines.
PATIENCE_SQL = "SET LOCAL statement_timeout = '80s'"

# What is no goods is so whatever else is wrong with the line.
NO_GOODS_SQL = """
UPDATE catalog_importline line SET outcome = 'refused', reason = 'no_goods'
WHERE item_import_id = %(import)s AND reason IN ('', 'blank_name', 'invalid') AND outcome IN ('', 'refused')
  AND folded IN (SELECT folded FROM catalog_nongoodscode WHERE source IN ('', %(source)s))
  AND ("values" ? 'code' OR NOT EXISTS (SELECT 1 FROM catalog_item item WHERE item.sku = line.folded))
"""

SAID_SQL = """
SELECT folded, "values"->>'code', COALESCE("values"->>'as', "values"->>'name'), min("values"->>'name'),
       ("values"->>'price')::numeric, count(*), min(number)
FROM catalog_importline
WHERE item_import_id = %(import)s AND outcome = '' AND "values" ? 'code'
GROUP BY 1, 2, 3, 5
ORDER BY 1, 7
"""

VERDICTS_SQL = """
CREATE TEMPORARY TABLE import_verdict (
    code text, name_key text, price numeric, reason text, item_id bigint, added_line bigint
) ON COMMIT DROP
"""

GIVE_OUTCOMES_SQL = """
UPDATE catalog_importline line
SET reason = verdict.reason, item_id = verdict.item_id,
    outcome = CASE WHEN verdict.reason <> '' THEN 'refused' WHEN line.number = verdict.added_line THEN 'added'
                   ELSE 'repeated' END
FROM import_verdict verdict
WHERE line.item_import_id = %(import)s AND line.outcome = '' AND line."values" ? 'code'
  AND line."values"->>'code' = verdict.code
  AND COALESCE(line."values"->>'as', line."values"->>'name') = verdict.name_key
  AND (line."values"->>'price')::numeric = verdict.price
"""

COUNT_SQL = """
UPDATE catalog_itemimport SET added = counted.added, changed = counted.changed, repeated = counted.repeated,
    refused = counted.refused, known_refused = counted.known_refused
FROM (
    SELECT count(*) FILTER (WHERE outcome = 'added') AS added, count(*) FILTER (WHERE outcome = 'changed') AS changed,
           count(*) FILTER (WHERE outcome = 'repeated') AS repeated,
           count(*) FILTER (WHERE outcome = 'refused') AS refused,
           count(*) FILTER (WHERE outcome = 'known_refused') AS known_refused
    FROM catalog_importline WHERE item_import_id = %(import)s
) AS counted
WHERE id = %(import)s
"""

Group = tuple[str, list[Said]]


def judge_import(item_import: ItemImport) -> None:
    """Gives every line its outcome but those that say something else of an item that exists: `apply_lines` does them.

    Raises LeaseLost. An IntegrityError means that somebody added the same at the same time: judged again, it is known.
    """
    keep_lease(item_import, seconds=LEASE_SECONDS)
    with transaction.atomic(durable=True):
        # Held to the end, so that nobody takes the import over even if this takes longer than the lease.
        keep_lease(item_import, seconds=LEASE_SECONDS)
        with connection.cursor() as cursor:
            cursor.execute(PATIENCE_SQL)
            cursor.execute(NO_GOODS_SQL, {"import": item_import.pk, "source": item_import.system})
        _judge_sales(item_import)
        judge_listed(item_import)
        queue_bad_lines(item_import)
        count_outcomes(item_import)
        # Its lines are all here now: the files are no longer needed.
        item_import.files.update(content=b"")
        item_import.refresh_from_db()
        record(
            kind="catalog.import_judged",
            subject=item_import,
            actor=item_import.uploaded_by,
            quantity=item_import.lines_total,
            data={"added": item_import.added, "repeated": item_import.repeated, "refused": item_import.refused},
        )


def count_outcomes(item_import: ItemImport) -> None:
    with connection.cursor() as cursor:
        cursor.execute(COUNT_SQL, {"import": item_import.pk})


def _judge_sales(item_import: ItemImport) -> None:
    groups = list(_groups(item_import))
    known = _known(item_import.system, [folded for folded, _said in groups])
    judged = [(folded, said, judge_code(folded, said, known.get(folded))) for folded, said in groups]
    if not judged:
        return
    new = {folded: verdict.new for folded, _said, verdict in judged if verdict.new}
    ids = add_items(item_import, [_row(folded, one) for folded, one in new.items()])
    ids |= {folded: one.item_id for folded, one in known.items()}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.import_verdict")
        cursor.execute(VERDICTS_SQL)
        with cursor.copy("COPY import_verdict FROM STDIN") as copy:
            for row in _verdict_rows(judged, ids):
                copy.write_row(row)
        cursor.execute("ANALYZE import_verdict")
        cursor.execute(GIVE_OUTCOMES_SQL, {"import": item_import.pk})


def _groups(item_import: ItemImport) -> Iterator[Group]:
    with connection.cursor() as cursor:
        cursor.execute(SAID_SQL, {"import": item_import.pk})
        rows = cursor.fetchall()
    for folded, same in groupby(rows, key=itemgetter(0)):
        yield (
            folded,
            [
                Said(code=code, key=key, name=name, price=price, count=count, first=first)
                for _folded, code, key, name, price, count, first in same
            ],
        )


def _known(source: str, folded: Sequence[str]) -> dict[str, Known]:
    """The items that the codes mean. A code that the source gave to another item than its namesake has no spelling."""
    wanted = list(folded)
    known = {}
    for item in Item.objects.filter(sku__in=wanted).only("sku", "name"):
        known[item.sku] = Known(item.pk, item.name, name_key(item.name), frozenset({item.sku}))
    for alias in Alias.objects.filter(Q(source=source), folded__in=wanted).select_related("item"):
        item, spellings = alias.item, frozenset[str]()
        if item.sku == alias.folded:
            spellings = frozenset({item.sku, " ".join(alias.code.split())})
        known[alias.folded] = Known(item.pk, item.name, name_key(item.name), spellings)
    return known


def _row(folded: str, new: NewItem) -> NewItemRow:
    return NewItemRow(Item(sku=folded, name=new.name, price=new.price), spelling=new.code)


def _verdict_rows(
    judged: Iterable[tuple[str, list[Said], Verdict]], ids: dict[str, int]
) -> Iterator[tuple[object, ...]]:
    for folded, said, verdict in judged:
        added = verdict.new.line if verdict.new else None
        for one, reason in zip(said, verdict.reasons, strict=True):
            yield one.code, one.key, one.price, str(reason), ids.get(folded), added
