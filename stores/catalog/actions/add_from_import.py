"""Many new drafts at once, each with its event, as `add_item` would leave them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import connection

from stores.catalog.models import Alias, Barcode, Item, ItemImport
from stores.journal.actions.record import announce_event
from stores.journal.models import Event

ROWS_AT_ONCE = 2_000

ITEM_FIELDS = [field for field in Item._meta.concrete_fields if not field.primary_key]
ITEMS_SQL = f"COPY catalog_item ({', '.join(field.column or field.name for field in ITEM_FIELDS)}) FROM STDIN"

EVENTS_SQL = """
INSERT INTO journal_event (kind, subject, actor_id, item_id, data)
SELECT 'catalog.item_added', 'item:' || id, %(actor)s::bigint, id,
       jsonb_build_object('sku', sku, 'import', %(import)s::bigint)
FROM catalog_item WHERE id = ANY(%(items)s::bigint[]) ORDER BY id
"""


@dataclass(frozen=True)
class NewItemRow:
    """`spelling` is the code as its source first wrote it; `gtins` holds pack quantities by 14 digits."""

    item: Item
    spelling: str
    gtins: dict[str, int] = field(default_factory=dict)


def add_items(item_import: ItemImport, rows: Sequence[NewItemRow]) -> dict[str, int]:
    """Adds the drafts with their barcodes, and remembers spellings that are not the SKU's; ids by SKU."""
    items = [row.item for row in rows]
    with connection.cursor() as cursor:
        with cursor.copy(ITEMS_SQL) as copy:
            for item in items:
                copy.write_row([getattr(item, field.attname) for field in ITEM_FIELDS])
        ids = dict(Item.objects.filter(sku__in=[item.sku for item in items]).values_list("sku", "pk"))
        for item in items:
            item.pk = ids[item.sku]
        cursor.execute(
            EVENTS_SQL,
            {
                "actor": item_import.uploaded_by_id,
                "import": item_import.pk,
                "items": [item.pk for item in items],
            },
        )
    _add_aliases(item_import, rows)
    _add_barcodes(item_import, rows)
    announce_event(kind="catalog.item_added", store_id=None)
    return ids


def _add_aliases(item_import: ItemImport, rows: Sequence[NewItemRow]) -> None:
    """Else the same file would, the second time, seem to spell the code in another way."""
    aliases = Alias.objects.bulk_create(
        [
            Alias(source=item_import.system, code=row.spelling, folded=row.item.sku, item=row.item)
            for row in rows
            if row.spelling != row.item.sku
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


def _add_barcodes(item_import: ItemImport, rows: Sequence[NewItemRow]) -> None:
    barcodes = Barcode.objects.bulk_create(
        [
            Barcode(item=row.item, gtin=gtin, pack_quantity=quantity)
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
