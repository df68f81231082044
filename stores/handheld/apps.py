from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from stores.handheld import nav

MANAGER = 3  # staff.Role.MANAGER; models cannot be imported before every app is loaded.


class HandheldConfig(AppConfig):
    name = "stores.handheld"
    label = "handheld"

    def ready(self) -> None:
        # The floor below cannot register here by itself.
        nav.register(nav.NavItem(_("Associates"), "staff:associates", "people", MANAGER, 80, group=nav.Group.TEAM))
        nav.register(nav.NavItem(_("Devices"), "staff:devices", "phone", MANAGER, 90, group=nav.Group.TEAM))
