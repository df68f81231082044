"""Picking on the home screen."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from picking.queries.put_backs import Load, loads_to_put_back
from picking.queries.waiting import held_back
from picking.queries.work import OpenList, open_lists
from picking.texts import list_size
from stores.handheld.bands import Tone
from stores.handheld.hooks import HomeSection, WorkItem
from stores.staff.http import StoreRequest
from stores.staff.models import Role

LOADS_SHOWN_MAX = 20


def lists_to_pick(request: StoreRequest) -> HomeSection:
    """My own lists and those that nobody holds; a colleague's list is shown with the name.

    Where nothing is left to take, what waits for the next wave is said: nobody should think that the day is over. A
    lead, who can release it, is always told.
    """
    lists = open_lists(request.store)
    items = [_work_item(pick_list, request) for pick_list in lists]
    free = any(one.holder_id is None for one in lists)
    leads = request.role >= Role.LEAD
    return HomeSection(
        title=gettext_lazy("To pick"),
        items=items,
        order=20,
        note=_held_back(request) if leads or not free else "",
        note_url=reverse("picking:release") if leads else "",
    )


def _held_back(request: StoreRequest) -> str:
    waiting = held_back(request.store)
    if not waiting.orders:
        return ""
    if waiting.next_wave_at is None:
        said = ngettext(
            "{orders} order waits for the next wave.", "{orders} orders wait for the next wave.", waiting.orders
        )
        return said.format(orders=waiting.orders)
    said = ngettext(
        "{orders} order waits for the next wave ({time}).",
        "{orders} orders wait for the next wave ({time}).",
        waiting.orders,
    )
    return said.format(orders=waiting.orders, time=f"{waiting.next_wave_at:%H:%M}")


def totes_to_put_back(request: StoreRequest) -> HomeSection:
    """Totes and bags with goods that nobody wants any more, for anybody who walks by the shelves."""
    items = [_load(load) for load in loads_to_put_back(request.store)[:LOADS_SHOWN_MAX]]
    return HomeSection(title=gettext_lazy("To put back"), items=items, order=35)


def _load(load: Load) -> WorkItem:
    units = ngettext("{units} unit", "{units} units", load.units).format(units=load.units)
    orders = _("Order {number}").format(number=", ".join(load.order_numbers))
    first = load.tasks[0]
    address = reverse("put_back:take", args=[first.pk]) if len(load.tasks) == 1 else reverse("put_back:all")
    return WorkItem(title=load.place.code, detail=f"{units} · {orders}", url=address)


def _work_item(pick_list: OpenList, request: StoreRequest) -> WorkItem:
    mine = pick_list.holder_id == request.user.pk
    label = _("Yours, go on") if mine else pick_list.holder_name or ""
    if mine and pick_list.given_by:
        label = _("From {name}, go on").format(name=pick_list.given_by)
    tone: Tone | None = "yes" if mine else None
    if pick_list.is_express and not label:
        label, tone = _("Express"), "look"
    return WorkItem(
        title=pick_list.title,
        detail=list_size(lines=pick_list.lines, units=pick_list.units),
        url=reverse("picking:walk", args=[pick_list.pk]),
        due_at=pick_list.due_at,
        tone=tone,
        label=label,
        taken=bool(pick_list.holder_id) and not mine,
        mine=mine,
        pressing=pick_list.is_express,
    )
