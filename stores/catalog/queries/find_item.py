"""Which item a scanned code means."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from stores.catalog.barcodes import Code
from stores.catalog.models import OWN_SOURCE, Barcode, Item, fold_code
from stores.refusals import Refusal


class FoundItem(NamedTuple):
    """An item, and how many units of it one scan counts: the pack quantity for a case, 1 for the thing itself."""

    item: Item
    pack_quantity: int


class AmbiguousCode(Refusal):
    code = "ambiguous_code"
    title = _("{code} means two items")
    advice = _("{first} or {second}: type the SKU of the one you hold.")
    tone = "look"


def find_item(code: Code) -> FoundItem | None:
    """The item behind a code, by its GTIN readings or, where it has none that we know, by its SKU.

    Raises AmbiguousCode when two readings of the one code are two different items.
    """
    if code.gtins:
        barcodes = list(Barcode.objects.filter(gtin__in=code.gtins).select_related("item").order_by("pk"))
        others = [barcode for barcode in barcodes if barcode.item_id != barcodes[0].item_id]
        if others:
            raise AmbiguousCode(code=code.text, first=barcodes[0].item.sku, second=others[0].item.sku)
        if barcodes:
            return FoundItem(barcodes[0].item, barcodes[0].pack_quantity)
    item = Item.objects.filter(sku=fold_code(code.text)).first()
    if item is None or item.state == Item.State.RETIRED:
        # The SKU of what turned out to be another item means that one.
        item = Item.objects.filter(aliases__source=OWN_SOURCE, aliases__folded=fold_code(code.text)).first() or item
    return FoundItem(item, 1) if item else None
