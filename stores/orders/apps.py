from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "stores.orders"
    label = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        from stores.catalog.hooks import add_hindrance
        from stores.handheld.hooks import add_nav
        from stores.handheld.nav import NavItem
        from stores.journal import audit
        from stores.journal.wakeups import wake
        from stores.orders.invariants import INVARIANTS
        from stores.orders.offers import order_from_there
        from stores.orders.queries.hindrance import orders_hinder
        from stores.staff.models import Role
        from stores.stock.hooks import add_item_offer, on_atp_rose

        audit.register(INVARIANTS)
        add_nav(NavItem(_("Orders"), "orders:orders", "bag", Role.LEAD, 42, room="/orders/"))
        add_hindrance(orders_hinder)
        add_item_offer(order_from_there)
        on_atp_rose(lambda _store_id, item_id: wake("stores.orders.tasks.retry_backorders_of", item_id))
