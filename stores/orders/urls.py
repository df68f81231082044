from django.urls import path

from stores.orders.views import from_store, order

app_name = "orders"
urlpatterns = [
    path("items/<int:pk>/order/<int:store_pk>/", from_store.show, name="from_store"),
    path("items/<int:pk>/order/<int:store_pk>/place/", from_store.place, name="place_from_store"),
    path("items/ordered/<uuid:key>/", from_store.placed, name="placed_from_store"),
    path("orders/", order.orders, name="orders"),
    path("orders/<int:pk>/", order.show, name="order"),
    path("orders/<int:pk>/cancel/", order.cancel, name="cancel"),
    path("orders/<int:pk>/lines/<int:line_pk>/cancel/", order.cancel_line, name="cancel_line"),
    path("orders/<int:pk>/bundles/<int:bundle_pk>/cancel/", order.cancel_bundle, name="cancel_bundle"),
]
