"""Every error of the API in one form (RFC 9457): code, title, detail, status, and what more there is to say."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from rest_framework import serializers
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.exceptions import PermissionDenied as Forbidden
from rest_framework.response import Response

from stores.journal.actions.answer_once import KeyInvalid, KeyReused
from stores.refusals import Refusal
from stores.stock.errors import CartShort
from stores.sync.api.availability.errors import TooManyPairs, UnknownStores
from stores.sync.api.carts.errors import UnknownLines
from stores.sync.refusals import NotForSale, UnknownSku

MEDIA_TYPE = "application/problem+json"

Problem = dict[str, Any]


class ProblemSerializer(serializers.Serializer[Problem]):
    """How every error looks (RFC 9457). Decide by `status` and `code`; show a person `title` and `detail`."""

    code = serializers.CharField(help_text=_lazy("Stable; made for programs."))
    title = serializers.CharField(help_text=_lazy("Made for people."))
    detail = serializers.CharField(help_text=_lazy("What to do about it; may be blank."), allow_blank=True)
    status = serializers.IntegerField(help_text=_lazy("The HTTP status again."))
    errors = serializers.DictField(  # type: ignore[assignment]  # A field here, a property on the class: kept apart.
        required=False, help_text=_lazy("What is wrong, by field.")
    )
    codes = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text=_lazy("SKUs or stores that nobody here knows, or SKUs that are not for sale, all at once."),
    )
    count = serializers.IntegerField(required=False, help_text=_lazy("How many were asked for."))
    order = serializers.IntegerField(required=False, help_text=_lazy("The order that is here already."))
    message = serializers.IntegerField(
        required=False,
        help_text=_lazy(
            "The message kept in the exception queue: a lead can mend it, and the order is placed after all."
        ),
    )


class KeyMissing(Refusal):
    code = "key_missing"
    title = _lazy("This request carries no Idempotency-Key")
    advice = _lazy("Make one up for each request, and send the same one again when you repeat it.")
    status = 400


class TooLarge(Refusal):
    code = "too_large"
    title = _lazy("The body is too large")
    advice = _lazy("It may have {most} bytes.")
    status = 413


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None lets a defect of ours become a 500."""
    match error:
        case Refusal():
            return problem_response(problem_of(error))
        case OperationalError() | InterfaceError():
            unavailable = problem("unavailable", _("Not available right now"), _("Try again."), 503)
            return problem_response(unavailable, {"Retry-After": "5"})
        case RequestDataTooBig():
            return problem_response(problem_of(TooLarge(most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)))
        case Http404():
            error = NotFound()
        case PermissionDenied():
            error = Forbidden()
        case APIException():
            pass
        case _:
            return None
    if isinstance(error, ValidationError):
        invalid = problem("invalid", _("Some fields are wrong"), _("See errors."), error.status_code)
        return problem_response({**invalid, "errors": _by_field(error.detail)})
    told = problem(str(error.get_codes()), str(error.default_detail), str(error.detail), error.status_code)
    headers = {"WWW-Authenticate": header} if (header := getattr(error, "auth_header", "")) else {}
    return problem_response(told, headers)


def problem(code: str, title: str, detail: str, status: int) -> Problem:
    return {"code": code, "title": title, "detail": detail, "status": status}


def problem_of(refusal: Refusal) -> Problem:
    told = problem(refusal.code, refusal.headline, refusal.detail, refusal.status)
    # What the caller has to look at, all at once.
    match refusal:
        case UnknownSku() | UnknownStores():
            return {**told, "codes": refusal.facts["codes"]}
        case NotForSale():
            return {**told, "codes": refusal.facts["skus"]}
        case TooManyPairs():
            return {**told, "count": refusal.facts["count"]}
        case CartShort() | UnknownLines():
            return {**told, "lines": refusal.facts["lines"]}
        # What these advise a person at a page is of no use to a program.
        case KeyReused():
            return {**told, "detail": _("Another body came with it before. Make up a new key for another request.")}
        case KeyInvalid():
            return {**told, "detail": _("An Idempotency-Key is 1 to 64 printable characters.")}
    return told


def problem_response(told: Problem, headers: dict[str, str] | None = None) -> Response:
    return Response(told, status=told["status"], headers=headers, content_type=MEDIA_TYPE)


def _by_field(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"": detail}
