"""What may be one thing twice: items that share a number, a code or a name, and that nobody has told apart."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from stores.catalog.models import Item

PER_PAGE = 20
KINDS: dict[str, Promise] = {
    "gtin": _("Same GTIN"),
    "code": _("Codes alike"),
    "name": _("Same name and pack"),
}

# Within one group each item is shown beside the nearest earlier one that it was not told apart from: of n items n - 1
# pairs. GROUP_MAX keeps a file that names everything alike from making pairs of everything.
GROUP_MAX = 50
_PAIRS_SQL = """
WITH open_item AS MATERIALIZED (
    SELECT id, sku, name, lower(size) AS size, lower(color) AS color, pack_count, is_bundle
    FROM catalog_item WHERE state <> 'retired'
),
code AS MATERIALIZED (
    SELECT id AS item_id, sku AS code FROM open_item
    UNION
    SELECT alias.item_id, alias.folded FROM catalog_alias alias JOIN open_item ON open_item.id = alias.item_id
),
keyed (kind, key, item_id, evidence) AS (
    -- The digits that a case, a carton and the thing itself share: without level and check digit.
    SELECT 'gtin', substr(gtin, 2, 12), item_id, gtin FROM catalog_barcode
    UNION ALL
    SELECT 'gtin', substr(lpad(code, 14, '0'), 2, 12), item_id, code FROM code
    WHERE code ~ '^([0-9]{8}|[0-9]{12,14})$' AND EXISTS (
        SELECT FROM catalog_barcode WHERE gtin = lpad(code, 14, '0')
    )
    UNION ALL
    -- What a file said of an item, and was refused because another item has the number.
    SELECT 'gtin', substr(given.gtin, 2, 12), item.id, given.gtin
    FROM catalog_itemimport import JOIN catalog_importline line ON line.item_import_id = import.id
    CROSS JOIN LATERAL jsonb_object_keys(line."values"->'gtins') AS given (gtin)
    JOIN catalog_item item ON item.sku = line.folded
    WHERE line.outcome = 'refused' AND line.reason = 'duplicate_gtin'
      AND jsonb_typeof(line."values"->'gtins') = 'object'
    UNION ALL
    SELECT 'code', upper(regexp_replace(code, '[[:space:]_‐-―-]+', '', 'g')), item_id, code FROM code
    UNION ALL
    SELECT 'name', concat_ws(
        '|', lower(btrim(regexp_replace(name, '[^[:alnum:]]+', ' ', 'g'))), size, color, pack_count, is_bundle
    ), id, name FROM open_item WHERE name ~ '[[:alnum:]]'
),
member AS (
    SELECT kind, key, item_id, min(evidence) AS evidence FROM keyed JOIN open_item ON open_item.id = keyed.item_id
    WHERE key <> '' GROUP BY kind, key, item_id
),
ranked AS MATERIALIZED (
    SELECT member.*, count(*) OVER whole AS members, row_number() OVER (whole ORDER BY item_id) AS place
    FROM member WINDOW whole AS (PARTITION BY kind, key)
),
grouped AS MATERIALIZED (
    SELECT kind, key, item_id, evidence FROM ranked WHERE members > 1 AND place <= %(group_max)s
),
pair AS (
    SELECT DISTINCT ON (later.kind, later.key, later.item_id)
           later.kind, earlier.item_id AS first_id, later.item_id AS second_id,
           earlier.evidence AS first_evidence, later.evidence AS second_evidence
    FROM grouped later JOIN grouped earlier
        ON earlier.kind = later.kind AND earlier.key = later.key AND earlier.item_id < later.item_id
    WHERE NOT EXISTS (
        SELECT FROM catalog_knowndifferent known
        WHERE known.first_id = earlier.item_id AND known.second_id = later.item_id
    )
    ORDER BY later.kind, later.key, later.item_id, earlier.item_id DESC
)
SELECT first_id, second_id,
       array_agg(DISTINCT kind) AS kinds,
       array_agg(DISTINCT first_evidence) FILTER (WHERE kind <> 'name') AS first_evidence,
       array_agg(DISTINCT second_evidence) FILTER (WHERE kind <> 'name') AS second_evidence,
       count(*) OVER () AS total
FROM pair
GROUP BY first_id, second_id
ORDER BY min(array_position(ARRAY['gtin', 'code', 'name'], kind)), first_id, second_id
"""
_PAGE_SQL = f"{_PAIRS_SQL} LIMIT %(limit)s OFFSET %(offset)s"


@dataclass(frozen=True)
class Suspect:
    """One of two items that may be one thing, and the numbers and codes that say so."""

    item: Item
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Suspicion:
    kinds: tuple[str, ...]
    first: Suspect
    second: Suspect

    @property
    def kinds_in_words(self) -> list[str | Promise]:
        return [words for kind, words in KINDS.items() if kind in self.kinds]


@dataclass(frozen=True)
class Suspicions:
    """One page of them, and how many there are in all."""

    rows: list[Suspicion]
    total: int
    page: int

    @property
    def pages(self) -> int:
        return max(-(-self.total // PER_PAGE), 1)

    @property
    def previous(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def next(self) -> int | None:
        return self.page + 1 if self.page < self.pages else None


def suspected_duplicates(page: int = 1) -> Suspicions:
    """The page (from 1) of pairs, same numbers first. Two queries; a page beyond the last is empty."""
    with connection.cursor() as cursor:
        cursor.execute(_PAGE_SQL, {"group_max": GROUP_MAX, "limit": PER_PAGE, "offset": (max(page, 1) - 1) * PER_PAGE})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    pks = {pk for row in found for pk in row[:2]}
    items = {item.pk: item for item in Item.objects.filter(pk__in=pks).select_related("category")}
    rows = [
        Suspicion(
            kinds=tuple(kinds),
            first=_suspect(items[first], first_evidence),
            second=_suspect(items[second], second_evidence),
        )
        for first, second, kinds, first_evidence, second_evidence, _total in found
    ]
    return Suspicions(rows, found[0][-1] if found else 0, max(page, 1))


def _suspect(item: Item, evidence: list[str] | None) -> Suspect:
    # Its SKU is shown anyway.
    return Suspect(item, tuple(code for code in evidence or () if code != item.sku))
