"""A stock task that was begun, on the home screen."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stores.handheld.hooks import HomeSection, WorkItem
from stores.staff.http import StoreRequest
from stores.stock.queries.tasks import open_task


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
