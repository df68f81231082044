"""Staging as data, for handhelds that lose their connection, and the post they bring back."""

from dataclasses import replace

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from picking.queries.put_backs import open_put_backs
from pickup.actions.stage_tote import stage_tote
from pickup.queries.device import totes_data
from pickup.queries.staging import tote_by_code
from pickup.views.parsing import posted_code, posted_tote
from pickup.views.stage import stage_screen
from pickup.views.stage_tote import staged_band
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.handheld.device import device_response
from stores.handheld.moments import posted_moment
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role


@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest) -> HttpResponse:
    """The totes that wait."""
    totes = totes_data(request.store)
    data = {
        "title": _("To stage"),
        "detail": ngettext("{n} tote", "{n} totes", len(totes)).format(n=len(totes)),
        "totes": totes,
        "url": reverse("pickup:stage_pair"),
    }
    return device_response(request, data)


@require_POST
@role_required(Role.ASSOCIATE)
def pair(request: StoreRequest) -> HttpResponse:
    """Tote and bin in one post: when it was made, the server may not have known yet what the tote holds."""

    def act() -> Band:
        tote = tote_by_code(request.store, posted_tote(request))
        staging = stage_tote(
            store=request.store,
            pk=tote.pk,
            bin_code=posted_code(request),
            associate=request.user,
            device=request.device,
            at=posted_moment(request),
        )
        return staged_band(staging)

    answer = answer_form(request, act=act)
    band = _with_way_back(request, answer.band) if answer.status != 200 else answer.band
    return stage_screen(request, band, answer.status)


def _with_way_back(request: StoreRequest, band: Band) -> Band:
    """What nobody wants any more is put back: that is where the refusal leads."""
    tote = posted_tote(request)
    going = open_put_backs(request.store).filter(from_bin__code=tote).order_by("created_at", "pk").first()
    if going is None:
        return band
    return replace(band, action_label=_("Put back"), action_url=reverse("put_back:take", args=[going.pk]))
