"""The pages for "no": what happened in plain words, and the way on."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _

from stores.staff.pages import message_page

RETRY_SECONDS = 5


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page is older than the last sign-in on this device, or cookies are off."""
    get_token(request)
    return message_page(
        request,
        status=403,
        title=_("This page is too old"),
        detail=_("Somebody has signed in since it was opened. Nothing has changed: open it again and repeat."),
        link=request.path if request.method == "GET" else "/",
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return message_page(request, status=400, title=_("This request makes no sense"), detail=_("Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return message_page(
        request, status=403, title=_("This is not for you"), detail=_("Ask a lead or a manager of this store.")
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return message_page(
        request,
        status=404,
        title=_("There is nothing here"),
        detail=_("The address is mistyped, or what it led to is gone or belongs to another store."),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """An error nobody foresaw. A database that does not answer is no such error: it is a 503, try again.

    Django calls this while it handles the exception, wherever that was raised, in a middleware too.
    """
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        response = message_page(
            request,
            status=503,
            title=_("One moment, please"),
            detail=_("The database does not answer. Nothing was lost: try again in a few seconds."),
            link=request.path,
            link_label=_("Try again"),
        )
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    return message_page(
        request,
        status=500,
        title=_("Something went wrong here"),
        detail=_("It has been written down. Nothing was half done: go back and try again."),
    )
