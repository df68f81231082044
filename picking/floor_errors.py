"""What can be wrong with a store's plan, in the manager's words."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class NotMetres(Refusal):
    """Facts: most (metres)."""

    code = "not_metres"
    title = _("That is no place on the plan")
    advice = _("Metres from −{most} to {most}, such as 12.5; both x and y.")
    status = 422


class AisleUnnamed(Refusal):
    code = "aisle_unnamed"
    title = _("An aisle needs a code")
    advice = _("Capital letters, digits and dashes.")
    status = 422


class AisleWithoutLength(Refusal):
    code = "aisle_without_length"
    title = _("An aisle has a length")
    advice = _("It ends at a higher y than it begins.")
    status = 422


class AisleTaken(Refusal):
    """Facts: aisle (code)."""

    code = "aisle_taken"
    title = _("Aisle {aisle} is there already")


class AisleInUse(Refusal):
    """Facts: aisle (code), bins (how many)."""

    code = "aisle_in_use"
    title = _("Bins stand in aisle {aisle}")
    advice = _("Bins in it: {bins}. Place them elsewhere first.")


class AisleUnknown(Refusal):
    """Facts: aisle (as given)."""

    code = "aisle_unknown"
    title = _("No aisle {aisle}")
    advice = _("Add the aisle first.")
    status = 422


class OutsideAisle(Refusal):
    """Facts: bin, aisle (codes), begin, end (metres)."""

    code = "outside_aisle"
    title = _("{bin} would stand outside aisle {aisle}")
    advice = _("The aisle goes from y {begin} to {end}.")
    status = 422


class BesideAisle(Refusal):
    """Facts: bin, aisle (codes), x (metres, the aisle's)."""

    code = "beside_aisle"
    title = _("{bin} would stand beside aisle {aisle}")
    advice = _("The aisle is at x {x}. Leave x empty, or leave out the aisle.")
    status = 422


class FileRefused(Refusal):
    """Facts: count (of wrong lines), problems (what is wrong with each)."""

    code = "file_refused"
    title = _("Nothing was changed")
    advice = _("Wrong lines: {count}. Mend them, and upload the file again.")
    status = 422


class FileUnreadable(Refusal):
    """Facts: kilobytes (at most)."""

    code = "file_unreadable"
    title = _("This is no list of bins")
    advice = _("A CSV file with the headings bin, aisle, x_m and y_m, of at most {kilobytes} kB.")
    status = 422
