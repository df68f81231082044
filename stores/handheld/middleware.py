"""What every answer carries, and the page of a refusal that no view turned into a band."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from stores.refusals import Refusal
from stores.staff.pages import message_page

# What pages may ask the browser for, and nobody else's pages inside of them: the camera scans, the screen stays awake.
PERMISSIONS = "camera=(self), screen-wake-lock=(self), geolocation=(), microphone=(), payment=(), usb=()"


class PermissionsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response["Permissions-Policy"] = PERMISSIONS
        return response


class RefusalMiddleware:
    """The page says the refusal's own words, with its status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        return message_page(request, status=exception.status, title=exception.headline, detail=exception.detail)
