"""Lines of item lists: one line, one item. A part of judging an import, in its transaction."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection

from stores.catalog.actions.add_from_import import DRAFT, NewItemRow, add_items
from stores.catalog.fields import EDITABLE_FIELDS, Groups, parse_field
from stores.catalog.models import ImportLine, Item, ItemImport

Reason = ImportLine.Reason
LINES_AT_ONCE = 2_000

# The item as its line would say it, so that one containment tells whether the line says anything new.
_COLUMNS = {"category": "category.code", "style": "style.code", "price": "round(item.price, 2)"}
SAID_OF_ITEM = ", ".join(f"'{name}', ({_COLUMNS.get(name, f'item.{name}')})::text" for name in EDITABLE_FIELDS)

LINES_SQL = """
CREATE TEMPORARY TABLE import_line (
    number int, file_position smallint, file_line int, "values" jsonb, folded text, reason text
) ON COMMIT DROP
"""
# What is no goods is so whatever else is wrong with the line, as long as there is no such item.
NO_GOODS_SQL = """
UPDATE import_line line SET reason = 'no_goods'
WHERE reason IN ('', 'blank_name', 'invalid')
  AND folded IN (SELECT folded FROM catalog_nongoodscode WHERE source IN ('', %(source)s))
  AND NOT EXISTS (SELECT 1 FROM catalog_item item WHERE item.sku = line.folded)
"""
LISTED_SQL = f"""
CREATE TEMPORARY TABLE import_listed ON COMMIT DROP AS
SELECT line.number, line.folded, line."values"->'fields' AS fields, line."values"->'gtins' AS gtins,
       item.id AS item_id, '' AS outcome, '' AS reason,
       first_value(line.number) OVER same_sku AS first,
       (item.id IS NOT NULL AND jsonb_build_object({SAID_OF_ITEM}) @> (line."values"->'fields')) AS is_same
FROM import_line line
LEFT JOIN catalog_item item ON item.sku = line.folded
LEFT JOIN catalog_category category ON category.id = item.category_id
LEFT JOIN catalog_style style ON style.id = item.style_id
WHERE line.reason = ''
WINDOW same_sku AS (PARTITION BY line.folded ORDER BY line.number)
"""  # noqa: S608  # Names of columns, from our own table of fields.
GTINS_SQL = """
CREATE TEMPORARY TABLE import_gtin ON COMMIT DROP AS
SELECT listed.number, listed.folded, listed.item_id, given.key AS gtin, given.value::int AS pack_quantity,
       barcode.item_id AS taken_by, barcode.pack_quantity AS known_quantity,
       first_value(listed.folded) OVER (PARTITION BY given.key ORDER BY listed.number) AS first_folded
FROM import_listed listed
CROSS JOIN LATERAL jsonb_each_text(listed.gtins) AS given
LEFT JOIN catalog_barcode barcode ON barcode.gtin = given.key
"""
JUDGE_SQL = (
    # A second line of one item says the same, or two things at once.
    """
    UPDATE import_listed listed SET outcome = 'repeated'
    FROM import_listed earlier
    WHERE listed.number <> listed.first AND earlier.number = listed.first
      AND earlier.fields = listed.fields AND earlier.gtins = listed.gtins
    """,
    """
    UPDATE import_listed SET outcome = 'refused', reason = 'duplicate_code'
    WHERE number <> first AND outcome = ''
    """,
    """
    UPDATE import_listed listed SET outcome = 'refused', reason = 'duplicate_gtin'
    FROM import_gtin gtin
    WHERE listed.outcome = '' AND gtin.number = listed.number
      AND (gtin.first_folded <> gtin.folded OR gtin.taken_by IS NOT NULL
           AND gtin.taken_by IS DISTINCT FROM gtin.item_id)
    """,
    """
    UPDATE import_listed listed SET outcome = 'refused', reason = 'invalid'
    FROM import_gtin gtin
    WHERE listed.outcome = '' AND gtin.number = listed.number AND gtin.known_quantity <> gtin.pack_quantity
    """,
    """
    UPDATE import_listed listed SET outcome = 'repeated'
    WHERE outcome = '' AND is_same AND NOT EXISTS (
        SELECT 1 FROM import_gtin gtin WHERE gtin.number = listed.number AND gtin.taken_by IS NULL
    )
    """,
    """
    UPDATE import_listed SET outcome = 'refused', reason = 'blank_name'
    WHERE outcome = '' AND item_id IS NULL AND fields->>'name' IS NULL
    """,
    """
    UPDATE import_listed SET outcome = 'refused', reason = 'no_price'
    WHERE outcome = '' AND item_id IS NULL AND COALESCE((fields->>'price')::numeric, 0) = 0
    """,
)
NEW_SQL = """
SELECT listed.number, listed.folded, line."values"->>'sku', listed.fields, listed.gtins
FROM import_listed listed JOIN import_line line ON line.number = listed.number
WHERE listed.outcome = '' AND listed.item_id IS NULL ORDER BY listed.number
"""
ADDED_SQL = """
UPDATE import_listed listed SET outcome = given.outcome, reason = given.reason
FROM unnest(%(numbers)s::bigint[], %(outcomes)s::text[], %(reasons)s::text[]) AS given (number, outcome, reason)
WHERE listed.number = given.number
"""
# What stays without an outcome says something else of an item that exists.
KEEP_SQL = """
INSERT INTO catalog_importline
    (item_import_id, number, file_position, file_line, "values", folded, outcome, reason, item_id)
