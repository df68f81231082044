"""Items found by what a person remembers of them, in the order in which they help whoever stands in one store."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from stores.catalog.models import Item, fold_code
from stores.catalog.queries.search_items import holding_words, words_of
from stores.models import Store
from stores.stock.queries.promisable import PROMISE_JOINS

# Who types a whole SKU wants that item. Then what can be sold here before what only lies here, that before the rest;
# among equals the better match, and of these what sells best (no class comes last).
_RANKED_SQL = f"""
SELECT asked.item_id, promise.units
FROM (SELECT %(store)s::bigint AS store_id, unnest(%(items)s::bigint[]) AS item_id) asked
{PROMISE_JOINS}
LEFT JOIN stock_availability lying ON lying.store_id = asked.store_id AND lying.item_id = asked.item_id
ORDER BY item.sku <> %(spelling)s,
         item.state <> 'active',
         CASE WHEN promise.units > 0 THEN 0 WHEN lying.on_hand > 0 THEN 1 ELSE 2 END,
         CASE WHEN starts_with(item.sku, %(spelling)s) OR item.name ~* ALL (%(whole)s::text[]) THEN 0
              WHEN item.name ~* ALL (%(beginning)s::text[]) THEN 1
              ELSE 2 END,
         NULLIF(item.abc_class, '') NULLS LAST,
         lower(item.name), item.id
LIMIT %(limit)s OFFSET %(offset)s
"""  # noqa: S608  # Constants put together.


@dataclass(frozen=True)
class FoundItems:
    """One page of what was found: each item with the units that the store can promise. `total` counts all pages."""

    total: int
    items: list[tuple[Item, int]]


def found_items(*, store: Store, text: str, states: Sequence[str], limit: int, offset: int = 0) -> FoundItems:
    """Items in one of `states` that hold every word of the text, bundles among them. Three queries."""
    words = words_of(text)
    matching = list(holding_words(Item.objects.filter(state__in=states), text).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            _RANKED_SQL,
            {
                "store": store.pk,
                "items": matching,
                "spelling": fold_code(" ".join(words)),
                "whole": [rf"(^|\W){re.escape(word)}(\W|$)" for word in words],
                "beginning": [rf"(^|\W){re.escape(word)}" for word in words],
                "limit": limit,
                "offset": offset,
                "kept_back": 0,
            },
        )
        ranked: list[tuple[int, int]] = cursor.fetchall()
    items = Item.objects.in_bulk([pk for pk, _units in ranked])
    # An item may have gone between two of the queries.
    return FoundItems(len(matching), [(items[pk], units) for pk, units in ranked if pk in items])
