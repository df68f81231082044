"""The exception queue: everything that waits for a lead, on one board."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.stock.actions.count_requests import answer_count
from stores.stock.counting import counted_band, counted_units
from stores.stock.queries.counts import counts_of
from stores.sync.actions.mend_message import take_message
from stores.sync.actions.replay_deliveries import replay_deliveries
from stores.sync.queries.exceptions import exceptions_for
from stores.sync.queries.item_exceptions import item_groups


@require_GET
@role_required(Role.LEAD)
def board(request: StoreRequest) -> HttpResponse:
    return _board(request)


@require_POST
@role_required(Role.LEAD)
def take(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        take_message(pk=pk, associate=request.user, store=request.store)
        return Band(tone="yes", title=_("Yours now"), detail=_("The others see your name beside it."))

    answer = answer_form(request, act=act)
    return _board(request, answer.band, answer.status)


@require_POST
@role_required(Role.LEAD)
def replay(request: StoreRequest, endpoint_pk: int) -> HttpResponse:
    def act() -> Band:
        count = replay_deliveries(endpoint_id=endpoint_pk, associate=request.user, store=request.store)
        words = ngettext("{count} webhook is sent again", "{count} webhooks are sent again", count)
        return Band(tone="yes", title=words.format(count=count))

    answer = answer_form(request, act=act)
    return _board(request, answer.band, answer.status)


@require_POST
@role_required(Role.LEAD)
def answer_count_request(request: StoreRequest, pk: int) -> HttpResponse:
    """Where somebody has counted and called out the number. What the record says is told afterwards."""

    def act() -> Band:
        asked = get_object_or_404(counts_of(request.store), pk=pk)
        counted = counted_units(request.POST.get("counted", ""))
        key = f"count:{request.user.pk}:{request.POST['key']}"
        done = answer_count(request=asked, counted=counted, associate=request.user, device=request.device, key=key)
        return counted_band(done)

    answer = answer_form(request, act=act)
    return _board(request, answer.band, answer.status)


def _board(request: StoreRequest, band: Band | None = None, status: int = 200) -> HttpResponse:
    """The page; for htmx its changing part, and after a write the band with it."""
    template = "sync/exceptions.html"
    if request.htmx:
        template = "sync/exceptions.html#answer" if band else "sync/exceptions.html#board"
    exceptions, groups = exceptions_for(request.store), item_groups()
    context = {
        "exceptions": exceptions,
        "item_groups": groups,
        "message_count": exceptions.message_count + sum(group.count for group in groups),
        "band": band,
    }
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
