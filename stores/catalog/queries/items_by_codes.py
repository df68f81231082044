"""What another system's codes mean here."""

from collections.abc import Iterable

from stores.catalog.models import OWN_SOURCE, Alias, Item, fold_code


def items_by_codes(source: str, codes: Iterable[str]) -> dict[str, Item]:
    """The items behind the codes of one source, keyed by the codes as given; unknown codes are missing.

    What the source calls an item goes before our own SKU of the same spelling, and an SKU of ours before what used to
    be one. Two queries, however many codes.
    """
    # What cannot be printed is no code, and PostgreSQL would not even look for a NUL.
    folded = {code: fold_code(code) for code in codes if code.isprintable()}
    wanted = set(folded.values())
    items = {item.sku: item for item in Item.objects.filter(sku__in=wanted)}
    aliases = list(Alias.objects.filter(source__in={source, OWN_SOURCE}, folded__in=wanted).select_related("item"))
    for alias in aliases:
        known = items.get(alias.folded)
        if alias.source == OWN_SOURCE and (known is None or known.state == Item.State.RETIRED):
            items[alias.folded] = alias.item
    items.update((alias.folded, alias.item) for alias in aliases if alias.source == source)
    return {code: items[spelling] for code, spelling in folded.items() if spelling in items}
