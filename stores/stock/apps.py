from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StockConfig(AppConfig):
    name = "stores.stock"
    label = "stock"
    verbose_name = _("Stock")

    def ready(self) -> None:
        from stores.journal import audit
        from stores.stock.invariants import INVARIANTS

        audit.register(INVARIANTS)
