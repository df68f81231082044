"""What can go wrong on the way back to the shelf, in the words of whoever carries it."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class NothingGoesBack(Refusal):
    """Facts: code (as scanned)."""

    code = "nothing_goes_back"
    title = _("Nothing of this goes back")
    advice = _("Scan a tote or an item of this list.")


class AlreadyPutBack(Refusal):
    """Facts: item (name), by (who)."""

    code = "already_put_back"
    title = _("Already put back: {item}")
    advice = _("{by} has done it.")
    tone = "look"


class NotAShelf(Refusal):
    """Facts: came (code), kind (what it is, with its article)."""

    code = "not_a_shelf"
    title = _("{came} is not a shelf")
    advice = _("Expected: a bin on the floor or in the backroom. This is {kind}.")


class UnknownShelf(Refusal):
    """Facts: code (as scanned)."""

    code = "unknown_shelf"
    title = _("No bin has this code")
    advice = _("Scan the bin you put it into.")


class OtherItem(Refusal):
    """Facts: expected, came (item names, or the code where no item carries it)."""

    code = "other_item"
    title = _("Wrong item: {came}")
    advice = _("Expected: {expected}")


class TooManyBack(Refusal):
    """Facts: item (name), wanted (units still to be put back), came."""

    code = "too_many_back"
    title = _("Too many: {came}")
    advice = _("Only {wanted} of {item} go back.")
    status = 422


class NoPutBackToUndo(Refusal):
    code = "nothing_to_undo"
    title = _("Nothing to undo")
    advice = _("This put-back was already taken back.")
    tone = "look"


class ToteTaken(Refusal):
    """Facts: tote (code)."""

    code = "tote_taken"
    title = _("{tote} is in use again")
    advice = _("What you have put on the shelf stays there.")


class PromisedAgain(Refusal):
    """Facts: item (name), bin (code)."""

    code = "promised_again"
    title = _("Too late to undo")
    advice = _("{item} in {bin} is promised to somebody else by now.")
