"""Why something cannot be given in an item's place."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class BundleHasNoSubstitutes(Refusal):
    """Facts: item (name)."""

    code = "bundle_has_no_substitutes"
    title = _("{item} is a bundle")
    advice = _("What can be missing is one of its parts: say what is given in a part's place.")


class SubstituteIsBundle(Refusal):
    """Facts: item (name)."""

    code = "substitute_is_bundle"
    title = _("{item} is a bundle")
    advice = _("Only a single item is given in another one's place.")


class SubstituteOfItself(Refusal):
    """Facts: item (name)."""

    code = "substitute_of_itself"
    title = _("{item} cannot stand in for itself")
    status = 422


class SubstituteRetired(Refusal):
    """Facts: item (name)."""

    code = "substitute_retired"
    title = _("{item} is retired")
    advice = _("It could not be given to anybody.")


class SubstituteTwice(Refusal):
    """Facts: item (name)."""

    code = "substitute_twice"
    title = _("{item} is named twice")
    advice = _("Name it once, in its place.")
    status = 422


class SubstituteMissing(Refusal):
    """Facts: item (name)."""

    code = "substitute_missing"
    title = _("{item} is no substitute any more")
    advice = _("Somebody else has taken it out.")


class TooManySubstitutes(Refusal):
    """Facts: most (in digits)."""

    code = "too_many_substitutes"
    title = _("There are enough substitutes")
    advice = _("An item has up to {most}. Take one out first.")


class HasSubstitutes(Refusal):
    """Facts: item (name), others (SKUs)."""

    code = "has_substitutes"
    title = _("{item} cannot become a bundle yet")
    advice = _("Single items stand in for each other, and this one with {others}. Take it out there first.")
