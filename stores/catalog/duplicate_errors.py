"""Why two items cannot be made one, or told apart."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class SameItem(Refusal):
    code = "same_item"
    title = _("This is one item already")
    status = 422


class KeptRetired(Refusal):
    """Facts: item (name), sku."""

    code = "kept_retired"
    title = _("{item} is retired")
    advice = _("{sku} cannot stand in for the other. Bring it back first, or keep the other.")


class GivenUpAlready(Refusal):
    """Facts: item (name), sku."""

    code = "given_up_already"
    title = _("{item} is retired already")
    advice = _("Somebody was faster with {sku}.")
    tone = "look"


class BundleAndItem(Refusal):
    code = "bundle_and_item"
    title = _("One is a bundle, the other a single item")
    advice = _("These cannot be one thing. Tell them apart.")


class InBundles(Refusal):
    """Facts: item (name), bundles (SKUs), sku (of the one that is kept)."""

    code = "in_bundles"
    title = _("{item} is in a bundle")
    advice = _("Put {sku} in its place in {bundles} first.")


class StillNeeded(Refusal):
    """Facts: item (name), reasons (what speaks against it, in sentences)."""

    code = "still_needed"
    title = _("{item} cannot be given up yet")
    advice = "{reasons}"
