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


class FieldInvalid(Refusal):
    """Facts: field (its name), label (in words), problem (in words)."""

    code = "field_invalid"
    title = _("The {label} is not valid")
    advice = "{problem}"
    status = 422


class VariantTaken(Refusal):
    """Facts: style, variant (size, color and pack in words), item (name of the one that is it), sku (its)."""

    code = "variant_taken"
    title = _("{style} has this variant already")
    advice = _("{variant} is {item} ({sku}). Two variants of a style differ in size, color or pack.")


class NotADraft(Refusal):
    """Facts: item (name)."""

    code = "not_a_draft"
    title = _("{item} is no draft any more")
    advice = _("Ask for the change with a reason: somebody else looks at it.")


class TooManyItems(Refusal):
    """Facts: most (how many at once, in digits)."""

    code = "too_many_items"
    title = _("Too many items at once")
    advice = _("Choose up to {most}: filter by category or state first.")
    status = 422


class GroupMalformed(Refusal):
    """A category or style. Facts: problem (in words)."""

    code = "group_malformed"
    title = _("This cannot be added")
    advice = "{problem}"
    status = 422


class GroupTaken(Refusal):
    """A category's or style's code. Facts: taken (the code, never shown as a scan), name (of the one that has it)."""

    code = "group_taken"
    title = _("{taken} is there already")
    advice = _("It is {name}.")


class PictureRefused(Refusal):
    """Facts: problem (in words)."""

    code = "picture_refused"
    title = _("This picture cannot be used")
    advice = "{problem}"
    status = 422


class NothingChosen(Refusal):
    code = "nothing_chosen"
    title = _("No item is marked")
    advice = _("Mark items, or choose all that match, and what to do with them.")
    tone = "look"
    status = 422


class NoSuchStep(Refusal):
    code = "no_such_step"
    title = _("There is no such step")
    advice = _("An item is approved, put on sale or retired.")
    status = 422


class NotRemembered(Refusal):
    code = "not_remembered"
    title = _("This code is not remembered any more")
    advice = _("Somebody was faster: its lines are judged anew already.")


class NoSuchItem(Refusal):
    """Facts: text (as scanned or typed)."""

    code = "no_such_item"
    title = _("No item has the code {text}")
    advice = _("Choose it where the search shows it, or try its barcode, its SKU or another word.")
    tone = "look"
    status = 422
