"""Categories and styles, and the variants of a style."""

from collections.abc import Callable

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from stores.catalog.actions.add_category import add_category
from stores.catalog.actions.add_style import add_style, add_variants
from stores.catalog.fields import parse_field
from stores.catalog.models import Category, Item, Style
from stores.catalog.queries.variants import variant_table
from stores.catalog.views.answering import desk_page, posted_line, posted_lines
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

STYLES_SHOWN_MAX = 200


@require_http_methods(["GET", "POST"])
@role_required(Role.LEAD)
def categories(request: StoreRequest) -> HttpResponse:
    def act() -> Band:
        added = add_category(
            name=posted_line(request, "name"), code=posted_line(request, "code"), associate=request.user
        )
        return Band(tone="yes", title=_("Category added"), detail=added.name)

    return _page(request, "catalog/categories.html", act if request.method == "POST" else None, _categories)


@require_http_methods(["GET", "POST"])
@role_required(Role.LEAD)
def styles(request: StoreRequest) -> HttpResponse:
    def act() -> Band:
        added = add_style(code=posted_line(request, "code"), name=posted_line(request, "name"), associate=request.user)
        return Band(tone="yes", title=_("Style added"), detail=added.name)

    return _page(request, "catalog/styles.html", act if request.method == "POST" else None, _styles)


@require_http_methods(["GET", "POST"])
@role_required(Role.LEAD)
def style(request: StoreRequest, pk: int) -> HttpResponse:
    """The variants of a style; posting adds the missing ones of some colors and sizes as drafts."""
    found = get_object_or_404(Style, pk=pk)

    def act() -> Band:
        added = add_variants(
            style=found,
            colors=[parse_field("color", text) for text in posted_lines(request, "colors")],
            sizes=[parse_field("size", text) for text in posted_lines(request, "sizes")],
            price=parse_field("price", request.POST.get("price", "")),
            category=parse_field("category", request.POST.get("category", "")),
            pack_count=parse_field("pack_count", request.POST.get("pack_count", "1")),
            associate=request.user,
        )
        words = ngettext("{count} draft added", "{count} drafts added", len(added)).format(count=len(added))
        detail = "" if added else _("The style has all of these.")
        return Band(tone="yes" if added else "look", title=words, detail=detail)

    def context() -> dict[str, object]:
        like = found.items.select_related("category").order_by("-pk").first()
        return {"table": variant_table(found), "like": like, "categories": list(Category.objects.all())}

    return _page(request, "catalog/style.html", act if request.method == "POST" else None, context)


def _categories() -> dict[str, object]:
    open_items = Count("items", filter=~Q(items__state=Item.State.RETIRED))
    return {"categories": Category.objects.annotate(count=open_items).order_by("name")}


def _styles() -> dict[str, object]:
    open_items = Count("items", filter=~Q(items__state=Item.State.RETIRED))
    return {"styles": Style.objects.annotate(count=open_items).order_by("name")[:STYLES_SHOWN_MAX]}


def _page(
    request: StoreRequest,
    template: str,
    act: Callable[[], Band] | None,
    context: Callable[[], dict[str, object]],
) -> HttpResponse:
    """Acts if there is something to do, and shows the page as it is then; what was typed stays after a refusal."""
    band, status = None, 200
    if act:
        answer = answer_form(request, act=act)
        band, status = answer.band, answer.status
    typed = request.POST if status != 200 else {}
    return desk_page(request, template, {**context(), "typed": typed}, band=band, status=status)
