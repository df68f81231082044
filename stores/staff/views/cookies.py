"""The device's cookie."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from stores.models import Device
from stores.staff.queries.enrolment import device_with_token

# The longest that browsers keep a cookie; every sign-in starts it anew.
DEVICE_COOKIE_SECONDS = 400 * 24 * 3600


def device_of(request: HttpRequest) -> Device | None:
    """The enrolled device that sent this request, with its store."""
    return device_with_token(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""))


def keep_device(response: HttpResponse, token: str) -> None:
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        token,
        max_age=DEVICE_COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
