"""What can go wrong on a walk, in the picker's words."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from stores.refusals import Refusal


class ListTaken(Refusal):
    """Facts: by (name of who has it)."""

    code = "list_taken"
    title = _("{by} is picking this list")
    advice = _("Take another one, or ask {by} to hand it over.")


class NotYourList(Refusal):
    code = "not_your_list"
    title = _("You do not hold this list")
    advice = _("Start it first.")


class ListLost(Refusal):
    """Somebody took the list out of the picker's hands. Facts: what (headline), advice (what to do)."""

    code = "list_lost"
    title = _("{what}")
    advice = _("{advice}")


class NoListFree(Refusal):
    code = "no_list_free"
    title = _("No list is free")
    advice = _("All of them are in somebody's hands.")
    tone = "look"


class NotOnABreak(Refusal):
    code = "not_on_a_break"
    title = _("This list is not paused")
    tone = "look"


class ListEnded(Refusal):
    """Facts: state (label)."""

    code = "list_ended"
    title = _("This list is {state}")
    tone = "look"


class ListDoneBy(ListEnded):
    """Facts: by (name of whoever finished it)."""

    title = _("{by} finished this list")
    advice = _("What you still have in hand goes back to its shelf.")


class ToteFirst(Refusal):
    code = "tote_first"
    title = _("Scan an empty tote first")
    tone = "look"


class BinUnknown(Refusal):
    """Facts: item (name)."""

    code = "bin_unknown"
    title = _("No bin is known for this item")
    advice = _("{item}: mark it as short, and the order goes on without it.")


class BinFirst(Refusal):
    """Facts: bin (code)."""

    code = "bin_first"
    title = _("Scan bin {bin} first")
    tone = "look"


class WrongBin(Refusal):
    """Facts: expected, came (bin codes)."""

    code = "wrong_bin"
    title = _("Wrong bin: {came}")
    advice = _("Go to {expected}.")


class WrongTote(Refusal):
    """Facts: came, expected (places on the cart), tote (code of the right one); place (the same, for the screen)."""

    code = "wrong_tote"
    title = _("Wrong tote: {came}")
    advice = _("Put it in tote {expected}: {tote}.")


class WrongItem(Refusal):
    """Facts: expected, came (item names)."""

    code = "wrong_item"
    title = _("Wrong item: {came}")
    advice = _("Expected: {expected}")


class ItemLater(Refusal):
    """Facts: came (item name), bin (code)."""

    code = "item_later"
    title = _("Not yet: {came}")
    advice = _("That one comes later, from {bin}.")
    tone = "look"


class AlreadyComplete(Refusal):
    """Facts: item (name), quantity."""

    code = "already_complete"
    title = _("Already complete: {item}")
    tone = "look"

    @property
    def detail(self) -> str:
        return ngettext(
            "{quantity} is picked. Put this one back.",
            "All {quantity} are picked. Put this one back.",
            self.facts["quantity"],
        ).format(**self.facts)


class TooMany(Refusal):
    """Facts: item (name), wanted (units still open), came (units scanned)."""

    code = "too_many"
    title = _("Too many: {came}")
    advice = _("Only {wanted} more of {item}.")
    status = 422


class UnknownCode(Refusal):
    """Facts: code (as scanned)."""

    code = "unknown_code"
    title = _("Unknown code")
    advice = _("Nothing in the item master carries it.")


class ToteInUse(Refusal):
    """Facts: tote (code)."""

    code = "tote_in_use"
    title = _("{tote} is in use")
    advice = _("Take an empty tote.")


class NotATote(Refusal):
    """Facts: came (as scanned)."""

    code = "not_a_tote"
    title = _("{came} is not a tote")
    advice = _("Scan an empty tote first.")


class LinesOpen(Refusal):
    """Facts: open (how many lines)."""

    code = "lines_open"
    tone = "look"

    @property
    def headline(self) -> str:
        words = ngettext("{open} line is not finished", "{open} lines are not finished", self.facts["open"])
        return words.format(**self.facts)


class NothingToUndo(Refusal):
    code = "nothing_to_undo"
    title = _("Nothing to undo")
    tone = "look"
