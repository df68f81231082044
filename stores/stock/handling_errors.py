"""What can go wrong with stock in one's hands, in the associate's words."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal
from stores.stock.errors import NotInBin, StockPromised


class RecordHasFewer(NotInBin):
    """Facts: bin (code), item (name), wanted, found (units)."""

    code = "record_has_fewer"
    title = _("The record has {found} in {bin}")
    advice = _("{item}: count again. A lead adds what was found.")


class NotHereInTheRecord(NotInBin):
    """Facts: bin (code), item (name), wanted, found (0)."""

    code = "not_here_in_the_record"
    title = _("The record has none in {bin}")
    advice = _("{item}: is it the right bin? A lead adds what was found.")


class NoneToRelease(NotInBin):
    """Facts: bin (code), item (name), wanted, found (0)."""

    code = "none_to_release"
    title = _("Nothing to release in {bin}")
    advice = _("{item}: a lead releases what is damaged or held.")


class FewerFree(StockPromised):
    """Facts: item (name), wanted, free (units)."""

    code = "fewer_free"
    title = _("Not promised: only {free}")
    advice = _("{item}: customers wait for the others.")


class UndoPromised(StockPromised):
    """Facts: item (name), wanted, free (units)."""

    code = "undo_promised"
    title = _("These are promised by now")
    advice = _("{item}: customers wait for them. Not promised: {free}.")


class UndoGone(NotInBin):
    """Facts: bin (code), item (name), wanted, found (units)."""

    code = "undo_gone"
    title = _("They have gone on from {bin}")
    advice = _("{item}: the record has only {found} there. Move them back by hand.")


class NothingToUndo(Refusal):
    code = "nothing_to_undo"
    title = _("Nothing to undo")
    tone = "look"


class BinFirst(Refusal):
    code = "bin_first"
    title = _("Scan the bin first")
    advice = _("Then scan what you take from it.")
    tone = "look"


class PlaceFirst(BinFirst):
    code = "place_first"
    advice = _("Then scan what you put into it.")


class ItemFirst(Refusal):
    """Facts: bin (code)."""

    code = "item_first"
    title = _("You are at {bin} already")
    advice = _("Scan what you take from it.")
    tone = "look"


class OneItemAtATime(Refusal):
    """Facts: quantity, item (name in hand), came (name scanned)."""

    code = "one_item_at_a_time"
    title = _("First put down the {quantity} in hand")
    advice = _("You hold {item}. Scan where they go, then scan {came}.")
    tone = "look"


class StillInHand(Refusal):
    """Facts: quantity, item (name)."""

    code = "still_in_hand"
    title = _("{quantity} still in hand")
    advice = _("{item}: scan where they go, or put them back.")
    tone = "look"


class SameBin(Refusal):
    """Facts: bin (code)."""

    code = "same_bin"
    title = _("They come from {bin}")
    advice = _("Scan where they go, or put them back.")
    tone = "look"


class ConfirmAtTheBin(Refusal):
    """Facts: bin (code), came (bin code)."""

    code = "confirm_at_the_bin"
    title = _("Scan {bin} again to write off")
    advice = _("{came} is another bin.")


class JustScanned(Refusal):
    """Facts: bin (code)."""

    code = "just_scanned"
    title = _("They are in {bin} already")
    advice = _("Scanned twice: counted once.")
    tone = "look"


class NotForStock(Refusal):
    """Facts: bin (code), kind (label)."""

    code = "not_for_stock"
    title = _("{bin} is not for this")
    advice = _("{kind}: what lies there has its order.")


class NoPlaceInTheBuilding(NotForStock):
    """Facts: bin (code), kind (label)."""

    code = "no_place_in_the_building"
    advice = _("{kind}: that is no place in the building.")


class UnknownCode(Refusal):
    """Facts: code (as scanned)."""

    code = "unknown_code"
    title = _("Unknown code")
    advice = _("No bin here and no item carries it.")


class UnknownInDelivery(UnknownCode):
    """Facts: code (as scanned)."""

    code = "unknown_in_delivery"
    advice = _("No bin here and no item. Is it the delivery's number? Type D: before it.")


class DeliveryWithoutNumber(Refusal):
    code = "delivery_without_number"
    title = _("D: and then the number")
    advice = _("Type the delivery note's number after it, such as D:4500012.")
    tone = "look"


class ABadge(Refusal):
    code = "a_badge"
    title = _("This is a badge")
    advice = _("Scan a bin or an item.")


class AParcel(Refusal):
    code = "a_parcel"
    title = _("This is a parcel number")
    advice = _("Scan what is inside.")


class BundleScanned(Refusal):
    """Facts: item (name)."""

    code = "bundle_scanned"
    title = _("A bundle has no stock of its own")
    advice = _("{item}: scan what it is made of.")


class TooManyInHand(Refusal):
    """Facts: most (units)."""

    code = "too_many_in_hand"
    title = _("More than {most} at once")
    advice = _("Put these down first.")
    status = 422


class FewerThanCounted(Refusal):
    """Facts: item (name), counted (units)."""

    code = "fewer_than_counted"
    title = _("{counted} are counted already")
    advice = _("{item}: undo takes back the last scan.")
    tone = "look"


class OtherItemInHand(Refusal):
    code = "other_item_in_hand"
    title = _("That item is not in hand now")
    tone = "look"


class TaskEnded(Refusal):
    """Facts: state (label)."""

    code = "task_ended"
    title = _("This task is {state}")
    advice = _("Start it again to go on.")
    tone = "look"


class ForLeads(Refusal):
    """Facts: task (label)."""

    code = "for_leads"
    title = _("{task}: for a lead")


class KindInvalid(Refusal):
    code = "kind_invalid"
    title = _("Choose what to do")
    status = 422


class WhyMissing(Refusal):
    code = "why_missing"
    title = _("Choose a reason")
    status = 422
