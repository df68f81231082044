"""The manager's page of the store's plan: where walks begin, aisles, and where each bin stands."""

import csv

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from picking.actions.floor import AisleTerms, add_aisle, change_aisle, place_bins, remove_aisle, set_start
from picking.actions.floor_file import place_bins_by_file
from picking.floor_errors import FileRefused, FileUnreadable
from picking.floor_file import BYTES_MAX, CODE_LENGTH_MAX, COLUMNS, Placing, Problem, metres
from picking.queries.floor import bin_groups, floor_plan, group_of, placed_bins
from picking.queries.floor_drawing import draw
from stores.catalog.views.answering import answered_page, desk_page, posted_line
from stores.handheld.answers import BandAnswer, answer_form
from stores.handheld.bands import Band
from stores.models import Bin
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

TEMPLATE = "picking/floor_plan.html"
PROBLEMS_SHOWN = 50
BOM = "\ufeff"


@require_GET
@role_required(Role.MANAGER)
def show(request: StoreRequest) -> HttpResponse:
    return desk_page(request, TEMPLATE, _context(request))


@require_POST
@role_required(Role.MANAGER)
def start(request: StoreRequest) -> HttpResponse:
    def act() -> Band:
        x_m, y_m = metres(_posted(request, "x_m")), metres(_posted(request, "y_m"))
        if not set_start(store=request.store, x_m=x_m, y_m=y_m, associate=request.user, device=request.device):
            return Band("look", _("Start"), _("It is so already."))
        return Band("yes", _("Start"), _("Changed. The next lists are walked by it."))

    answer = answer_form(request, act=act)
    return answered_page(request, TEMPLATE, _context(request, answer, form="start"), answer)


@require_POST
@role_required(Role.MANAGER)
def new_aisle(request: StoreRequest) -> HttpResponse:
    def act() -> Band:
        aisle = add_aisle(store=request.store, terms=_terms(request), associate=request.user, device=request.device)
        return Band("yes", _("Aisle {code} added").format(code=aisle.code))

    answer = answer_form(request, act=act)
    return answered_page(request, TEMPLATE, _context(request, answer, form="aisle"), answer)


@require_POST
@role_required(Role.MANAGER)
def aisle(request: StoreRequest, pk: int) -> HttpResponse:
    get_object_or_404(request.store.aisles, pk=pk)

    def act() -> Band:
        terms = _terms(request)
        if not change_aisle(store=request.store, pk=pk, terms=terms, associate=request.user, device=request.device):
            return Band("look", _("Aisle {code}").format(code=terms.code), _("It is so already."))
        return Band("yes", _("Aisle {code} changed").format(code=terms.code), _("Its bins moved with it."))

    answer = answer_form(request, act=act)
    return answered_page(request, TEMPLATE, _context(request, answer, form=f"aisle-{pk}", group=str(pk)), answer)


@require_POST
@role_required(Role.MANAGER)
def remove(request: StoreRequest, pk: int) -> HttpResponse:
    get_object_or_404(request.store.aisles, pk=pk)

    def act() -> Band:
        code = remove_aisle(store=request.store, pk=pk, associate=request.user, device=request.device)
        return Band("yes", _("Aisle {code} removed").format(code=code))

    answer = answer_form(request, act=act)
    return answered_page(request, TEMPLATE, _context(request, answer), answer)


@require_http_methods(["GET", "POST"])
@role_required(Role.MANAGER)
def bin_place(request: StoreRequest, pk: int) -> HttpResponse:
    """The page with the form of one bin, which a POST places."""
    chosen = get_object_or_404(placed_bins(request.store).select_related("aisle"), pk=pk)
    if request.method == "GET":
        return desk_page(request, TEMPLATE, _context(request, chosen=chosen))

    def act() -> Band:
        placing = Placing(
            chosen.code,
            _posted(request, "aisle").upper(),
            metres(_posted(request, "x_m")),
            metres(_posted(request, "y_m")),
        )
        if not place_bins(store=request.store, placings=[placing], associate=request.user, device=request.device):
            return Band("look", chosen.code, _("It stands there already."))
        return Band("yes", chosen.code, _("Placed.") if placing.y_m is not None else _("Taken off the plan."))

    answer = answer_form(request, act=act)
    chosen.refresh_from_db()
    return answered_page(request, TEMPLATE, _context(request, answer, form="bin", chosen=chosen), answer)


@require_GET
@role_required(Role.MANAGER)
def as_csv(request: StoreRequest) -> HttpResponse:
    """Every bin and where it stands: the file that the upload takes back."""
    response = HttpResponse(BOM, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="bins-{request.store.code}.csv"'
    writer = csv.writer(response)
    writer.writerow(COLUMNS)
    for bin in floor_plan(request.store).bins:
        place = ["" if metre is None else f"{round(metre, 2):g}" for metre in (bin.x_m, bin.y_m)]
        writer.writerow([bin.code, bin.aisle.code if bin.aisle else "", *place])
    return response


@require_POST
@role_required(Role.MANAGER)
def upload(request: StoreRequest) -> HttpResponse:
    problems: list[Problem] = []

    def act() -> Band:
        file = request.FILES.get("file")
        if file is None or (file.size or 0) > BYTES_MAX:
            raise FileUnreadable(kilobytes=BYTES_MAX // 1024)
        try:
            moved = place_bins_by_file(
                store=request.store, content=file.read(), associate=request.user, device=request.device
            )
        except FileRefused as refusal:
            problems.extend(refusal.facts["problems"])
            raise
        words = ngettext("{count} bin stands elsewhere now", "{count} bins stand elsewhere now", moved)
        return Band("yes" if moved else "look", words.format(count=moved))

    answer = answer_form(request, act=act)
    return answered_page(request, TEMPLATE, _context(request, answer, problems=problems), answer)


def _terms(request: StoreRequest) -> AisleTerms:
    return AisleTerms(
        code=_posted(request, "code").upper(),
        x_m=metres(_posted(request, "x_m")),
        from_y_m=metres(_posted(request, "from_y_m")),
        to_y_m=metres(_posted(request, "to_y_m")),
    )


def _posted(request: StoreRequest, name: str) -> str:
    return posted_line(request, name, at_most=CODE_LENGTH_MAX + 1)


def _context(
    request: StoreRequest,
    answer: BandAnswer | None = None,
    *,
    form: str = "",
    group: str = "",
    chosen: Bin | None = None,
    problems: list[Problem] | None = None,
) -> dict[str, object]:
    plan = floor_plan(request.store)
    # What was refused stays open, with what was typed.
    refused = answer is not None and answer.status != 200
    names = ("code", "aisle", "x_m", "y_m", "from_y_m", "to_y_m")
    return {
        "plan": plan,
        "groups": bin_groups(plan, group_of(chosen) if chosen else group or request.GET.get("aisle", "")),
        "drawing": draw(plan, marked=chosen),
        "chosen": chosen,
        "refused_form": form if refused else "",
        "typed": {name: _posted(request, name) for name in names} if refused else {},
        "problems": (problems or [])[:PROBLEMS_SHOWN],
        "more_problems": max(len(problems or []) - PROBLEMS_SHOWN, 0),
    }
