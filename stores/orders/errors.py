"""Why an order or a fulfillment cannot be acted on."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class OrderExists(Refusal):
    """Facts: order (the one that has this source and external id), number."""

    code = "order_exists"
    title = _("Order {number} is already here")


class OrderEmpty(Refusal):
    code = "order_empty"
    title = _("An order needs at least one line")
    status = 422


class StoreDoesNotOffer(Refusal):
    """Facts: store (name), method (label)."""

    code = "store_does_not_offer"
    title = _("{store} does not offer this: {method}")
    status = 422


class NotForSale(Refusal):
    """Facts: items (those that are not active, by id), skus (theirs, in words)."""

    code = "not_for_sale"
    title = _("Not for sale: {skus}")
    advice = _("Only active items can be ordered.")
    status = 422


class NotHere(Refusal):
    """The same answer for what does not exist and for what another store has."""

    code = "not_here"
    title = _("Not found in this store")
    advice = _("Check the number, or ask the store that has it.")
    status = 404


class CannotCancel(Refusal):
    """Facts: number, state (label)."""

    code = "cannot_cancel"
    title = _("Order {number} can no longer be cancelled")
    advice = _("State: {state}.")


class PartHandedOver(CannotCancel):
    """Facts: number, state (label)."""

    advice = _("A part of it has left the store. What is still here can be cancelled line by line.")


class AlreadyCancelled(Refusal):
    """Facts: number."""

    code = "already_cancelled"
    title = _("Order {number} is cancelled already")


class TooManyToCancel(Refusal):
    """Facts: item (name), most (units that can still be cancelled), wanted."""

    code = "too_many_to_cancel"
    title = _("{most} of {item} can still be cancelled")
    advice = _("{wanted} were to be. The others have gone to the customer, or are cancelled already.")


class PartOfBundle(Refusal):
    """Facts: item, bundle (names)."""

    code = "part_of_bundle"
    title = _("{item} is a part of {bundle}")
    advice = _("Only the whole bundle can be cancelled.")
    status = 422


class NotSubstitutable(Refusal):
    """Facts: item, instead (names)."""

    code = "not_substitutable"
    title = _("{instead} cannot stand in for {item}")


class NoSubstitutesWanted(NotSubstitutable):
    advice = _("The customer wants no substitutes.")


class NotApproved(NotSubstitutable):
    advice = _("It is not among the item's substitutes.")


class BundleStaysWhole(NotSubstitutable):
    advice = _("What is in a bundle stays as it was ordered.")


class NotGivenUp(NotSubstitutable):
    """Facts: item, instead (names), most (units)."""

    advice = _("Only {most} are missing.")
