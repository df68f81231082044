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
