"""Why the item master does not take something."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class ItemMalformed(Refusal):
    """Facts: problem (the first that was found, in words)."""

    code = "item_malformed"
    title = _("This item cannot be added")
    advice = "{problem}"
    status = 422


class SkuTaken(Refusal):
    """Facts: sku, item (name of the one that has it)."""

    code = "sku_taken"
    title = _("SKU {sku} is taken")
    advice = _("It is {item}. One item has one SKU.")


class NoGtin(Refusal):
    """Facts: text (as given)."""

    code = "no_gtin"
    title = _("{text} is not a GTIN")
    advice = _("A GTIN has 8, 12, 13 or 14 digits, the last of which is its check digit.")
    status = 422


class GtinTaken(Refusal):
    """Facts: gtin, item (name of the one that has it)."""

    code = "gtin_taken"
    title = _("Barcode {gtin} is taken")
    advice = _("It is on {item}. One barcode means one item.")


class PackQuantityInvalid(Refusal):
    """Facts: quantity (as given)."""

    code = "pack_quantity_invalid"
    title = _("A scan cannot count {quantity} units")
    advice = _("It counts from 1 to 32,767 whole units.")
    status = 422


class AliasMalformed(Refusal):
    code = "alias_malformed"
    title = _("This is no code of another system")
    advice = _("The source and the code have from 1 to 100 signs each.")
    status = 422


class AliasTaken(Refusal):
    """Facts: source, code, item (name of the one it already means)."""

    code = "alias_taken"
    title = _("{source} already calls something {code}")
    advice = _("It means {item}.")


class ItemIncomplete(Refusal):
    """Facts: item (name), missing (names of attributes)."""

    code = "item_incomplete"
    title = _("{item} is not complete")
    advice = _("Missing: {missing}.")
