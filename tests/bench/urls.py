"""The product's URLs, and the page a scan is compared with."""

from django.http import HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_GET

from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

NOTHING = "/bench/nothing/"


@require_GET
@role_required(Role.ASSOCIATE)
def nothing(request: StoreRequest) -> HttpResponse:
    return HttpResponse("nothing")


urlpatterns = [path(NOTHING[1:], nothing), path("", include("config.urls"))]
