"""A barcode that an item, or a case of it, carries."""

from django.db import IntegrityError, transaction
from django.db.models import Model

from stores.catalog.barcodes import GTIN_LENGTHS, has_valid_check_digit
from stores.catalog.errors import GtinTaken, NoGtin, PackQuantityInvalid
from stores.catalog.models import Barcode, Item
from stores.journal.actions.record import record

PACK_QUANTITY_MAX = 32767


def add_barcode(*, item: Item, gtin: str, pack_quantity: int = 1, associate: Model | None = None) -> Barcode:
    """Lets a scan of `gtin` (8, 12, 13 or 14 digits) count `pack_quantity` units of the item.

    Raises NoGtin, PackQuantityInvalid and GtinTaken.
    """
    digits = gtin.strip()
    is_gtin = digits.isascii() and digits.isdigit() and len(digits) in GTIN_LENGTHS and has_valid_check_digit(digits)
    if not is_gtin:
        raise NoGtin(text=digits[:40])
    if not 1 <= pack_quantity <= PACK_QUANTITY_MAX:
        raise PackQuantityInvalid(quantity=pack_quantity)
    barcode = Barcode(item=item, gtin=digits.zfill(14), pack_quantity=pack_quantity)
    try:
        with transaction.atomic():
            barcode.save(force_insert=True)
    except IntegrityError as error:
        taken = Barcode.objects.filter(gtin=barcode.gtin).select_related("item").first()
        if taken is None:
            raise
        raise GtinTaken(gtin=digits, item=taken.item.name) from error
    record(
        kind="catalog.barcode_added",
        subject=barcode,
        actor=associate,
        item=item,
        quantity=pack_quantity,
        data={"gtin": barcode.gtin},
    )
    return barcode
