from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The top floor: what knows every app, such as the demo chain."""

    name = "config"
    label = "config"
