from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StockConfig(AppConfig):
    name = "stores.stock"
    label = "stock"
    verbose_name = _("Stock")

    def ready(self) -> None:
        from stores.catalog.hooks import add_hindrance
        from stores.handheld.hooks import add_home_section, add_nav
        from stores.handheld.nav import Group, NavItem
        from stores.journal import audit
        from stores.staff.models import Role
        from stores.stock import documents
        from stores.stock.home import bins_to_count, stock_in_hand
        from stores.stock.invariants import INVARIANTS
        from stores.stock.queries.hindrance import stock_hinders
        from stores.stock.queries.task_documents import count_papers, task_papers

        audit.register(INVARIANTS)
        documents.register("stocktask", task_papers)
        documents.register("countrequest", count_papers)
        add_hindrance(stock_hinders)
        add_home_section(stock_in_hand)
        add_home_section(bins_to_count)
        add_nav(NavItem(_("Stock"), "stock:tasks", "box", Role.ASSOCIATE, 50, at_hand=True, group=Group.STOCK))
        add_nav(NavItem(_("Items"), "stock:items", "search", Role.ASSOCIATE, 60, at_hand=True, group=Group.STOCK))
        add_nav(NavItem(_("Channels"), "stock:channels", "clock", Role.MANAGER, 61, group=Group.SYSTEMS))
