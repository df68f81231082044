"""Finding an item by what a person remembers of it."""

from collections.abc import Sequence

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from stores.catalog.models import Item, fold_code

WORDS_MAX = 6
TEXT_LENGTH_MAX = 80


def holding_words(items: QuerySet[Item], text: str) -> QuerySet[Item]:
    """Those of `items` whose name, SKU or barcode holds every word of the text; none when it has no word."""
    words = words_of(text)
    if not words:
        return items.none()
    for word in words:
        found = Q(name__icontains=word) | Q(sku__icontains=word)
        if word.isdigit():
            # Exists, not a join: an item with two barcodes is still one item.
            found |= Q(pk__in=Item.objects.filter(barcodes__gtin__contains=word).values("pk"))
        items = items.filter(found)
    return items


def search_items(text: str, limit: int = 20, *, states: Sequence[str] = (Item.State.ACTIVE,)) -> list[Item]:
    """Items in one of `states` that hold every word of the text.

    An SKU that begins with the text comes first, and what is sold before what is not.
    """
    matching = holding_words(Item.objects.filter(state__in=states), text)
    spelling = fold_code(" ".join(words_of(text)))
    nearness = Case(
        When(sku=spelling, then=Value(0)),
        When(sku__startswith=spelling, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    sold_first = Case(When(state=Item.State.ACTIVE, then=Value(0)), default=Value(1), output_field=IntegerField())
    return list(matching.order_by(nearness, sold_first, Lower("name"), "pk")[:limit])


def words_of(text: str) -> list[str]:
    """What of the text is searched for: a few words of it."""
    return text.replace("\x00", " ")[:TEXT_LENGTH_MAX].split()[:WORDS_MAX]
