"""Every door of the house. A view without a declared role fails a system check."""

from django.urls import include, path

from config import health

urlpatterns = [
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    # Before the others: most requests are scans, and every address that is tried first costs each of them a little.
    path("pick/", include("picking.urls")),
    path("put-back/", include("picking.put_back_urls")),
    path("", include("stores.handheld.urls")),
    path("", include("stores.staff.urls")),
    path("", include("stores.stock.urls")),
    path("", include("stores.orders.urls")),
    path("catalog/", include("stores.catalog.urls")),
    path("", include("stores.printing.urls")),
    path("", include("stores.sync.urls")),
    path("", include("pickup.urls")),
]

handler400 = "stores.staff.views.refused.bad_request"
handler403 = "stores.staff.views.refused.forbidden"
handler404 = "stores.staff.views.refused.not_found"
handler500 = "stores.staff.views.refused.server_error"
