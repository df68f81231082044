"""One bin, one item, how many? The record's own number is not shown before: whoever knows it finds it."""

from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from stores.catalog.barcodes import read_code
from stores.catalog.queries import find_item
from stores.handheld.answers import answer_form, refusal_band
from stores.handheld.bands import Band
from stores.handheld.screens import screen_response
from stores.refusals import Refusal
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.stock.actions.count_requests import answer_count
from stores.stock.counting import counted_band, counted_units
from stores.stock.models import CountRequest
from stores.stock.queries.counts import counts_of, next_to_count, result_of
from stores.stock.views.task_forms import posted_code


@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    return _screen(request, pk)


@require_POST
@role_required(Role.ASSOCIATE)
def scan(request: StoreRequest, pk: int) -> HttpResponse:
    """Whether this is the bin, or the item, that is meant. Nothing is written."""
    asked = get_object_or_404(counts_of(request.store), pk=pk)
    try:
        band = _told(asked, posted_code(request))
    except Refusal as refusal:
        return _screen(request, pk, refusal_band(refusal), refusal.status)
    return _screen(request, pk, band, 200 if band.tone == "yes" else 409)


@require_POST
@role_required(Role.ASSOCIATE)
def answer(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        asked = get_object_or_404(counts_of(request.store), pk=pk)
        counted = counted_units(request.POST.get("quantity", ""))
        done = answer_count(
            request=asked,
            counted=counted,
            associate=request.user,
            device=request.device,
            key=f"count:{request.user.pk}:{request.POST['key']}",
        )
        return replace(counted_band(done), sound="done")

    answered = answer_form(request, act=act)
    return _screen(request, pk, answered.band, answered.status)


def _told(asked: CountRequest, raw: str) -> Band:
    code = read_code(raw)
    if code.text == asked.bin.code:
        return Band("yes", _("This is {bin}").format(bin=asked.bin.code), _("Count, then enter the number."))
    found = find_item(code)
    if found is None:
        return Band("no", _("Not what is counted here"), _("Count in {bin}.").format(bin=asked.bin.code), code.text)
    if found.item.pk == asked.item_id:
        return Band("yes", _("This is the one"), _("Count them all, then enter the number."))
    detail = _("Do not count it: this is about {item}.").format(item=asked.item.name)
    return Band("no", _("Another item: {came}").format(came=found.item.name), detail)


def _screen(request: StoreRequest, pk: int, band: Band | None = None, status: int = 200) -> HttpResponse:
    asked = get_object_or_404(counts_of(request.store), pk=pk)
    is_open = asked.state == CountRequest.State.OPEN
    item_address = reverse("stock:item", args=[asked.item_id])
    context = {
        "count": asked,
        "is_open": is_open,
        "result": None if is_open else result_of(asked),
        "next": None if is_open else next_to_count(asked),
        "item_address": f"{item_address}?{urlencode({'next': reverse('stock:count', args=[pk])})}",
        "scan_url": reverse("stock:scan_count", args=[pk]) if is_open else "",
        "scan_prompt": gettext_lazy("Scan bin or item"),
    }
    return screen_response(request, template="stock/count.html", context=context, band=band, status=status)
