from django.urls import path

from stores.orders.views import from_store

app_name = "orders"
urlpatterns = [
    path("items/<int:pk>/order/<int:store_pk>/", from_store.show, name="from_store"),
    path("items/<int:pk>/order/<int:store_pk>/place/", from_store.place, name="place_from_store"),
    path("items/ordered/<uuid:key>/", from_store.placed, name="placed_from_store"),
]
