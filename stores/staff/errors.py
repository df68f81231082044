"""Why somebody is not let in, or may not do what they ask for."""

from django.utils.translation import gettext_lazy as _

from stores.refusals import Refusal


class LanguageUnknown(Refusal):
    code = "language_unknown"
    title = _("Storehand does not speak this language")
    status = 422


class NotABadge(Refusal):
    code = "not_a_badge"
    title = _("This is not a badge")
    advice = _("Scan the code on your badge, or type its number.")
    status = 422


class NoPin(Refusal):
    code = "no_pin"
    title = _("Now your PIN")
    status = 422


class WrongBadgeOrPin(Refusal):
    code = "wrong_badge_or_pin"
    title = _("Badge or PIN is not right")
    advice = _("Check both and try again.")
    status = 422


class TryLater(Refusal):
    code = "try_later"
    title = _("Too many misses: wait {seconds} s")
    advice = _("Then try again. Nothing was checked this time.")


class BadgeLocked(Refusal):
    code = "badge_locked"
    title = _("This badge is locked")
    advice = _("A manager can set a new PIN for it.")


class NoRoleHere(Refusal):
    code = "no_role_here"
    title = _("You do not work in this store yet")
    advice = _("A manager of {store} can give you a role here.")


class NotALead(Refusal):
    code = "not_a_lead"
    title = _("This needs a lead")
    advice = _("{name} is no lead or manager in this store.")


class NotEnrolled(Refusal):
    code = "not_enrolled"
    title = _("This device is not let in")
    advice = _("A manager can make an enrolment code for it.")


class CodeNotValid(Refusal):
    code = "enrolment_code_not_valid"
    title = _("This enrolment code is not valid")
    advice = _("It is mistyped, used up or too old. Ask a manager for a new one.")


class DeviceNameTaken(Refusal):
    code = "device_name_taken"
    title = _("There is already a device {name} here")
    advice = _("Choose another name, or revoke that device first.")


class DeviceNameInvalid(Refusal):
    code = "device_name_invalid"
    title = _("The device needs a name")
    advice = _("Up to {length_max} signs, such as: Handheld 3.")
    status = 422


class WeakPin(Refusal):
    code = "weak_pin"
    title = _("This PIN cannot be used")
    advice = _("Six to eight digits, not all alike, in a row or in a pattern.")
    status = 422


class NotYours(Refusal):
    code = "not_yours_to_change"
    title = _("You cannot change {name} here")
    advice = _("They also work where you are not the manager. A manager of the whole chain can do it.")
