from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PickingConfig(AppConfig):
    name = "picking"
    label = "picking"
    verbose_name = _("Picking")
