from django.urls import path

from stores.sync.api.docs import SchemaView, docs
from stores.sync.api.orders import OrdersView, OrderView

urlpatterns = [
    path("v1/orders", OrdersView.as_view(), name="api-orders"),
    path("v1/orders/<int:pk>", OrderView.as_view(), name="api-order"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
    path("docs/", docs, name="api-docs"),
]
