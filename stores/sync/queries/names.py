"""What stores and items are called: by us, and by one source."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection

from stores.models import Store, StoreAlias


class Named(NamedTuple):
    """`theirs` are the source's own codes for it; none where it uses ours."""

    code: str
    theirs: list[str]


_STORES_SQL = """
SELECT id, code, ARRAY(SELECT code FROM stores_storealias alias
                       WHERE alias.store_id = store.id AND alias.source = %(source)s::text ORDER BY alias.id)
FROM stores_store store WHERE id = ANY(%(ids)s::bigint[])
"""
_ITEMS_SQL = """
SELECT id, sku, ARRAY(SELECT code FROM catalog_alias alias
                      WHERE alias.item_id = item.id AND alias.source = %(source)s::text ORDER BY alias.id)
FROM catalog_item item WHERE id = ANY(%(ids)s::bigint[])
"""


def store_names(source: str, store_ids: Iterable[int]) -> dict[int, Named]:
    return _names(_STORES_SQL, source, store_ids)


def item_names(source: str, item_ids: Iterable[int]) -> dict[int, Named]:
    return _names(_ITEMS_SQL, source, item_ids)


def store_ids_by_codes(source: str, codes: Iterable[str]) -> dict[str, int]:
    """What the source calls a store goes before our own code; unknown codes are missing."""
    wanted = {code for code in codes if code.isprintable()}
    found = dict(Store.objects.filter(code__in=wanted).values_list("code", "pk"))
    return found | dict(StoreAlias.objects.filter(source=source, code__in=wanted).values_list("code", "store_id"))


def _names(sql: str, source: str, ids: Iterable[int]) -> dict[int, Named]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"source": source, "ids": list(ids)})
        return {pk: Named(code, theirs) for pk, code, theirs in cursor.fetchall()}
