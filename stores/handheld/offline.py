"""Where the device gets its service worker and its shell."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from stores.handheld.shell import shell_response, worker_response
from stores.staff.access import public


@require_safe
@public
def shell(request: HttpRequest) -> HttpResponse:
    return shell_response()


@require_safe
@public
def service_worker(request: HttpRequest) -> HttpResponse:
    return worker_response()
