"""The item master's work on the home screen: requests that wait for a manager's word."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stores.catalog.queries.requests import waiting_for
from stores.handheld.hooks import HomeSection, WorkItem
from stores.staff.http import StoreRequest
from stores.staff.models import Role


def requests_to_review(request: StoreRequest) -> HomeSection:
    """One line for all of them, for managers; nobody else is asked, and nobody decides their own."""
    if request.role < Role.MANAGER:
        return HomeSection(title=gettext_lazy("Items"), order=95)
    waiting = waiting_for(request.user).order_by().aggregate(count=Count("pk"), since=Min("created_at"))
    if not waiting["count"]:
        return HomeSection(title=gettext_lazy("Items"), order=95)
    words = ngettext("{count} change request", "{count} change requests", waiting["count"])
    item = WorkItem(
        title=words.format(count=waiting["count"]),
        detail=_("Somebody wants approved items otherwise."),
        url=reverse("catalog:requests"),
        tone="look",
        label=_("Approve or refuse"),
    )
    return HomeSection(title=gettext_lazy("Items"), items=[item], order=95)
