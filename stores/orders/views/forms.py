"""What the form of an order brought, within its limits."""

import re
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stores.journal.actions.answer_once import KeyInvalid
from stores.orders.actions.place_order import ContactData
from stores.orders.reasons import CancelReason
from stores.refusals import Refusal

QUANTITY_MAX = 99
SOUGHT_LENGTH_MAX = 40
BIGINT_MAX = 2**63 - 1
NAME_LENGTH_MAX = 120
EMAIL_LENGTH_MAX = 254

_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,38}")


class OrderQuantityInvalid(Refusal):
    """Facts: most (the largest number accepted)."""

    code = "order_quantity_invalid"
    title = _("Enter a number from 1 to {most}")
    status = 422


class NameMissing(Refusal):
    code = "name_missing"
    title = _("Enter the customer's name")
    advice = _("It is what the counter calls.")
    status = 422


class ReachMissing(Refusal):
    code = "reach_missing"
    title = _("Enter an e-mail or a phone number")
    advice = _("The customer is told when the order is ready.")
    status = 422


class EmailInvalid(Refusal):
    code = "email_invalid"
    title = _("This is no e-mail address")
    advice = _("Ask the customer to spell it.")
    status = 422


class PhoneInvalid(Refusal):
    code = "phone_invalid"
    title = _("This is no phone number")
    advice = _("Digits, spaces and a leading +.")
    status = 422


class CancelReasonMissing(Refusal):
    code = "cancel_reason_missing"
    title = _("Say why")
    status = 422


def posted_units(request: HttpRequest) -> int:
    """The whole number in the field `quantity`. Raises OrderQuantityInvalid."""
    text = request.POST.get("quantity", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(QUANTITY_MAX)) and int(text) >= 1):
        raise OrderQuantityInvalid(most=QUANTITY_MAX)
    return int(text)


def posted_contact(request: HttpRequest) -> ContactData:
    """Who collects and how they are reached. Raises NameMissing, ReachMissing, EmailInvalid, PhoneInvalid."""
    email, phone = _posted_reach(request)
    return ContactData(name=_posted_name(request), email=email, phone=phone)


def wrong_fields(request: HttpRequest) -> dict[str, Refusal]:
    """By the field's name: what is missing or wrong in each, all of it at once."""
    wrong = {}
    for field, read in (("quantity", posted_units), ("name", _posted_name), ("reach", _posted_reach)):
        try:
            read(request)
        except Refusal as refusal:
            wrong[field] = refusal
    return wrong


def _posted_name(request: HttpRequest) -> str:
    name = _line(request.POST.get("name", ""))
    if not name or len(name) > NAME_LENGTH_MAX:
        raise NameMissing
    return name


def _posted_reach(request: HttpRequest) -> tuple[str, str]:
    """(e-mail, phone) of the one field that takes either: what has an @ is an e-mail."""
    reach = _line(request.POST.get("reach", ""))
    if not reach:
        raise ReachMissing
    if "@" not in reach:
        if not _PHONE.fullmatch(reach):
            # Letters are the beginning of an e-mail rather than of a number.
            raise EmailInvalid if any(sign.isalpha() for sign in reach) else PhoneInvalid
        return "", reach
    try:
        validate_email(reach)
    except ValidationError as invalid:
        raise EmailInvalid from invalid
    if len(reach) > EMAIL_LENGTH_MAX:
        raise EmailInvalid
    return reach, ""


def posted_reason(request: HttpRequest) -> CancelReason:
    """Raises CancelReasonMissing."""
    try:
        return CancelReason(request.POST.get("reason", ""))
    except ValueError as unknown:
        raise CancelReasonMissing from unknown


def sought_number(request: HttpRequest) -> str:
    """What is looked for among the orders' numbers, blank for nothing."""
    return _line(request.GET.get("q", ""))[:SOUGHT_LENGTH_MAX]


def posted_uuid(request: HttpRequest) -> UUID:
    """The form's key, of which the order's number is made. Raises KeyInvalid."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError as malformed:
        raise KeyInvalid from malformed


def _line(text: str) -> str:
    """One line of printable text."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
