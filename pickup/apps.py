from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PickupConfig(AppConfig):
    name = "pickup"
    label = "pickup"
    verbose_name = _("Pickup")

    def ready(self) -> None:
        from picking.hooks import on_taking_from_staging
        from pickup.actions.take_from_bags import close_customer_page, take_from_bags
        from pickup.documents import fulfillments, in_staging
        from pickup.home import customers_here, totes_to_stage
        from pickup.invariants import INVARIANTS
        from stores.handheld.hooks import add_home_section, add_nav
        from stores.handheld.nav import NavItem
        from stores.journal import audit
        from stores.models import BinKind
        from stores.orders.hooks import on_fulfillment_cancelled
        from stores.staff.models import Role
        from stores.stock import documents

        audit.register(INVARIANTS)
        add_home_section(customers_here)
        add_home_section(totes_to_stage)
        add_nav(NavItem(_("Counter"), "pickup:counter", "counter", Role.ASSOCIATE, 20))
        add_nav(NavItem(_("Stage"), "pickup:stage", "tote", Role.ASSOCIATE, 30))
        add_nav(NavItem(_("Hand over"), "pickup:handover_start", "handover", Role.ASSOCIATE, 40))
        on_taking_from_staging(take_from_bags)
        on_fulfillment_cancelled(close_customer_page)
        documents.register("fulfillment", fulfillments)
        documents.register_contents(BinKind.STAGING, in_staging)
