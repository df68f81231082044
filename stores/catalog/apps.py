from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "stores.catalog"
    label = "catalog"
    verbose_name = _("Catalog")

    def ready(self) -> None:
        from stores.catalog import home
        from stores.catalog.invariants import INVARIANTS
        from stores.handheld.hooks import add_home_section, add_nav
        from stores.handheld.nav import Group, NavItem
        from stores.journal import audit
        from stores.staff.models import Role

        audit.register(INVARIANTS)
        add_home_section(home.requests_to_review)
        add_nav(NavItem(_("Item master"), "catalog:items", "list", Role.LEAD, 45, room="/catalog/", group=Group.STOCK))
