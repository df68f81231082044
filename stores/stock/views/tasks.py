"""What can be done with stock: one large button a kind."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from stores.handheld.answers import answer_form, refusal_band
from stores.handheld.bands import Band
from stores.handheld.screens import go_to, screen_response
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.stock.actions.start_task import start_task
from stores.stock.handling import WRITE_OFF_REASONS, kinds_for
from stores.stock.handling_errors import StillInHand
from stores.stock.models import StockTask
from stores.stock.queries.replenish import floor_is_low
from stores.stock.queries.tasks import open_task, waiting_items
from stores.stock.views.task_forms import sought_query

ICONS = {
    "receive": "box", "put_away": "arrow", "replenish": "store", "move": "handover", "damage": "alert",
    "display": "bag", "quarantine": "lock", "release": "undo", "write_off": "cross", "find": "search",
}  # fmt: skip


@never_cache
@require_GET
@role_required(Role.ASSOCIATE)
def menu(request: StoreRequest) -> HttpResponse:
    return _menu(request)


@require_POST
@role_required(Role.ASSOCIATE)
def start(request: StoreRequest) -> HttpResponse:
    def act() -> Band:
        try:
            task = start_task(
                store=request.store,
                associate=request.user,
                role=request.role,
                device=request.device,
                kind=request.POST.get("kind", ""),
                why=request.POST.get("why", ""),
            )
        except StillInHand as held:
            # Nothing was written. The task that has the units is the place to lay them down, and its page says so.
            return refusal_band(held)
        return Band("yes", task.get_kind_display())

    answer = answer_form(request, act=act)
    if answer.status != 200:
        return _menu(request, answer.band, answer.status)
    task = open_task(store=request.store, associate=request.user)
    if task is None:
        return go_to(request, reverse("stock:tasks"))
    address = reverse("stock:task", args=[task.pk])
    if task.quantity:
        return go_to(request, f"{address}?held=1")
    return go_to(request, f"{address}{sought_query(request)}")


def _menu(request: StoreRequest, band: Band | None = None, status: int = 200) -> HttpResponse:
    chips = {}
    if items := waiting_items(request.store):
        # As many walks; how many units they are stands in the task, where there is room for it.
        chips[StockTask.Kind.PUT_AWAY] = ngettext("{n} item", "{n} items", items).format(n=items)
    if low := len(floor_is_low(request.store)):
        chips[StockTask.Kind.REPLENISH] = _("{n} low").format(n=low)
    kinds = [(kind, ICONS[kind], chips.get(kind, "")) for kind in kinds_for(request.role)]
    context = {
        "task": open_task(store=request.store, associate=request.user),
        "kinds": kinds,
        "reasons": WRITE_OFF_REASONS.items(),
    }
    return screen_response(request, template="stock/tasks.html", context=context, band=band, status=status)
