from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PickingConfig(AppConfig):
    name = "picking"
    label = "picking"
    verbose_name = _("Picking")

    def ready(self) -> None:
        from picking.actions.quiet import end_claims_of
        from picking.actions.release import release_on_allocation
        from picking.actions.turns.meet_shortfall import meet_shortfall
        from picking.actions.turns.settle_shortages import settle_changed_order
        from picking.actions.turns.withdraw import end_cancelled_lists, lock_for_withdrawal, withdraw_from_lists
        from picking.documents import in_totes, pick_lines, put_backs
        from picking.home import lists_to_pick, totes_to_put_back
        from picking.invariants import INVARIANTS
        from picking.queries.progress import how_far
        from stores.handheld.hooks import add_home_section, add_nav
        from stores.handheld.nav import Group, NavItem
        from stores.journal import audit
        from stores.models import BinKind
        from stores.orders.hooks import (
            on_allocated,
            on_asked_how_far,
            on_fulfillment_cancelled,
            on_settled,
            on_withdrawing,
            on_withdrawn,
        )
        from stores.staff.hooks import on_disabled
        from stores.staff.models import Role
        from stores.stock import documents
        from stores.stock.hooks import on_shortfall

        audit.register(INVARIANTS)
        add_home_section(lists_to_pick)
        add_home_section(totes_to_put_back)
        add_nav(NavItem(_("Picking"), "picking:board", "list", Role.LEAD, 25, room="/pick/board/"))
        on_allocated(release_on_allocation)
        on_asked_how_far(how_far)
        on_shortfall(meet_shortfall)
        on_disabled(end_claims_of)
        on_withdrawing(lock_for_withdrawal)
        on_withdrawn(withdraw_from_lists)
        on_fulfillment_cancelled(end_cancelled_lists)
        on_settled(settle_changed_order)
        documents.register("pickline", pick_lines)
        documents.register("putback", put_backs)
        documents.register_contents(BinKind.TOTE, in_totes)
        add_nav(NavItem(_("Floor plan"), "picking:floor_plan", "store", Role.MANAGER, 85, group=Group.STOCK))
