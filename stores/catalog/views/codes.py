"""What an item is scanned and called by."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from stores.catalog.actions.add_alias import add_alias
from stores.catalog.actions.add_barcode import add_barcode
from stores.catalog.errors import PackQuantityInvalid
from stores.catalog.models import Item
from stores.catalog.views.answering import posted_line
from stores.catalog.views.item import item_answer
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role


@require_POST
@role_required(Role.LEAD)
def barcode(request: StoreRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(Item, pk=pk)

    def act() -> Band:
        units = posted_line(request, "pack_quantity", at_most=10) or "1"
        if not (units.isascii() and units.isdigit()):
            raise PackQuantityInvalid(quantity=units)
        gtin = posted_line(request, "gtin", at_most=40)
        added = add_barcode(item=item, gtin=gtin, pack_quantity=int(units), associate=request.user)
        return Band(tone="yes", title=_("Barcode added"), detail=added.gtin.lstrip("0"))

    return item_answer(request, pk, answer_form(request, act=act))


@require_POST
@role_required(Role.LEAD)
def alias(request: StoreRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(Item, pk=pk)

    def act() -> Band:
        source, code = posted_line(request, "source", at_most=101), posted_line(request, "code", at_most=101)
        add_alias(source=source, code=code, item=item, associate=request.user)
        detail = _("{source} calls it {code}.").format(source=source, code=code)
        return Band(tone="yes", title=_("Alias added"), detail=detail)

    return item_answer(request, pk, answer_form(request, act=act))
