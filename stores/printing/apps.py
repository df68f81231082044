from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class PrintingConfig(AppConfig):
    name = "stores.printing"
    label = "printing"
    verbose_name = _("Printing")

    def ready(self) -> None:
        # Models must be loaded before these can be.
        from stores.handheld.hooks import add_home_section, add_nav
        from stores.handheld.nav import Group, NavItem
        from stores.journal import audit
        from stores.printing.home import labels_to_look_after
        from stores.printing.invariants import INVARIANTS
        from stores.staff.models import Role

        audit.register(INVARIANTS)
        add_home_section(labels_to_look_after)
        add_nav(NavItem(_("Labels"), "printing:jobs", "printer", Role.ASSOCIATE, 70, group=Group.SYSTEMS))
        if settings.DEMO:
            add_nav(
                NavItem(_("Printed labels (demo)"), "printing:printed", "list", Role.ASSOCIATE, 71, group=Group.SYSTEMS)
            )
