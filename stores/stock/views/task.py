"""One stock task: where from, what, where to, by scans alone."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from stores.handheld.answers import BandAnswer, answer_form, refusal_band
from stores.handheld.bands import Band
from stores.handheld.moments import posted_moment
from stores.handheld.screens import go_to, screen_response
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.stock.actions.put_down import undo_last_move
from stores.stock.actions.scan_stock import Hands, count_in_hand, put_back, scan_stock
from stores.stock.actions.start_task import end_task
from stores.stock.handling import WRITE_OFF_REASONS
from stores.stock.handling_errors import StillInHand
from stores.stock.models import StockTask
from stores.stock.queries.task_screen import sought, task_screen
from stores.stock.queries.tasks import own_tasks
from stores.stock.views.task_bands import band_for, put_back_band, undone_band
from stores.stock.views.task_forms import (
    posted_code,
    posted_item,
    posted_quantity,
    sought_item,
    sought_query,
)

# What the scan bar asks for, by step.
PROMPTS = {
    "source": gettext_lazy("Scan the bin"),
    "item": gettext_lazy("Scan the item"),
    "target": gettext_lazy("Scan where it goes"),
    "confirm": gettext_lazy("Scan the bin again"),
}
# Units are counted scan by scan, as fast as a hand moves; sooner than this a trigger has read its label twice.
REPEAT_MS = 250


@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    task = get_object_or_404(own_tasks(store=request.store, associate=request.user), pk=pk)
    band = None
    if "held" in request.GET and task.item is not None and task.quantity:
        band = refusal_band(StillInHand(quantity=task.quantity, item=task.item.name))
    return _screen(request, task, band)


@require_POST
@role_required(Role.ASSOCIATE)
def scan(request: StoreRequest, pk: int) -> HttpResponse:
    def step(task: StockTask) -> Band:
        return band_for(task, scan_stock(task=task, raw=posted_code(request), hands=_hands(request)))

    return _go_on(request, pk, step)


@require_POST
@role_required(Role.ASSOCIATE)
def enter_quantity(request: StoreRequest, pk: int) -> HttpResponse:
    def step(task: StockTask) -> Band:
        outcome = count_in_hand(
            task=task, item_id=posted_item(request), quantity=posted_quantity(request), hands=_hands(request)
        )
        return band_for(task, outcome)

    return _go_on(request, pk, step)


@require_POST
@role_required(Role.ASSOCIATE)
def lay_back(request: StoreRequest, pk: int) -> HttpResponse:
    return _go_on(request, pk, lambda task: put_back_band(task, put_back(task=task, hands=_hands(request))))


@require_POST
@role_required(Role.ASSOCIATE)
def undo(request: StoreRequest, pk: int) -> HttpResponse:
    def step(task: StockTask) -> Band:
        hands = _hands(request)
        key = f"stock:{request.user.pk}:{hands.key}"
        undone = undo_last_move(task=task, associate=request.user, device=request.device, key=key, at=hands.at)
        return undone_band(task, undone)

    return _go_on(request, pk, step)


@require_POST
@role_required(Role.ASSOCIATE)
def done(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        task = _locked(request, pk)
        if task.state == StockTask.State.OPEN:
            end_task(task=task, associate=request.user, device=request.device)
        return Band("yes", task.get_kind_display())

    answer = answer_form(request, act=act)
    if answer.status != 200:
        return _after(request, pk, answer)
    return go_to(request, reverse("stock:tasks"))


def _hands(request: StoreRequest) -> Hands:
    return Hands(
        store=request.store,
        associate=request.user,
        role=request.role,
        device=request.device,
        key=request.POST["key"],
        at=posted_moment(request),
    )


def _locked(request: StoreRequest, pk: int) -> StockTask:
    tasks = own_tasks(store=request.store, associate=request.user)
    return get_object_or_404(tasks.select_for_update(of=("self",), no_key=True), pk=pk)


def _go_on(request: StoreRequest, pk: int, step: Callable[[StockTask], Band]) -> HttpResponse:
    """One scan or tap: the task is read once, and the screen is drawn from what was made of it."""
    seen: list[StockTask] = []

    def act() -> Band:
        seen.clear()
        task = _locked(request, pk)
        band = step(task)
        seen.append(task)
        return band

    answer = answer_form(request, act=act)
    if answer.status != 200 or answer.repeated or not seen:
        return _after(request, pk, answer)
    return _screen(request, seen[0], answer.band)


def _after(request: StoreRequest, pk: int, answer: BandAnswer) -> HttpResponse:
    task = get_object_or_404(own_tasks(store=request.store, associate=request.user), pk=pk)
    return _screen(request, task, answer.band, answer.status)


def _screen(request: StoreRequest, task: StockTask, band: Band | None = None, status: int = 200) -> HttpResponse:
    if band and band.code:
        # The search leads back to this task.
        query = urlencode({"q": band.code, "next": reverse("stock:task", args=[task.pk])})
        band = replace(band, action_label=gettext_lazy("Search"), action_url=f"{reverse('stock:items')}?{query}")
    shown = task_screen(task=task, store=request.store, role=request.role)
    # Every address of the page carries the item on that somebody came for.
    carried = sought_query(request)
    scan_url = f"{reverse('stock:scan_task', args=[task.pk])}{carried}"
    context = {
        "task": task,
        "shown": shown,
        "sought": sought(task=task, store=request.store, role=request.role, item_id=sought_item(request)),
        "carried": carried,
        "why": WRITE_OFF_REASONS.get(task.reference, "") if task.kind == StockTask.Kind.WRITE_OFF else "",
        "scan_url": scan_url if shown.step != "ended" else "",
        "scan_repeat_ms": REPEAT_MS,
        "scan_prompt": PROMPTS.get("confirm" if shown.is_confirmed_at_the_bin else shown.step, ""),
    }
    return screen_response(request, template="stock/task.html", context=context, band=band, status=status)
