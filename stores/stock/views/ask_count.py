"""A lead does not trust what the record says of an item in a bin, and asks for it to be counted."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from stores.catalog.barcodes import read_code
from stores.catalog.models import Item
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.handheld.screens import screen_response
from stores.models import Bin
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.stock.actions.count_requests import ask_for_count
from stores.stock.counting_errors import NoSuchBin
from stores.stock.handling import OPEN_KINDS
from stores.stock.models import CountRequest
from stores.stock.queries.counts import open_counts
from stores.stock.queries.item_stock import item_stock
from stores.stock.views.task_forms import posted_code

BIGINT_MAX = 2**63 - 1


@require_GET
@role_required(Role.LEAD)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    return _screen(request, _access_item(pk))


@require_POST
@role_required(Role.LEAD)
def ask(request: StoreRequest, pk: int) -> HttpResponse:
    """`code` is the bin's, scanned or chosen. Nothing is held back: nobody has looked yet."""
    item = _access_item(pk)

    def act() -> Band:
        place = _place(request)
        asked = ask_for_count(
            bin=place,
            item=item,
            held=0,
            reason=CountRequest.Reason.ASKED,
            associate=request.user,
            device=request.device,
            key=f"count:{request.user.pk}:{request.POST['key']}",
        )
        title = _("{bin} is to be counted").format(bin=place.code)
        count = reverse("stock:count", args=[asked.pk])
        return Band("yes", title, item.name, action_label=_("Count it now"), action_url=count)

    answer = answer_form(request, act=act)
    return _screen(request, item, answer.band, answer.status)


def _place(request: StoreRequest) -> Bin:
    code = read_code(posted_code(request))
    place = Bin.objects.filter(store=request.store, code=code.text, kind__in=OPEN_KINDS).first()
    if place is None:
        raise NoSuchBin(bin=code.text, code=code.text)
    return place


def _access_item(pk: int) -> Item:
    return get_object_or_404(Item.objects.filter(is_bundle=False), pk=min(pk, BIGINT_MAX))


def _screen(request: StoreRequest, item: Item, band: Band | None = None, status: int = 200) -> HttpResponse:
    asked = {one.bin_id: one for one in open_counts(request.store).filter(item=item)}
    lying = {one.bin_id: one for one in item_stock(store=request.store, item=item).bins if one.kind in OPEN_KINDS}
    context = {
        "item": item,
        "asked": asked.values(),
        "bins": [one for pk, one in lying.items() if pk not in asked],
        "scan_url": reverse("stock:ask_count", args=[item.pk]),
        "scan_prompt": gettext_lazy("Scan a bin"),
    }
    return screen_response(request, template="stock/ask_count.html", context=context, band=band, status=status)
