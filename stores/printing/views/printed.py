"""The demo printer's tray. Without the demo there is no such page."""

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from stores.printing.demo import tray
from stores.printing.demo.pictures import PICTURES, CannotDraw, draw
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role


@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest) -> HttpResponse:
    _only_in_the_demo()
    return render(request, "printing/printed.html", {"labels": tray.labels(), "pictures": PICTURES})


@require_GET
@role_required(Role.ASSOCIATE)
def picture(_request: StoreRequest, name: str) -> HttpResponse:
    _only_in_the_demo()
    label = tray.find(name)
    if label is None:
        raise Http404
    try:
        drawn = draw(label.zpl)
    except CannotDraw as error:
        raise Http404 from error
    return HttpResponse(drawn, content_type="image/png", headers={"Cache-Control": "private, max-age=86400"})


def _only_in_the_demo() -> None:
    if not settings.DEMO:
        raise Http404
