"""What a picker is told when an order takes another turn while it is picked."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class ListCancelled(Refusal):
    """Facts: numbers (of the orders)."""

    code = "list_cancelled"
    title = _("Order {numbers} was cancelled")
    advice = _("Nothing of it was in a tote.")


class ListCancelledPutBack(ListCancelled):
    """Facts: numbers (of the orders), totes (codes)."""

    advice = _("Put back what is in {totes}.")


class LineWithdrawn(Refusal):
    """Facts: item (name), number (of the order)."""

    code = "line_withdrawn"
    title = _("No longer wanted: {item}")
    advice = _("Order {number} was changed. Leave it on the shelf.")


class ShortStays(Refusal):
    """Facts: item (name)."""

    code = "short_stays"
    title = _("A short is not undone")
    advice = _("If you have found {item}: answer the count of its bin, which puts it on sale again.")
    tone = "look"


class WasShort(Refusal):
    """Facts: item (name)."""

    code = "was_short"
    title = _("Marked as short: {item}")
    advice = _("Leave it in its bin. Whoever counts the bin puts it on sale again.")
    tone = "look"


class GoesBack(Refusal):
    """Facts: item (name), tote (code)."""

    code = "goes_back"
    title = _("No longer wanted: {item}")
    advice = _("It goes back to a shelf: put back what lies in {tote}, once the list is done.")
    tone = "look"


class OfferGone(Refusal):
    """Facts: item (name of what is missing)."""

    code = "offer_gone"
    title = _("This substitute is gone")
    advice = _("{item} is decided already, or somebody else was promised the other one.")
