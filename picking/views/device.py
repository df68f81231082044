"""The walk and the way back as data, for handhelds that lose their connection."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from picking.models import Shortage
from picking.queries.device import (
    bins_by_kind,
    going_back,
    held_walks,
    picks_of,
    put_backs_data,
    totes_in_use,
    walk_data,
)
from picking.queries.walk import Walk
from picking.texts import list_size, list_title
from stores.handheld.device import device_response
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role


@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest) -> HttpResponse:
    """Everything the associate holds, what goes back, and which codes are bins. No personal data."""
    walks = held_walks(request.store, request.user)
    picks, back = picks_of(walks), going_back(walks)
    return device_response(
        request,
        {
            "bin_scan_required": request.store.bin_scan_required,
            "bins": bins_by_kind(request.store),
            "totes_in_use": totes_in_use(request.store),
            "short_reasons": [[value, str(label)] for value, label in Shortage.Reason.choices],
            "lists": [_list(walk, picks.get(walk.pk, []), back) for walk in walks],
            "put_backs": [_put_back(row) for row in put_backs_data(request.store)],
            "put_back_title": _("To put back"),
        },
    )


def _put_back(row: dict[str, Any]) -> dict[str, Any]:
    paths = [reverse(f"put_back:{page}", args=[row["pk"]]) for page in ("take", "shelf")]
    return row | {"url": reverse("put_back:put", args=[row["pk"]]), "paths": paths}


def _list(walk: Walk, picks: list[tuple[int, int, str]], back: dict[int, dict[str, int]]) -> dict[str, Any]:
    doors = ("scan", "quantity", "short", "undo", "finish")
    return walk_data(walk, picks, back) | {
        "path": reverse("picking:walk", args=[walk.pk]),
        "title": list_title(walk.order_numbers, walk.area),
        "detail": list_size(lines=walk.lines_wanted, units=walk.units),
        "urls": {door: reverse(f"picking:{door}", args=[walk.pk]) for door in doors},
    }
