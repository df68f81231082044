"""One message that waits for a lead, and what can be done about it."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from stores.catalog.models import Item
from stores.catalog.queries import search_items
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.sync.actions.mend_message import dismiss_message, link_code, retry_message
from stores.sync.models import InboundMessage
from stores.sync.queries.exceptions import ITEMS_CONNECTOR, access_message, body_of
from stores.sync.queries.item_beside import said_beside_ours
from stores.sync.queries.item_exceptions import WAYS_OUT, item_line, source_name
from stores.sync.queries.reasons import reason_in_words
from stores.sync.refusals import NotFound
from stores.sync.views.forms import CODE_LENGTH_MAX, posted_item, posted_text

CANDIDATES_MAX = 8


@require_GET
@role_required(Role.LEAD)
def message(request: StoreRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


@require_POST
@role_required(Role.LEAD)
def retry(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        retry_message(pk=pk, associate=request.user, store=request.store)
        return Band(tone="yes", title=_("Is tried again"), detail=_("The result is here in a moment."))

    return _answer(request, pk, act)


@require_POST
@role_required(Role.LEAD)
def dismiss(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        reason = posted_text(request, "reason")
        dismiss_message(pk=pk, reason=reason, associate=request.user, store=request.store)
        return Band(tone="yes", title=_("Dismissed"), detail=_("It is kept, and waits no more."))

    return _answer(request, pk, act)


@require_POST
@role_required(Role.LEAD)
def link(request: StoreRequest, pk: int) -> HttpResponse:
    """Links one unknown code to the item scanned, typed or chosen; a text that is no code is searched for."""
    code = posted_text(request, "code", at_most=CODE_LENGTH_MAX)

    def act() -> Band:
        item = posted_item(request)
        count = link_code(pk=pk, code=code, item=item, associate=request.user, store=request.store)
        words = ngettext("{count} message is tried again.", "{count} messages are tried again.", count)
        return Band(
            tone="yes",
            title=_("{code} is linked").format(code=code),
            detail=f"{item.name}. {words.format(count=count)}",
        )

    answer = answer_form(request, act=act)
    candidates = search_items(posted_text(request, "item"), CANDIDATES_MAX) if answer.status != 200 else []
    return _page(request, pk, answer.band, answer.status, code, candidates)


def _answer(request: StoreRequest, pk: int, act: Callable[[], Band]) -> HttpResponse:
    answer = answer_form(request, act=act)
    return _page(request, pk, answer.band, answer.status)


def _unknown(message: InboundMessage) -> list[tuple[str, str]]:
    """Each unknown code with what the other system calls the thing."""
    lines = message.facts.get("summary", {}).get("lines", [])
    called = {line["code"]: line["title"] for line in lines}
    return [(code, called.get(code, "")) for code in message.facts.get("codes", [])]


def _page(
    request: StoreRequest,
    pk: int,
    band: Band | None = None,
    status: int = 200,
    code: str = "",
    candidates: list[Item] | None = None,
) -> HttpResponse:
    try:
        found = access_message(pk=pk)
    except NotFound as refusal:
        raise Http404 from refusal
    if found.connector == ITEMS_CONNECTOR:
        return _item_page(request, found, band, status)
    template = "sync/message.html"
    if request.htmx and band:
        template = "sync/message.html#answer"
    elif request.htmx:
        # Only a new state redraws the forms: somebody may be typing in them.
        template = f"sync/message.html#{'state' if request.GET.get('was') == found.state else 'moved'}"
    context = {
        "message": found,
        "words": reason_in_words(found),
        "waits": found.state == InboundMessage.State.FAILED and not found.dismissed_reason,
        "summary": found.facts.get("summary"),
        "codes": found.facts.get("codes", []),
        "unknown": _unknown(found),
        # What a role may not see never reaches the template: the body names the customer.
        "body": body_of(found) if request.role >= Role.MANAGER else None,
        "linked_code": code,
        "candidates": candidates,
        "band": band,
    }
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _item_page(request: StoreRequest, message: InboundMessage, band: Band | None, status: int) -> HttpResponse:
    """A word about an item: what it said beside what the item master has, and what its kind can be settled by."""
    line = item_line(message)
    ways = WAYS_OUT.get(message.reason, ())
    kind = [message.source, message.reason]
    context = {
        "message": message,
        "line": line,
        "label": message.get_reason_display(),
        "source_name": source_name(message.source),
        "beside": said_beside_ours(line),
        "problem": message.facts.get("problem", ""),
        "waits": message.state == InboundMessage.State.FAILED and not message.dismissed_reason,
        "ways": ways,
        "all_items": line.known is not None,
        "all_firm": line.known is not None and line.known.firm,
        "some_drafts": line.known is not None and not line.known.firm,
        "kind_url": reverse("sync:item_lines", args=kind),
        "settle_url": reverse("sync:settle_items", args=kind),
        "band": band,
    }
    return render(request, "sync/item_message.html", context, status=status)
