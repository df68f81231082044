from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    name = "stores.orders"
    label = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        from stores.journal import audit
        from stores.journal.wakeups import wake
        from stores.orders.invariants import INVARIANTS
        from stores.stock.hooks import on_atp_rose

        audit.register(INVARIANTS)
        on_atp_rose(lambda _store_id, item_id: wake("stores.orders.tasks.retry_backorders_of", item_id))
