"""Many new drafts at once, each with its event, as `add_item` would leave them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from stores.catalog.models import Alias, Barcode, Item, ItemImport
from stores.journal.actions.record import announce_event
from stores.journal.models import Event

ROWS_AT_ONCE = 2_000

# What a draft is unless its line says something else.
DRAFT = {field.attname: field.get_default() for field in Item._meta.concrete_fields}
ITEMS_SQL = f"COPY catalog_item ({', '.join(DRAFT)}) FROM STDIN"
# COPY returns no ids, so they are drawn before it.
IDS_SQL = "SELECT nextval((SELECT pg_get_serial_sequence('catalog_item', 'id'))) FROM generate_series(1, %s)"

EVENTS_SQL = """
INSERT INTO journal_event (kind, subject, actor_id, item_id, data)
SELECT 'catalog.item_added', 'item:' || id, %(actor)s::bigint, id,
       jsonb_build_object('sku', sku, 'import', %(import)s::bigint)
FROM unnest(%(items)s::bigint[], %(skus)s::text[]) AS added (id, sku)
"""


@dataclass(frozen=True)
class NewItemRow:
    """`spelling` is the code as its source first wrote it; `values` are those of columns that are not as in every
    draft; `gtins` holds pack quantities by 14 digits.
    """

    sku: str
    spelling: str
    values: dict[str, object]
    gtins: dict[str, int] = field(default_factory=dict)


def add_items(item_import: ItemImport, rows: Sequence[NewItemRow]) -> dict[str, int]:
    """Adds the drafts with their barcodes, and remembers spellings that are not the SKU's; ids by SKU."""
    with connection.cursor() as cursor:
        cursor.execute(IDS_SQL, [len(rows)])
        ids: dict[str, int] = {row.sku: pk for row, (pk,) in zip(rows, cursor.fetchall(), strict=True)}
        with cursor.copy(ITEMS_SQL) as copy:
            for row in rows:
                copy.write_row([*(DRAFT | row.values | {"id": ids[row.sku], "sku": row.sku}).values()])
        cursor.execute(
            EVENTS_SQL,
            {
                "actor": item_import.uploaded_by_id,
                "import": item_import.pk,
                "items": list(ids.values()),
                "skus": list(ids),
            },
        )
    _add_aliases(item_import, rows, ids)
    _add_barcodes(item_import, rows, ids)
    announce_event(kind="catalog.item_added", store_id=None)
    return ids


def _add_aliases(item_import: ItemImport, rows: Sequence[NewItemRow], ids: dict[str, int]) -> None:
    """Else the same file would, the second time, seem to spell the code in another way."""
    aliases = Alias.objects.bulk_create(
        [
            Alias(source=item_import.system, code=row.spelling, folded=row.sku, item_id=ids[row.sku])
            for row in rows
            if row.spelling != row.sku
        ],
        batch_size=ROWS_AT_ONCE,
    )
    _bulk_record(
        item_import,
        [
            Event(
                kind="catalog.alias_added",
                subject=f"alias:{alias.pk}",
                item_id=alias.item_id,
                data={"source": alias.source, "code": alias.code},
            )
            for alias in aliases
        ],
    )


def _add_barcodes(item_import: ItemImport, rows: Sequence[NewItemRow], ids: dict[str, int]) -> None:
    barcodes = Barcode.objects.bulk_create(
        [
            Barcode(item_id=ids[row.sku], gtin=gtin, pack_quantity=quantity)
            for row in rows
            for gtin, quantity in row.gtins.items()
        ],
        batch_size=ROWS_AT_ONCE,
    )
    _bulk_record(
        item_import,
        [
            Event(
                kind="catalog.barcode_added",
                subject=f"barcode:{barcode.pk}",
                item_id=barcode.item_id,
                quantity=barcode.pack_quantity,
                data={"gtin": barcode.gtin},
            )
            for barcode in barcodes
        ],
    )


def _bulk_record(item_import: ItemImport, events: Sequence[Event]) -> None:
    for event in events:
        event.actor_id = item_import.uploaded_by_id
    Event.objects.bulk_create(events, batch_size=ROWS_AT_ONCE)
