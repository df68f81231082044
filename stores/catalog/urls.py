"""The item master's pages, all below `catalog/`."""

from django.urls import URLPattern

app_name = "catalog"
urlpatterns: list[URLPattern] = []
