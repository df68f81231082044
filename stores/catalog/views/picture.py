"""An item's picture: taken or chosen, shown, taken away."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stores.catalog.actions.set_picture import remove_picture, set_picture
from stores.catalog.errors import PictureRefused
from stores.catalog.models import Item, Picture
from stores.catalog.pictures import UPLOAD_BYTES_MAX
from stores.catalog.views.item import item_answer
from stores.handheld.answers import BandAnswer, answer_form
from stores.handheld.bands import Band
from stores.handheld.screens import screen_response
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

# The address holds the hash of what it shows: it can never show anything else.
FOREVER = "private, max-age=31536000, immutable"
PHOTO_TEMPLATE = "catalog/photo.html"


@require_GET
@role_required(Role.ASSOCIATE)
def show(request: StoreRequest, sha256: str) -> HttpResponse:
    # Two items may look the same.
    picture = Picture.objects.filter(sha256=sha256).first()
    if picture is None:
        raise Http404
    return HttpResponse(bytes(picture.content), content_type=Picture.MEDIA_TYPE, headers={"Cache-Control": FOREVER})


@require_POST
@role_required(Role.LEAD)
def upload(request: StoreRequest, pk: int) -> HttpResponse:
    """Chosen on the item's page."""
    item = get_object_or_404(Item, pk=pk)
    return item_answer(request, pk, _keep(request, item))


@require_POST
@role_required(Role.LEAD)
def remove(request: StoreRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(Item, pk=pk)

    def act() -> Band:
        there_was = remove_picture(item=item, associate=request.user)
        return Band(tone="yes" if there_was else "look", title=_("No picture any more"))

    return item_answer(request, pk, answer_form(request, act=act))


@require_http_methods(["GET", "POST"])
@role_required(Role.LEAD)
def photo(request: StoreRequest, pk: int) -> HttpResponse:
    """Taken with the handheld's camera."""
    item = get_object_or_404(Item, pk=pk)
    answer = _keep(request, item) if request.method == "POST" else None
    name = Picture.objects.filter(item=item).values_list("sha256", flat=True).first()
    context: dict[str, Any] = {"item": item, "photo": reverse("catalog:picture", args=[name]) if name else ""}
    band, status = (answer.band, answer.status) if answer else (None, 200)
    return screen_response(request, template=PHOTO_TEMPLATE, context=context, band=band, status=status)


def _keep(request: StoreRequest, item: Item) -> BandAnswer:
    def act() -> Band:
        set_picture(item=item, upload=_uploaded(request), associate=request.user)
        return Band(tone="yes", title=_("Picture kept"))

    return answer_form(request, act=act)


def _uploaded(request: HttpRequest) -> bytes:
    """Reads no more than is allowed."""
    file = request.FILES.get("picture")
    if file is None:
        raise PictureRefused(problem=_("Choose a file first."))
    content: bytes = file.read(UPLOAD_BYTES_MAX + 1)
    return content
