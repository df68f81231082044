"""The codes that files carry and that are no goods: looked at, and taken back when one was meant otherwise."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stores.catalog.actions.take_back_no_goods import take_back_no_goods
from stores.catalog.models import NonGoodsCode
from stores.catalog.queries.no_goods import no_goods_codes, source_in_words
from stores.catalog.views.answering import desk_page
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

WORDS_LENGTH_MAX = 100


@require_GET
@role_required(Role.LEAD)
def show(request: StoreRequest) -> HttpResponse:
    return _page(request)


@require_POST
@role_required(Role.LEAD)
def take_back(request: StoreRequest, pk: int) -> HttpResponse:
    def act() -> Band:
        try:
            code = take_back_no_goods(pk=pk, associate=request.user)
        except NonGoodsCode.DoesNotExist as error:
            raise Http404 from error
        return Band(
            "yes", _("{code} is taken back").format(code=code.folded), _("Its lines are judged anew from now on.")
        )

    answer = answer_form(request, act=act)
    return _page(request, answer.band, answer.status)


def _page(request: StoreRequest, band: Band | None = None, status: int = 200) -> HttpResponse:
    number = request.GET.get("page", "1")
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
    words = request.GET.get("q", "").replace("\0", "").strip()[:WORDS_LENGTH_MAX]
    page = no_goods_codes(words, wanted)
    context = {"page": page, "rows": [(code, source_in_words(code)) for code in page], "words": words}
    return desk_page(request, "catalog/no_goods.html", context, band=band, status=status)
