from django.apps import AppConfig


class HandheldConfig(AppConfig):
    name = "stores.handheld"
    label = "handheld"
