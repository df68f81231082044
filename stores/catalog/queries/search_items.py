"""Finding an item by what a person remembers of it."""

from django.db.models import Case, IntegerField, Q, Value, When

from stores.catalog.models import Item, fold_code

WORDS_MAX = 6
TEXT_LENGTH_MAX = 80


def search_items(text: str, limit: int = 20) -> list[Item]:
    """Active items whose name, SKU or barcode holds every word of the text; an SKU that begins with it comes first."""
    words = text.replace("\x00", " ")[:TEXT_LENGTH_MAX].split()[:WORDS_MAX]
    if not words:
        return []
    matching = Item.objects.filter(state=Item.State.ACTIVE)
    for word in words:
        found = Q(name__icontains=word) | Q(sku__icontains=word)
        if word.isdigit():
            # Exists, not a join: an item with two barcodes is still one item.
            found |= Q(pk__in=Item.objects.filter(barcodes__gtin__contains=word).values("pk"))
        matching = matching.filter(found)
    spelling = fold_code(" ".join(words))
    nearness = Case(
        When(sku=spelling, then=Value(0)),
        When(sku__startswith=spelling, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return list(matching.order_by(nearness, "name", "pk")[:limit])
