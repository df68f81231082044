from django.urls import path

from stores.stock.views import items

app_name = "stock"
urlpatterns = [
    path("items/", items.search, name="items"),
    path("items/scan/", items.scan, name="scan"),
    path("items/<int:pk>/", items.show, name="item"),
]
