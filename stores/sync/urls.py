from django.urls import include, path

from stores.sync.connectors.shopify.webhook import receive
from stores.sync.views import exceptions, item_exceptions, message

app_name = "sync"
urlpatterns = [
    path("api/", include("stores.sync.api.urls")),
    path("hooks/shopify/", receive, name="shopify"),
    path("exceptions/", exceptions.board, name="exceptions"),
    path("exceptions/messages/<int:pk>/", message.message, name="message"),
    path("exceptions/messages/<int:pk>/take", exceptions.take, name="take"),
    path("exceptions/messages/<int:pk>/retry", message.retry, name="retry"),
    path("exceptions/messages/<int:pk>/link", message.link, name="link"),
    path("exceptions/messages/<int:pk>/dismiss", message.dismiss, name="dismiss"),
    path("exceptions/items/<str:source>/<slug:reason>/", item_exceptions.show, name="item_lines"),
    path("exceptions/items/<str:source>/<slug:reason>/settle", item_exceptions.settle, name="settle_items"),
    path("exceptions/counts/<int:pk>/answer", exceptions.answer_count_request, name="answer_count"),
    path("exceptions/webhooks/<int:endpoint_pk>/replay", exceptions.replay, name="replay"),
]
