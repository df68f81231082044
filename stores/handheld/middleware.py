"""A refusal that no view turned into a band: the page says so, with the refusal's own words and status."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from stores.refusals import Refusal
from stores.staff.pages import message_page


class RefusalMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refusal):
            return None
        return message_page(request, status=exception.status, title=exception.headline, detail=exception.detail)
