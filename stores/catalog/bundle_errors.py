"""Why something cannot be put into a bundle."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class BundleSettled(Refusal):
    """Facts: item (name), state (label)."""

    code = "bundle_settled"
    title = _("What is in {item} is settled")
    advice = _("It is {state}. Retire it first; with other components it is approved anew.")


class BundleInBundle(Refusal):
    """Facts: item (name)."""

    code = "bundle_in_bundle"
    title = _("{item} is a bundle itself")
    advice = _("A bundle is made of single items: add what is in it.")


class BundleOfItself(Refusal):
    """Facts: item (name)."""

    code = "bundle_of_itself"
    title = _("{item} cannot be in itself")
    status = 422


class IsComponent(Refusal):
    """Facts: item (name), bundles (SKUs)."""

    code = "is_component"
    title = _("{item} is in a bundle itself")
    advice = _("It is in {bundles}, and bundles do not go into bundles.")


class SoldSingly(Refusal):
    """Facts: item (name)."""

    code = "sold_singly"
    title = _("{item} was sold by itself")
    advice = _("It stays a single item. Add a new item for the bundle.")


class HasHadStock(Refusal):
    """Facts: item (name)."""

    code = "has_had_stock"
    title = _("{item} has had stock of its own")
    advice = _("A bundle has none. Add a new item for the bundle.")


class ComponentRetired(Refusal):
    """Facts: item (name)."""

    code = "component_retired"
    title = _("{item} is retired")
    advice = _("Nothing with it could be sold.")


class ComponentTwice(Refusal):
    """Facts: item (name)."""

    code = "component_twice"
    title = _("{item} is named twice")
    advice = _("Name it once, with its quantity.")
    status = 422


class ComponentMissing(Refusal):
    """Facts: item (name)."""

    code = "component_missing"
    title = _("{item} is not in it")
    advice = _("Somebody else has taken it out.")


class ComponentQuantityInvalid(Refusal):
    """Facts: most (in digits)."""

    code = "component_quantity_invalid"
    title = _("This is no quantity")
    advice = _("From 1 to {most} whole units of it go into one bundle.")
    status = 422


class TooManyComponents(Refusal):
    """Facts: most (in digits)."""

    code = "too_many_components"
    title = _("The bundle is full")
    advice = _("It has up to {most} components.")


class LastComponent(Refusal):
    """Facts: item (name of the bundle)."""

    code = "last_component"
    title = _("{item} would be empty")
    advice = _("It was sold as a bundle and stays one: add another component first.")
