"""Refused words about items of one source and one reason: looked at, and settled one by one or all together."""

from collections.abc import Callable
from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.sync.actions.mend_item_writes import (
    add_missing_item,
    dismiss_item_writes,
    keep_ours,
    remember_no_goods,
    remember_spelling,
    take_item_writes,
    use_theirs,
)
from stores.sync.models import InboundMessage
from stores.sync.queries.item_exceptions import item_lines, ways_out, whole_rows
from stores.sync.refusals import NothingChosen, ReasonNeeded
from stores.sync.views.forms import posted_text

TEMPLATE = "sync/item_exceptions.html"
ALL_MAX = 5_000


@require_GET
@role_required(Role.LEAD)
def show(request: StoreRequest, source: str, reason: str) -> HttpResponse:
    return _page(request, source, reason)


@require_POST
@role_required(Role.LEAD)
def settle(request: StoreRequest, source: str, reason: str) -> HttpResponse:
    """`do` says how; `line` a line of each row that is meant, `only` one line by itself, `all` the page's kind."""

    def act() -> Band:
        way = WAYS.get(posted_text(request, "do"))
        pks = _chosen(request, source, reason)
        if way is None:
            raise NothingChosen
        return way(request, pks)

    answer = answer_form(request, act=act)
    return _page(request, source, reason, answer.band, answer.status)


def _chosen(request: StoreRequest, source: str, reason: str) -> list[int]:
    if one := _number(posted_text(request, "only")):
        return [one]
    lines = item_lines(source=source, reason=reason, item_import=_number(posted_text(request, "import")))
    if not request.POST.get("all"):
        until = _number(posted_text(request, "until"))
        lines = whole_rows(lines, reason=reason, pks=_numbers(request, "line"), until=until)
    return list(lines.values_list("pk", flat=True)[:ALL_MAX])


def _take(request: StoreRequest, pks: list[int]) -> Band:
    count = take_item_writes(pks=pks, associate=request.user, store=request.store)
    return _band(_("Yours now"), count)


def _dismiss(request: StoreRequest, pks: list[int]) -> Band:
    reason = posted_text(request, "reason")
    return _band(
        _("Dismissed"), dismiss_item_writes(pks=pks, reason=reason, associate=request.user, store=request.store)
    )


def _no_goods(request: StoreRequest, pks: list[int]) -> Band:
    drafts_too = bool(request.POST.get("drafts"))
    count = remember_no_goods(pks=pks, associate=request.user, store=request.store, drafts_too=drafts_too)
    return _band(_("Remembered: not goods"), count)


def _same_item(request: StoreRequest, pks: list[int]) -> Band:
    remembered, count = remember_spelling(pks=pks, associate=request.user, store=request.store)
    band = _band(_("Spelling remembered"), count)
    return replace(band, detail=f"{remembered[0]}. {band.detail}") if len(remembered) == 1 else band


def _keep_ours(request: StoreRequest, pks: list[int]) -> Band:
    count = keep_ours(pks=pks, reason=_("Ours is kept"), associate=request.user, store=request.store)
    return _band(_("Ours is kept"), count)


def _use_theirs(request: StoreRequest, pks: list[int]) -> Band:
    count, requests = use_theirs(
        pks=pks, reason=_("Taken from the exceptions"), associate=request.user, store=request.store
    )
    if requests:
        words = ngettext("{count} change waits for review", "{count} changes wait for review", requests)
        return _band(words.format(count=requests), count)
    return _band(_("Theirs is taken"), count)


def _add(request: StoreRequest, pks: list[int]) -> Band:
    if not pks:
        raise NothingChosen
    item, count = add_missing_item(
        pk=pks[0],
        name=posted_text(request, "name"),
        price=posted_text(request, "price"),
        associate=request.user,
        store=request.store,
    )
    return _band(_("{sku} is a draft now").format(sku=item.sku), count)


WAYS: dict[str, Callable[[StoreRequest, list[int]], Band]] = {
    "take": _take,
    "dismiss": _dismiss,
    "no_goods": _no_goods,
    "same_item": _same_item,
    "keep_ours": _keep_ours,
    "use_theirs": _use_theirs,
    "add": _add,
}


def _band(title: str, count: int) -> Band:
    words = ngettext("{count} line.", "{count} lines.", count)
    return Band(tone="yes", title=title, detail=words.format(count=count))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _numbers(request: StoreRequest, name: str) -> list[int]:
    return [number for number in map(_number, request.POST.getlist(name)) if number]


def _page(request: StoreRequest, source: str, reason: str, band: Band | None = None, status: int = 200) -> HttpResponse:
    if reason not in InboundMessage.Reason.values or "\0" in source:
        raise Http404
    item_import = _number(request.POST.get("import", "") or request.GET.get("import", ""))
    # What was refused is still there to be mended: ticks, words and what was typed.
    kept = request.POST if status != 200 else None
    context = {
        "source": source,
        "reason": reason,
        "item_import": item_import,
        "page": ways_out(source=source, reason=reason, item_import=item_import),
        "kept": kept,
        "ticked": _numbers(request, "line") if kept else [],
        "added": _number(posted_text(request, "only")) if kept else 0,
        "reason_missing": band is not None and band.title == ReasonNeeded().headline,
        "band": band,
    }
    template = TEMPLATE
    if request.htmx:
        template = f"{TEMPLATE}#answer" if band else f"{TEMPLATE}#body"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
