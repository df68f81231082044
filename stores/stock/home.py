"""On the home screen: a stock task that was begun, and bins that somebody must count."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stores.handheld.hooks import HomeSection, WorkItem
from stores.staff.http import StoreRequest
from stores.stock.models import CountRequest
from stores.stock.queries.counts import open_counts
from stores.stock.queries.tasks import open_task

# More than anybody counts in one round; the next ones follow when these are done.
COUNTS_SHOWN = 10


def stock_in_hand(request: StoreRequest) -> HomeSection:
    """My own open task; nobody else sees it."""
    task = open_task(store=request.store, associate=request.user)
    if task is None:
        return HomeSection(title=gettext_lazy("Stock"), order=30)
    if task.item is not None and task.quantity:
        detail = _("{quantity} × {item} in hand").format(quantity=task.quantity, item=task.item.name)
    elif task.source_bin is not None:
        detail = _("At {bin}").format(bin=task.source_bin.code)
    else:
        detail = _("Not begun yet")
    item = WorkItem(
        title=task.get_kind_display(),
        detail=detail,
        url=reverse("stock:task", args=[task.pk]),
        tone="yes",
        label=_("Yours, go on"),
        mine=True,
    )
    return HomeSection(title=gettext_lazy("Stock"), items=[item], order=30)


def bins_to_count(request: StoreRequest) -> HomeSection:
    """The bins that wait longest, for anybody who walks by."""
    waiting = open_counts(request.store)[:COUNTS_SHOWN]
    return HomeSection(title=gettext_lazy("To count"), items=[_count(one) for one in waiting], order=40)


def _count(request: CountRequest) -> WorkItem:
    held = ngettext("{n} held", "{n} held", request.held).format(n=request.held) if request.held else ""
    return WorkItem(
        title=request.bin.code,
        detail=request.item.name,
        url=reverse("stock:count", args=[request.pk]),
        tone="look" if request.held else None,
        label=held,
    )
