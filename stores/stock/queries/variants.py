"""The other sizes, colors and packs of an item."""

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import ngettext

from stores.catalog.models import Item
from stores.models import Store
from stores.stock.queries.promisable import PROMISE_JOINS

VARIANTS_MAX = 60

_VARIANTS_SQL = f"""
SELECT item.id, item.size, item.color, item.pack_count, item.sku, promise.units
FROM (SELECT %(store)s::bigint AS store_id, id AS item_id FROM catalog_item
      WHERE style_id = %(style)s::bigint AND (state = 'active' OR id = %(item)s::bigint)) asked
{PROMISE_JOINS}
ORDER BY item.color, item.pack_count, item.id
LIMIT {VARIANTS_MAX}
"""  # noqa: S608  # Constants put together.


@dataclass(frozen=True)
class Variant:
    pk: int
    words: str
    atp: int
    is_this: bool


def variant_words(*, size: str, color: str, pack_count: int, otherwise: str = "") -> str:
    """What sets it apart from its variants: "Red · M · pack of 6"."""
    pack = ngettext("single", "pack of {n}", pack_count).format(n=pack_count) if pack_count > 1 else ""
    return " · ".join(part for part in (color, size, pack) if part) or otherwise


def variants_of(*, store: Store, item: Item) -> list[Variant]:
    """The active items of its style, itself among them, with what the store can promise; none without a style."""
    if item.style_id is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_VARIANTS_SQL, {"store": store.pk, "style": item.style_id, "item": item.pk, "kept_back": 0})
        rows = cursor.fetchall()
    found = [
        Variant(pk, variant_words(size=size, color=color, pack_count=pack, otherwise=sku), units, pk == item.pk)
        for pk, size, color, pack, sku, units in rows
    ]
    return found if len(found) > 1 else []
