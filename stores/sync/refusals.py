"""Why a message from another system waits for a person."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal
from stores.sync.models import InboundMessage
from stores.sync.queries.reasons import NOT_FOR_SALE

Reason = InboundMessage.Reason
CODES_SHOWN_MAX = 3


class NeedsPerson(Refusal):
    """What came is kept and waits in the exception queue. The facts are plain JSON values."""

    reason: ClassVar[Reason] = Reason.REFUSED
    status = 422


class Malformed(NeedsPerson):
    """Facts: field (where the body stops making sense), problem (one word or a few, for the other system's makers)."""

    code = "malformed"
    reason = Reason.MALFORMED
    title = _("This message cannot be read")
    advice = _("{field}: {problem}")


class UnknownSku(NeedsPerson):
    """Facts: codes (as received), waiting_for (the same, folded), unknown_lines (numbered from 1)."""

    code = "unknown_sku"
    reason = Reason.UNKNOWN_SKU
    title = _("Unknown SKU: {shown}")
    advice = _("Link it to an item; the order is then placed by itself.")

    def __init__(self, *, codes: list[str], **facts: Any) -> None:
        super().__init__(codes=codes, shown=", ".join(codes), **facts)


class UnknownStore(NeedsPerson):
    """Facts: store_code (as received)."""

    code = "unknown_store"
    reason = Reason.UNKNOWN_STORE
    title = _("Unknown store: {store_code}")
    advice = _("Tell Storehand which store this is, then try again.")


class NotForSale(NeedsPerson):
    """Facts: skus, waiting_for_items (ids of items; when one of them becomes active, it may be for sale)."""

    code = NOT_FOR_SALE
    title = _("Not for sale: {shown}")
    advice = _("When the item is active, the order is placed by itself.")

    def __init__(self, *, skus: list[str], waiting_for_items: list[int], **facts: Any) -> None:
        super().__init__(skus=skus, waiting_for_items=waiting_for_items, shown=", ".join(skus), **facts)


class UnknownTopic(NeedsPerson):
    """Facts: topic."""

    code = "unknown_topic"
    reason = Reason.UNKNOWN_TOPIC
    title = _("Nobody here understands this kind of message: {topic}")


class NotHereYet(Refusal):
    """What it is about has not come yet: the message waits for it.

    Facts: external_id (of the order), cancels (whether it ends the whole order).
    """

    code = "not_here_yet"
    title = _("Order {external_id} is not here yet")


class NoSuchLine(Refusal):
    """Facts: line (its source's id of it), number (of the order)."""

    code = "no_such_line"
    title = _("Order {number} has no line {line}")
    status = 422


class CannotRaise(Refusal):
    """Facts: line, number, quantity (what was ordered)."""

    code = "cannot_raise"
    title = _("Line {line} of order {number} can only be lowered")
    advice = _("{quantity} were ordered. Place another order for more.")
    status = 422


class LinesAdded(Refusal):
    code = "lines_added"
    title = _("The shop added something to an order that is here already.")
    advice = _("Place what was added as another order, and cancel here by hand what was taken out.")
    status = 422


class CannotRetry(Refusal):
    code = "cannot_retry"
    title = _("This message cannot be tried again")
    advice = _("It may not come from the shop at all. Dismiss it; the shop sends what is genuine again by itself.")


class AlreadySettled(Refusal):
    """Facts: state (label)."""

    code = "already_settled"
    title = _("Nothing waits here any more")
    advice = _("Somebody was faster. State: {state}.")


class ReasonNeeded(Refusal):
    code = "reason_needed"
    title = _("Say why")
    advice = _("A few words, up to 200 characters.")
    status = 422


class CodeNotWaiting(Refusal):
    """Facts: code."""

    code = "code_not_waiting"
    title = _("This message does not wait for {code}")
    status = 422


class NoSuchItem(Refusal):
    """Facts: text."""

    code = "no_such_item"
    title = _("No item has the code {text}")
    advice = _("Choose it where the search shows it, or try its barcode, its SKU or another word.")
    tone = "look"
    status = 422


class AliasTaken(Refusal):
    """Facts: code, item (name), sku."""

    code = "alias_taken"
    title = _("{code} already means another item")
    advice = _("It is {item} ({sku}).")


class NotFound(Refusal):
    code = "not_found"
    title = _("Not found")
    status = 404


class NothingChosen(Refusal):
    code = "nothing_chosen"
    title = _("Nothing is chosen that still waits")
    advice = _("Tick the lines you mean.")
    tone = "look"
    status = 422


class NotTogether(Refusal):
    code = "not_together"
    title = _("This does not fit all chosen lines")
    advice = _("Choose fewer of them.")
    status = 422


class NotTheirs(Refusal):
    """Facts: field, owner (both in words)."""

    code = "not_theirs"
    title = _("{field} belongs to another system")
    advice = _("Only {owner} may change it: change it there, or keep ours.")


class SettledWithItsKind(Refusal):
    code = "settled_with_its_kind"
    title = _("Trying again would change nothing")
    advice = _("Settle it with the others of its kind.")


class CodeIsItem(Refusal):
    """Facts: codes (as received)."""

    code = "code_is_item"
    title = _("An item already: {shown}")
    advice = _("It is approved, on sale or in stock. Dismiss its lines instead.")

    def __init__(self, *, codes: list[str], **facts: Any) -> None:
        super().__init__(codes=codes, shown=_first_few(codes), **facts)


class CodeIsDraft(Refusal):
    """Facts: codes (as received)."""

    code = "code_is_draft"
    title = _("A draft already: {shown}")
    advice = _("Tick that drafts are meant too, or dismiss its lines instead.")
    tone = "look"

    def __init__(self, *, codes: list[str], **facts: Any) -> None:
        super().__init__(codes=codes, shown=_first_few(codes), **facts)


def _first_few(codes: list[str]) -> str:
    return ", ".join(codes[:CODES_SHOWN_MAX]) + (" …" if len(codes) > CODES_SHOWN_MAX else "")