SELECT %(import)s, line.number, line.file_position, line.file_line, line."values", line.folded,
       COALESCE(listed.outcome, 'refused'), COALESCE(listed.reason, line.reason), item.id
FROM import_line line
LEFT JOIN import_listed listed ON listed.number = line.number
LEFT JOIN catalog_item item ON item.sku = listed.folded
WHERE listed.outcome IS DISTINCT FROM 'repeated'
"""


def judge_listed(item_import: ItemImport, lines: Sequence[str]) -> int:
    """Adds new items and keeps lines that say anything new or are bad; returns how many only say what is known.

    What differs from an item is kept without an outcome: it waits to be written.
    """
    if not lines:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.import_line, pg_temp.import_listed, pg_temp.import_gtin")
        cursor.execute(LINES_SQL)
        with cursor.copy("COPY import_line FROM STDIN") as copy:
            for first in range(0, len(lines), LINES_AT_ONCE):
                copy.write("".join(lines[first : first + LINES_AT_ONCE]))
        cursor.execute("ANALYZE import_line")
        cursor.execute(NO_GOODS_SQL, {"source": item_import.system})
        cursor.execute(LISTED_SQL)
        cursor.execute("CREATE INDEX ON import_listed (number)")
        cursor.execute(GTINS_SQL)
        cursor.execute("CREATE INDEX ON import_gtin (number)")
        cursor.execute("ANALYZE import_listed, import_gtin")
        for statement in JUDGE_SQL:
            cursor.execute(statement)
        cursor.execute(NEW_SQL)
        rows = list(_new_rows(cursor.fetchall()))
        added = [row for _number, row, _reason in rows if row]
        if added:
            add_items(item_import, added)
        cursor.execute(
            ADDED_SQL,
            {
                "numbers": [number for number, _row, _reason in rows],
                "outcomes": ["added" if row else "refused" for _number, row, _reason in rows],
                "reasons": [reason for _number, _row, reason in rows],
            },
        )
        cursor.execute("SELECT count(*) FROM import_listed WHERE outcome = 'repeated'")
        repeated: int = cursor.fetchone()[0]
        cursor.execute(KEEP_SQL, {"import": item_import.pk})
    return repeated


def _new_rows(rows: list[tuple[Any, ...]]) -> Iterator[tuple[int, NewItemRow | None, str]]:
    """The items that the lines bring, by number, or why they bring none: a style has such a variant already."""
    groups = Groups.loaded()
    variants: set[tuple[int | None, str, str, int]] = set(
        Item.objects.exclude(state=Item.State.RETIRED)
        .exclude(style=None)
        .values_list("style_id", "size", "color", "pack_count")
    )
    for number, sku, spelling, fields, gtins in rows:
        item = Item(sku=sku, **{name: parse_field(name, text, groups) for name, text in _parsed(fields).items()})
        variant = (item.style_id, item.size, item.color, item.pack_count)
        if not any(sign.isalpha() for sign in item.name):
            yield number, None, Reason.BLANK_NAME.value
        elif item.style_id and variant in variants:
            yield number, None, Reason.INVALID.value
        else:
            variants.add(variant)
            quantities = {gtin: int(quantity) for gtin, quantity in _parsed(gtins).items()}
            said = {name: getattr(item, name) for name in DRAFT}
            yield number, NewItemRow(sku, spelling=spelling, values=said, gtins=quantities), ""


def _parsed(value: Any) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return parsed
