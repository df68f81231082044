"""What another system's codes mean here."""

from collections.abc import Iterable

from stores.catalog.models import Alias, Item, fold_code


def items_by_codes(source: str, codes: Iterable[str]) -> dict[str, Item]:
    """The items behind the codes of one source, keyed by the codes as given; unknown codes are missing.

    What the source calls an item goes before our own SKU of the same spelling. Two queries, however many codes.
    """
    # What cannot be printed is no code, and PostgreSQL would not even look for a NUL.
    folded = {code: fold_code(code) for code in codes if code.isprintable()}
    wanted = set(folded.values())
    items = {item.sku: item for item in Item.objects.filter(sku__in=wanted)}
    aliases = Alias.objects.filter(source=source, folded__in=wanted).select_related("item")
    items.update((alias.folded, alias.item) for alias in aliases)
    return {code: items[spelling] for code, spelling in folded.items() if spelling in items}
