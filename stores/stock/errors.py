"""Why stock cannot be moved or promised."""

from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class ShortStock(Refusal):
    """Facts: item (name), wanted, found (units)."""

    code = "short_stock"
    title = _("Not enough stock")
    advice = _("{item}: {wanted} wanted, {found} can be promised.")


class ItemNotSellable(ShortStock):
    """Facts: item (name), state (label). Whoever would wait for stock waits for the item as well."""

    code = "item_not_sellable"
    title = _("{item} is not for sale")
    advice = _("The item is {state}: only active items can be promised.")


class NotInBin(Refusal):
    """Facts: bin (code), item (name, or id where the caller gave none), wanted (units)."""

    code = "not_in_bin"
    title = _("The record does not have that many in {bin}")
    advice = _("Count the bin, then try again.")


class StockPromised(Refusal):
    """Facts: item (name, or id where the caller gave none), wanted (units)."""

    code = "stock_promised"
    title = _("These units are promised to customers")
    advice = _("Free them first, then try again.")


class ReservationEnded(Refusal):
    """Facts: state (label of the end it already had)."""

    code = "reservation_ended"
    title = _("This reservation is already {state}")


class CartShort(Refusal):
    """Facts: lines, the ones that cannot be held: sku, store (code), wanted, available (units, each line by itself)."""

    code = "cart_short"
    title = _("Not enough stock for this cart")
    advice = _("{shown}. Nothing more is held for it than before.")

    def __init__(self, *, lines: list[dict[str, Any]]) -> None:
        words = _("{sku} at {store}: {wanted} wanted, {available} can be held")
        super().__init__(lines=lines, shown="; ".join(str(words).format(**line) for line in lines))


class CartEmpty(Refusal):
    code = "cart_empty"
    title = _("A cart needs at least one line")
    advice = _("Release it instead.")
    status = 422


class CartNotHeld(Refusal):
    """Facts: state (label of how its hold ended)."""

    code = "cart_not_held"
    title = _("Nothing is held for this cart any more")
    advice = _("It is {state}. Put its lines again to hold them anew.")


class ChannelTermsInvalid(Refusal):
    """Facts: kept_back, minutes (the most there may be)."""

    code = "channel_terms_invalid"
    title = _("These numbers do not fit")
    advice = _(
        "Kept back is 0 to {kept_back}. A cart is held for 1 to {minutes} minutes, and in all no shorter than that."
    )
    status = 422


class ChannelUnnamed(Refusal):
    code = "channel_unnamed"
    title = _("A channel needs a name and a code")
    advice = _("A code is up to 24 letters, digits, hyphens and underscores.")
    status = 422


class ChannelTaken(Refusal):
    """Facts: channel (code)."""

    code = "channel_taken"
    title = _("There is a channel {channel} already")


def violated_constraint(error: IntegrityError) -> str:
    """The name of the database constraint that refused, or an empty text."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return getattr(diagnosis, "constraint_name", None) or ""
