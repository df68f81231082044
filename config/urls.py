"""Every door of the house. A view without a declared role fails a system check."""

from importlib.util import find_spec

from django.urls import include, path

from config import health


def _when_built(prefix: str, module: str) -> list:
    return [path(prefix, include(module))] if find_spec(module) else []


urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    *_when_built("", "stores.handheld.urls"),
    *_when_built("", "stores.staff.urls"),
    *_when_built("", "stores.stock.urls"),
    path("pick/", include("picking.urls")),
    *_when_built("", "pickup.urls"),
    *_when_built("", "stores.printing.urls"),
    *_when_built("", "stores.sync.urls"),
]

handler400 = "stores.staff.views.refused.bad_request"
handler403 = "stores.staff.views.refused.forbidden"
handler404 = "stores.staff.views.refused.not_found"
handler500 = "stores.staff.views.refused.server_error"
