"""Picking on the home screen."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from picking.queries.work import OpenList, open_lists
from stores.handheld.bands import Tone
from stores.handheld.hooks import HomeSection, WorkItem
from stores.staff.http import StoreRequest


def lists_to_pick(request: StoreRequest) -> HomeSection:
    """My own lists and those that nobody holds; a colleague's list is shown with the name."""
    items = [_work_item(pick_list, request) for pick_list in open_lists(request.store)]
    return HomeSection(title=gettext_lazy("To pick"), items=items, order=20)


def _work_item(pick_list: OpenList, request: StoreRequest) -> WorkItem:
    counts = ngettext("{lines} line", "{lines} lines", pick_list.lines).format(lines=pick_list.lines)
    units = ngettext("{units} unit", "{units} units", pick_list.units).format(units=pick_list.units)
    mine = pick_list.holder_id == request.user.pk
    label = _("Yours, go on") if mine else pick_list.holder_name or ""
    tone: Tone | None = "yes" if mine else None
    if pick_list.is_express and not label:
        label, tone = _("Express"), "look"
    return WorkItem(
        title=_title(pick_list),
        detail=f"{counts} · {units}",
        url=reverse("picking:walk", args=[pick_list.pk]),
        due_at=pick_list.due_at,
        tone=tone,
        label=label,
        taken=bool(pick_list.holder_id) and not mine,
        mine=mine,
    )


def _title(pick_list: OpenList) -> str:
    orders = len(pick_list.order_numbers)
    if pick_list.zone:
        counted = ngettext("{orders} order", "{orders} orders", orders).format(orders=orders)
        return f"{pick_list.zone}: {counted}"
    if orders > 1:
        return _("Batch of {orders} orders").format(orders=orders)
    return _("Order {number}").format(number=pick_list.order_numbers[0])
