"""What became of an item, field by field."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from stores.catalog.models import Item
from stores.catalog.queries.history import item_history
from stores.catalog.queries.requests import waiting_of
from stores.catalog.views.answering import desk_page
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role


@require_GET
@role_required(Role.LEAD)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    item = get_object_or_404(Item, pk=pk)
    number = request.GET.get("page", "1")
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    page, moments = item_history(item, wanted)
    context = {"item": item, "page": page, "moments": moments, "waiting": waiting_of(item, request.user)}
    return desk_page(request, "catalog/history.html", context)
