from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StaffConfig(AppConfig):
    name = "stores.staff"
    label = "staff"
    verbose_name = _("Staff")

    def ready(self) -> None:
        # Registers the system check; models must be loaded first.
        import_module("stores.staff.checks")
