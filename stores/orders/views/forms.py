"""What the form of an order brought, within its limits."""

import re
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from stores.journal.actions.answer_once import KeyInvalid
from stores.orders.actions.place_order import ContactData
from stores.refusals import Refusal

QUANTITY_MAX = 99
NAME_LENGTH_MAX = 120
EMAIL_LENGTH_MAX = 254
PHONE_LENGTH_MAX = 40

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


def posted_units(request: HttpRequest) -> int:
    """The whole number in the field `quantity`. Raises OrderQuantityInvalid."""
    text = request.POST.get("quantity", "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(QUANTITY_MAX)) and int(text) >= 1):
        raise OrderQuantityInvalid(most=QUANTITY_MAX)
    return int(text)


def posted_contact(request: HttpRequest) -> ContactData:
    """Who collects and how they are reached. Raises NameMissing, ReachMissing, EmailInvalid, PhoneInvalid."""
    name, email, phone = (_line(request.POST.get(field, "")) for field in ("name", "email", "phone"))
    if not name or len(name) > NAME_LENGTH_MAX:
        raise NameMissing
    if not email and not phone:
        raise ReachMissing
    if email:
        try:
            validate_email(email)
        except ValidationError as invalid:
            raise EmailInvalid from invalid
        if len(email) > EMAIL_LENGTH_MAX:
            raise EmailInvalid
    if phone and not _PHONE.fullmatch(phone):
        raise PhoneInvalid
    return ContactData(name=name, email=email, phone=phone)


def posted_uuid(request: HttpRequest) -> UUID:
    """The form's key, of which the order's number is made. Raises KeyInvalid."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError as malformed:
        raise KeyInvalid from malformed


def _line(text: str) -> str:
    """One line of printable text."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
