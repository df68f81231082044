"""What can go wrong between the tote and the customer, in the words of whoever holds the scanner."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class UnknownTote(Refusal):
    """Facts: tote (as scanned)."""

    code = "unknown_tote"
    title = _("{tote} holds nothing to stage")
    advice = _("Scan a full tote, or tap one of the list.")


class StillPicking(Refusal):
    """Facts: tote (code), number (of the order), who (lists of the order that are not finished, and their pickers)."""

    code = "still_picking"
    title = _("Order {number} is still being picked")
    advice = _("{tote} can be staged when all of it is picked. {who}.")
    tone = "look"


class NotForStaging(Refusal):
    """Facts: number (of the order), state (label)."""

    code = "not_for_staging"
    title = _("Order {number} is {state}")
    advice = _("Put its goods back.")


class AlreadyStaged(Refusal):
    """Facts: tote, bin (codes), by (name)."""

    code = "already_staged"
    title = _("Already staged in {bin}")
    advice = _("{by} put {tote} there.")
    tone = "look"


class ToteEmpty(Refusal):
    """Facts: tote (code)."""

    code = "tote_empty"
    title = _("{tote} is empty")
    advice = _("The record knows of nothing in it.")


class NotAStagingBin(Refusal):
    """Facts: came (code), kind (what it is, with its article)."""

    code = "not_a_staging_bin"
    title = _("{came} is not a staging bin")
    advice = _("Expected: a staging bin. This is {kind}.")


class UnknownBin(Refusal):
    """Facts: came (as scanned)."""

    code = "unknown_bin"
    title = _("Unknown code: {came}")
    advice = _("Expected: a staging bin of this store.")


class NothingToUndo(Refusal):
    code = "nothing_to_undo"
    title = _("Nothing to undo")
    advice = _("This staging was already taken back.")
    tone = "look"


class HandoverBegun(Refusal):
    """Facts: number (of the order)."""

    code = "handover_begun"
    title = _("Too late to undo")
    advice = _("Order {number} is being handed over or has gone.")


class TakenOut(Refusal):
    """Facts: bag (number)."""

    code = "taken_out"
    title = _("Too late to undo")
    advice = _("Something was taken out of bag {bag} since.")


class ToteReused(Refusal):
    """Facts: tote (code)."""

    code = "tote_reused"
    title = _("{tote} is in use again")
    advice = _("Its old goods have to stay where they are staged.")


class UnknownOrder(Refusal):
    """Facts: code (as scanned)."""

    code = "unknown_order"
    title = _("No order of this store")
    advice = _("Scan a bag label or the customer's screen, or type the order number.")


class NotReady(Refusal):
    """Facts: number (of the order), state (label)."""

    code = "not_ready"
    title = _("Order {number} is not ready")
    advice = _("It is {state}.")
    tone = "look"


class AlreadyHandedOver(Refusal):
    """Facts: number (of the order), by (name), at (local time as text)."""

    code = "already_handed_over"
    title = _("Order {number} has gone")
    advice = _("{by} handed it over at {at}.")
    tone = "look"


class ArrivalTaken(Refusal):
    """Facts: by (name of who has it)."""

    code = "arrival_taken"
    title = _("{by} is on it")
    advice = _("Take over only if {by} agrees.")
    tone = "look"


class ClaimFirst(Refusal):
    code = "claim_first"
    title = _("Say that you are on it first")
    tone = "look"


class WrongBag(Refusal):
    """Facts: expected, came (order numbers)."""

    code = "wrong_bag"
    title = _("Wrong bag: order {came}")
    advice = _("Expected: order {expected}. Put this one back.")


class UnknownBag(Refusal):
    """Facts: expected (order number), came (as scanned)."""

    code = "unknown_bag"
    title = _("Unknown code: {came}")
    advice = _("Expected: the bag label of order {expected}.")


class BagChecked(Refusal):
    """Facts: bag (number)."""

    code = "bag_checked"
    title = _("Bag {bag} is already checked")
    advice = _("Scan the next bag.")
    tone = "look"


class BagsMissing(Refusal):
    """Facts: missing (how many bags)."""

    code = "bags_missing"
    title = _("Scan every bag first: {missing} to go")
    tone = "look"


class CodeLocked(Refusal):
    code = "code_locked"
    title = _("Too many wrong codes")
    advice = _("A lead must check who this is.")


class CodeMalformed(Refusal):
    """Facts: digits (how many a code has)."""

    code = "code_malformed"
    title = _("A pickup code has {digits} digits")
    advice = _("Type it again, or scan it from the customer's screen.")
    status = 422


class OtherCustomersCode(Refusal):
    code = "other_customers_code"
    title = _("This is another order's code")
    advice = _("Ask for the page of this order.")


class IdentityChecked(Refusal):
    code = "identity_checked"
    title = _("Already checked")
    advice = _("Hand the order over.")
    tone = "look"


class AgeUnchecked(Refusal):
    """Facts: items (names)."""

    code = "age_unchecked"
    title = _("Look at an ID first")
    advice = _("Age-restricted: {items}")
    tone = "look"


class NothingRestricted(Refusal):
    code = "nothing_restricted"
    title = _("Nothing here is only for adults")
    tone = "look"


class IdentityUnchecked(Refusal):
    code = "identity_unchecked"
    title = _("Check the pickup code first")
    tone = "look"


class ReasonMissing(Refusal):
    code = "reason_missing"
    title = _("Say how you know who it is")
    advice = _("Such as: passport, bank card with the order's name.")
    status = 422


class TooManyRequests(Refusal):
    """Facts: minutes (to wait)."""

    code = "too_many_requests"
    title = _("That was a lot of messages")
    advice = _("We have seen them. Please wait {minutes} minutes, or tell us at the counter.")
    status = 429


class PlaceNotOffered(Refusal):
    """Facts: bays (how many the store has)."""

    code = "place_not_offered"
    title = _("This store has no such place")
    advice = _("Choose the counter, or one of {bays} bays.")
    status = 422


class TimeNotOffered(Refusal):
    code = "time_not_offered"
    title = _("Choose one of the times")
    status = 422
