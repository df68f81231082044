from django.urls import path, register_converter
from django.urls.converters import StringConverter

from stores.sync.api.availability.views import AvailabilityView, ChangesView
from stores.sync.api.carts.views import CartExtensionView, CartView
from stores.sync.api.changes.views import CancelView, ChangeView
from stores.sync.api.docs import SchemaView, docs
from stores.sync.api.items.views import ItemView
from stores.sync.api.orders import OrdersView, OrderView


class SkuConverter(StringConverter):
    """A SKU as others write it: with slashes and, by mistake, line ends. What nobody knows is answered by the view."""

    regex = "(?s:.+)"


register_converter(SkuConverter, "sku")

urlpatterns = [
    path("v1/orders", OrdersView.as_view(), name="api-orders"),
    path("v1/orders/<int:pk>", OrderView.as_view(), name="api-order"),
    path("v1/orders/cancel", CancelView.as_view(), name="api-order-cancel"),
    path("v1/orders/change", ChangeView.as_view(), name="api-order-change"),
    path("v1/availability", AvailabilityView.as_view(), name="api-availability"),
    path("v1/availability/changes", ChangesView.as_view(), name="api-availability-changes"),
    path("v1/carts/<str:cart>", CartView.as_view(), name="api-cart"),
    path("v1/carts/<str:cart>/extend", CartExtensionView.as_view(), name="api-cart-extend"),
    path("v1/items/<sku:sku>", ItemView.as_view(), name="api-item"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", docs, name="api-docs"),
]
