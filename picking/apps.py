from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PickingConfig(AppConfig):
    name = "picking"
    label = "picking"
    verbose_name = _("Picking")

    def ready(self) -> None:
        from picking.actions.release import release_on_allocation
        from picking.documents import in_totes, pick_lines
        from picking.home import lists_to_pick
        from picking.invariants import INVARIANTS
        from stores.handheld.hooks import add_home_section
        from stores.journal import audit
        from stores.models import BinKind
        from stores.orders.hooks import on_allocated
        from stores.stock import documents

        audit.register(INVARIANTS)
        add_home_section(lists_to_pick)
        on_allocated(release_on_allocation)
        documents.register("pickline", pick_lines)
        documents.register_contents(BinKind.TOTE, in_totes)
