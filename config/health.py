"""Two questions a front server asks: is the process alive, and may it be sent requests."""

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from stores.staff.access import public


@public
@require_safe
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers at all."""
    return HttpResponse("alive\n", content_type="text/plain")


@public
@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 when PostgreSQL answers; 503 asks the front server to send requests elsewhere."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except OperationalError:
        return HttpResponse("no database\n", status=503, content_type="text/plain", headers={"Retry-After": "2"})
    return HttpResponse("ready\n", content_type="text/plain")
