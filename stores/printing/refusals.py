"""Why a label cannot be printed, or printed again."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class NoSuchLabel(Refusal):
    code = "no_such_label"
    title = _("No such label here")
    advice = _("It may belong to another store.")
    status = 404


class NoPrinter(Refusal):
    code = "no_printer"
    title = _("No printer in this store")
    advice = _("A manager can add one.")


class NotEnded(Refusal):
    code = "label_not_ended"
    title = _("This label still waits")
    advice = _("It prints by itself as soon as the printer answers.")
    tone = "look"


class NotAsked(Refusal):
    code = "label_not_asked"
    title = _("Already answered")
    advice = _("Nobody has to say any more whether this label printed.")
    tone = "look"


class AnswerFirst(Refusal):
    code = "label_answer_first"
    title = _("Did it print?")
    advice = _("Look into the tray and answer that first.")
    tone = "look"


class NothingToTry(Refusal):
    code = "label_nothing_to_try"
    title = _("This label has already gone out")
    advice = _("Print it again with a reason, if it is needed once more.")
    tone = "look"
