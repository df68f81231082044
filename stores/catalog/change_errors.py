"""Why a change of an item is not taken."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class OwnedElsewhere(Refusal):
    """Facts: field (name in words), owner (system in words)."""

    code = "owned_elsewhere"
    title = _("{field} belongs to another system")
    advice = _("Only {owner} may change it: change it there.")


class NothingChanged(Refusal):
    code = "nothing_changed"
    title = _("Nothing would change")
    advice = _("It is so already.")
    tone = "look"
    status = 422


class AlreadyRequested(Refusal):
    """Facts: request (its number)."""

    code = "already_requested"
    title = _("Somebody has asked for this already")
    advice = _("Change request {request} waits for a manager.")
    tone = "look"


class ReasonNeeded(Refusal):
    code = "reason_needed"
    title = _("Say why")
    advice = _("A few words, up to 200 characters.")
    status = 422


class DraftNeedsNoRequest(Refusal):
    """Facts: item (name)."""

    code = "draft_needs_no_request"
    title = _("{item} is a draft")
    advice = _("Change it directly: nobody has approved it yet.")


class OwnRequest(Refusal):
    code = "own_request"
    title = _("This is your own request")
    advice = _("Somebody else decides it. You can withdraw it.")


class NotYourRequest(Refusal):
    """Facts: requested_by (name)."""

    code = "not_your_request"
    title = _("This is not your request")
    advice = _("Only {requested_by} can withdraw it.")


class StaleRequest(Refusal):
    """Facts: fields (names in words)."""

    code = "stale_request"
    title = _("The item has changed since")
    advice = _("No longer as it was when this was asked: {fields}. Refuse it, and ask anew.")


class UnknownField(Refusal):
    """Facts: field (as given)."""

    code = "unknown_field"
    title = _("No such field: {field}")
    status = 422


class NobodyAsks(Refusal):
    """A system that calls itself Storehand would pass by the second pair of eyes."""

    code = "nobody_asks"
    title = _("Only a person speaks for Storehand")
    advice = _("Sign in and ask for the change.")


class NoSuchSystem(Refusal):
    code = "no_such_system"
    title = _("Choose a system")
    status = 422
