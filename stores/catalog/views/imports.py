"""Bringing files of items in, and seeing how far they are: the page can be left and come back to at any time."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from stores.catalog.actions.start_import import (
    ALL_BYTES_MAX,
    FILE_BYTES_MAX,
    FILES_MAX,
    Upload,
    check_sizes,
    run_again,
    start_import,
)
from stores.catalog.import_errors import NoSystem
from stores.catalog.models import ItemImport, System
from stores.catalog.queries.imports import latest_imports, progress_of
from stores.catalog.views.answering import desk_page
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.handheld.screens import go_to
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

LIST = "catalog/imports.html"
ONE = "catalog/import.html"
MEGABYTE = 1024 * 1024


@require_http_methods(["GET", "POST"])
@role_required(Role.LEAD)
def show_list(request: StoreRequest) -> HttpResponse:
    """The form and what came before; a POST takes the files in and leads to their progress."""
    band, status = None, 200
    if request.method == "POST":
        answer = answer_form(request, act=lambda: _take_in(request))
        if answer.band.action_url:
            return go_to(request, answer.band.action_url)
        band, status = answer.band, answer.status
    context = {
        "imports": latest_imports(),
        "systems": System.choices,
        "chosen": request.POST.get("system", ""),
        "system_missing": band is not None and band.title == NoSystem().headline,
        "files_max": FILES_MAX,
        "megabytes": FILE_BYTES_MAX // MEGABYTE,
        "megabytes_together": ALL_BYTES_MAX // MEGABYTE,
    }
    return desk_page(request, LIST, context, band=band, status=status)


@require_GET
@never_cache
@role_required(Role.LEAD)
def show(request: StoreRequest, pk: int) -> HttpResponse:
    """The page; for htmx, which asks every second until it is over, only what changes."""
    return _page(request, pk)


@require_POST
@role_required(Role.LEAD)
def again(request: StoreRequest, pk: int) -> HttpResponse:
    item_import = get_object_or_404(ItemImport, pk=pk)

    def act() -> Band:
        run_again(item_import=item_import, associate=request.user)
        return Band("yes", _("It is tried again"))

    answer = answer_form(request, act=act)
    return _page(request, pk, answer.band, answer.status)


def _take_in(request: StoreRequest) -> Band:
    given = request.FILES.getlist("files")
    check_sizes([(file.name or "", file.size or 0) for file in given])
    item_import = start_import(
        files=[Upload(file.name or "", file.read()) for file in given],
        system=request.POST.get("system", ""),
        associate=request.user,
        needs_review=request.role < Role.MANAGER,
    )
    return Band("yes", _("Files taken in"), action_url=reverse("catalog:import", args=[item_import.pk]))


def _page(request: StoreRequest, pk: int, band: Band | None = None, status: int = 200) -> HttpResponse:
    item_import = get_object_or_404(ItemImport.objects.select_related("uploaded_by"), pk=pk)
    context = {"progress": progress_of(item_import), "item_import": item_import, "band": band}
    template = ONE
    if request.htmx:
        template = f"{ONE}#answer" if band else f"{ONE}#body"
    response = render(request, template, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response
