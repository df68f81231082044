"""Why a count is not taken, in the words of whoever counted."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class CountInvalid(Refusal):
    """Facts: most (the largest number accepted)."""

    code = "count_invalid"
    title = _("Enter a number from 0 to {most}")
    advice = _("0 when none lies there.")
    status = 422


class NotCountable(Refusal):
    """Facts: bin (code), item (name). A place outside the building, or a bundle: neither has units to count."""

    code = "not_countable"
    title = _("There is nothing to count")
    advice = _("{item} in {bin}: count the items in their own bins.")
    status = 422


class AlreadyCounted(Refusal):
    """Facts: bin (code), item (name), who (name), counted (units)."""

    code = "already_counted"
    title = _("{who} has counted: {counted}")
    advice = _("{item} in {bin}. Ask for another count if that is wrong.")
    tone = "look"


class NoSuchBin(Refusal):
    """Facts: bin (as typed)."""

    code = "no_such_bin"
    title = _("No bin of that code here")
    advice = _("Scan its label, or choose one from the list.")
    status = 422


class SaleInvalid(Refusal):
    """Facts: most (the largest number accepted)."""

    code = "sale_invalid"
    title = _("A sale is of 1 to {most} units")
    status = 422
