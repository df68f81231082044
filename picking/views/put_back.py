"""Goods on their way back to the shelf: the item is scanned where it lies, then the bin it goes into."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from picking.actions.turns.put_back import last_put_back, put_back, refuse_other_item, undo_put_back
from picking.models import PutBack
from picking.queries.put_backs import access_put_back, following, loads_to_put_back, put_back_by_code, shelf_for
from picking.views.forms import CODE_LENGTH_MAX, posted_code, whole_number
from stores.catalog.barcodes import read_code
from stores.handheld.answers import answer_form, refusal_band
from stores.handheld.bands import Band
from stores.handheld.moments import posted_moment
from stores.handheld.screens import go_to, screen_response
from stores.refusals import Refusal
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role


@never_cache
@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest) -> HttpResponse:
    return _list(request)


@require_POST
@role_required(Role.ASSOCIATE)
def find(request: StoreRequest) -> HttpResponse:
    """A tote leads to the first thing in it, an item straight to its shelf; nothing is written."""
    try:
        going, is_item = put_back_by_code(request.store, posted_code(request))
    except Refusal as refusal:
        return _list(request, refusal_band(refusal), refusal.status)
    return go_to(request, reverse("put_back:shelf" if is_item else "put_back:take", args=[going.pk]))


@require_POST
@role_required(Role.ASSOCIATE)
def undo(request: StoreRequest) -> HttpResponse:
    def act() -> Band:
        move = undo_put_back(
            store=request.store,
            associate=request.user,
            device=request.device,
            key=f"put-back-undo:{request.user.pk}:{request.POST['key']}",
        )
        title = _("Undone: put it back into {tote}").format(tote=move.source_bin.code)
        detail = _("Take {quantity} × {item} out of {bin}.")
        return Band("look", title, detail.format(quantity=move.quantity, item=move.item.name, bin=move.target_bin.code))

    answer = answer_form(request, act=act)
    return _list(request, answer.band, answer.status)


@never_cache
@require_GET
@role_required(Role.ASSOCIATE)
def take(request: StoreRequest, pk: int) -> HttpResponse:
    return _take(request, access_put_back(store=request.store, pk=pk))


@require_POST
@role_required(Role.ASSOCIATE)
def check_item(request: StoreRequest, pk: int) -> HttpResponse:
    """The right item leads to its shelf; nothing is written."""
    going = access_put_back(store=request.store, pk=pk)
    try:
        refuse_other_item(going, posted_code(request))
    except Refusal as refusal:
        return _take(request, going, refusal_band(refusal), refusal.status)
    return go_to(request, reverse("put_back:shelf", args=[pk]))


@never_cache
@require_GET
@role_required(Role.ASSOCIATE)
def shelf(request: StoreRequest, pk: int) -> HttpResponse:
    return _shelf(request, access_put_back(store=request.store, pk=pk))


@require_POST
@role_required(Role.ASSOCIATE)
def put(request: StoreRequest, pk: int) -> HttpResponse:
    """The bin, scanned (`code`) or queued by a device together with the `item`; after that, the next item's code.

    `quantity` and `damaged` come with the form, or in the address of the page that was scanned on.
    """
    going = access_put_back(store=request.store, pk=pk)
    if going.state == PutBack.State.DONE and (address := _next_address(request)):
        return go_to(request, address)
    # What the screen said, before the goods lie somewhere else.
    place = shelf_for(store=request.store, going=going)
    advised = place[0] if place and not _is_damaged(request) else ""

    def act() -> Band:
        quantity = request.POST.get("quantity") or request.GET.get("quantity")
        bin_code = request.POST.get("bin", "")[:CODE_LENGTH_MAX] or posted_code(request)
        done = put_back(
            store=request.store,
            pk=pk,
            bin_code=bin_code,
            quantity=whole_number(quantity) if quantity else None,
            damaged=_is_damaged(request),
            item_code=request.POST.get("item", "")[:CODE_LENGTH_MAX],
            associate=request.user,
            device=request.device,
            key=f"put-back:{request.user.pk}:{request.POST['key']}",
            at=posted_moment(request),
        )
        return _put_band(done, read_code(bin_code).text, advised)

    answer = answer_form(request, act=act)
    return _shelf(request, access_put_back(store=request.store, pk=pk), answer.band, answer.status)


def _is_damaged(request: StoreRequest) -> bool:
    return (request.POST.get("damaged") or request.GET.get("damaged") or "") == "1"


def _next_address(request: StoreRequest) -> str | None:
    try:
        going, is_item = put_back_by_code(request.store, posted_code(request))
    except Refusal:
        # Perhaps the scan that ended this one, sent once more: its first answer is remembered.
        return None
    return reverse("put_back:shelf" if is_item else "put_back:take", args=[going.pk])


def _put_band(going: PutBack, used: str, advised: str) -> Band:
    band = _what_follows(going)
    if not advised or used == advised:
        return band
    # Any shelf will do, but whoever took this one by mistake is to notice.
    title = _("Put into {bin} instead of {advised}").format(bin=used, advised=advised)
    return Band("look", title, band.title if going.open_quantity else band.detail)


def _what_follows(going: PutBack) -> Band:
    if going.open_quantity:
        left = ngettext("{n} more to put back", "{n} more to put back", going.open_quantity)
        return Band("yes", left.format(n=going.open_quantity), going.item.name)
    after = following(going)
    if after is None:
        return Band("yes", _("{tote} is empty").format(tote=going.from_bin.code), _("All put back."), sound="done")
    return Band("yes", _("Put back"), _("Next: {item}").format(item=after.item.name))


def _list(request: StoreRequest, band: Band | None = None, status: int = 200) -> HttpResponse:
    context = {
        "loads": loads_to_put_back(request.store),
        "last": last_put_back(store=request.store, associate=request.user),
        "scan_url": reverse("put_back:find"),
        "scan_prompt": _("Scan tote or item"),
    }
    return screen_response(request, template="picking/put_backs.html", context=context, band=band, status=status)


def _take(request: StoreRequest, going: PutBack, band: Band | None = None, status: int = 200) -> HttpResponse:
    return _task(request, going, "item", reverse("put_back:check", args=[going.pk]), _("Scan the item"), band, status)


def _shelf(request: StoreRequest, going: PutBack, band: Band | None = None, status: int = 200) -> HttpResponse:
    asked = {name: request.GET[name] for name in ("quantity", "damaged") if request.GET.get(name)}
    address = reverse("put_back:put", args=[going.pk])
    if asked:
        address = f"{address}?{urlencode(asked)}"
    is_done = going.state == PutBack.State.DONE
    prompt = _("Scan the next item") if is_done else _("Scan the bin")
    return _task(request, going, "done" if is_done else "shelf", address, prompt, band, status)


def _task(
    request: StoreRequest, going: PutBack, step: str, scan_url: str, prompt: str, band: Band | None, status: int
) -> HttpResponse:
    if step == "item" and going.state == PutBack.State.DONE:
        return _shelf(request, going, band, status)
    place = shelf_for(store=request.store, going=going)
    after = following(going) if step == "done" else None
    context = {
        "going": going,
        "step": step,
        "place": place,
        "following": after,
        "units": _units_asked(request, going),
        "damaged": _is_damaged(request),
        "can_undo": step == "done" and going.done_by_id == request.user.pk,
        "scan_url": scan_url,
        "scan_prompt": prompt,
    }
    return screen_response(request, template="picking/put_back.html", context=context, band=band, status=status)


def _units_asked(request: StoreRequest, going: PutBack) -> int:
    try:
        return min(whole_number(request.GET.get("quantity", "")), going.open_quantity)
    except Refusal:
        return going.open_quantity
