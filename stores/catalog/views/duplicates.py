"""What may be one thing twice: made one item, or told apart for good."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stores.catalog.actions.merge_items import merge_items, tell_apart
from stores.catalog.models import Item
from stores.catalog.queries.duplicates import suspected_duplicates
from stores.catalog.views.answering import answered_page, desk_page
from stores.handheld.answers import BandAnswer, answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

TEMPLATE = "catalog/duplicates.html"


@require_GET
@role_required(Role.LEAD)
def show(request: StoreRequest) -> HttpResponse:
    return desk_page(request, TEMPLATE, _context(request, _page_number(request.GET.get("page", ""))))


@require_POST
@role_required(Role.MANAGER)
def merge(request: StoreRequest) -> HttpResponse:
    """The item `kept` stays, the other of `first` and `second` is given up for it."""
    first, second = _posted_pair(request)
    kept, other = (second, first) if request.POST.get("kept") == str(second.pk) else (first, second)

    def act() -> Band:
        merge_items(kept=kept, other=other, associate=request.user)
        detail = _("{other} now means {kept}, in scans and in orders.").format(other=other.sku, kept=kept.sku)
        return Band(tone="yes", title=_("One item"), detail=detail)

    return _answer(request, answer_form(request, act=act))


@require_POST
@role_required(Role.LEAD)
def apart(request: StoreRequest) -> HttpResponse:
    first, second = _posted_pair(request)

    def act() -> Band:
        tell_apart(first=first, second=second, associate=request.user)
        detail = _("{first} and {second} are not shown together again.").format(first=first.sku, second=second.sku)
        return Band(tone="yes", title=_("Two things"), detail=detail)

    return _answer(request, answer_form(request, act=act))


def _answer(request: StoreRequest, answer: BandAnswer) -> HttpResponse:
    return answered_page(request, TEMPLATE, _context(request, _page_number(request.POST.get("page", ""))), answer)


def _context(request: StoreRequest, page: int) -> dict[str, object]:
    found = suspected_duplicates(page)
    if not found.rows and page > 1:
        # The last of this page has just been settled.
        found = suspected_duplicates(1)
    return {"found": found, "may_merge": request.role >= Role.MANAGER}


def _posted_pair(request: HttpRequest) -> tuple[Item, Item]:
    """The items `first` and `second`; 404 when one does not exist."""
    pks = [request.POST.get(name, "") for name in ("first", "second")]
    if not all(pk.isascii() and pk.isdigit() and len(pk) < 19 for pk in pks):
        raise Http404
    items = Item.objects.in_bulk([int(pk) for pk in pks])
    if len(items) != len(set(pks)):
        raise Http404
    return items[int(pks[0])], items[int(pks[1])]


def _page_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 7 else 1
