from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SyncConfig(AppConfig):
    name = "stores.sync"
    label = "sync"
    verbose_name = _("Sync")

    def ready(self) -> None:
        from stores.catalog.hooks import on_count_waiting, on_refused, on_state_changed
        from stores.handheld.hooks import add_nav
        from stores.handheld.nav import NavItem
        from stores.journal import audit
        from stores.journal.hooks import on_recorded
        from stores.staff.models import Role
        from stores.sync import hooks, invariants, wanted
        from stores.sync.actions.keep_refused_writes import keep_refused_writes
        from stores.sync.actions.retry_for_sale import retry_for_sale
        from stores.sync.api import kept_orders
        from stores.sync.api.changes import parked
        from stores.sync.connectors.shopify import orders_change, orders_create, products
        from stores.sync.queries.item_exceptions import waiting_by_reason

        hooks.handle("shopify", "orders/create", orders_create.apply)
        hooks.handle("shopify", "orders/cancelled", orders_change.apply_cancelled)
        hooks.handle("shopify", "orders/edited", orders_change.apply_edited)
        for topic in products.TOPICS:
            hooks.handle("shopify", topic, products.apply)
        hooks.handle("shopify", products.PART, products.apply_part)
        hooks.handle(kept_orders.CONNECTOR, kept_orders.TOPIC, kept_orders.apply)
        for topic in (parked.CANCEL, parked.CHANGE):
            hooks.handle(parked.CONNECTOR, topic, parked.apply)
        on_refused(keep_refused_writes)
        on_count_waiting(waiting_by_reason)
        on_recorded(wanted.wake_outbox)
        on_state_changed(retry_for_sale)
        audit.register(invariants.INVARIANTS)
        add_nav(NavItem(_("Exceptions"), url_name="sync:exceptions", icon="alert", least_role=Role.LEAD, order=40))
