"""The manager's page: how this store picks."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from picking.actions.set_plan import NUMBERS, TRIGGERS, PlanTerms, set_plan
from picking.models import Method, PickPlan
from picking.queries.plans import plan_of
from stores.catalog.views.answering import answered_page, desk_page, posted_line
from stores.handheld.answers import BandAnswer, answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

TEMPLATE = "picking/plan.html"
DIGITS_MAX = 5


@require_http_methods(["GET", "POST"])
@role_required(Role.MANAGER)
def plan(request: StoreRequest) -> HttpResponse:
    if request.method != "POST":
        return desk_page(request, TEMPLATE, _context(request))

    def act() -> Band:
        terms = _terms(request)
        if not set_plan(store=request.store, terms=terms, associate=request.user, device=request.device):
            return Band("look", _("Picking plan"), _("It is so already."))
        if terms.at_once or any(getattr(terms, field) for field in TRIGGERS):
            return Band("yes", _("Picking plan"), _("Changed. Lists that are released stay as they are."))
        return Band("look", _("Picking plan"), _("Changed. Nothing but a lead releases orders now."))

    answer = answer_form(request, act=act)
    return answered_page(request, TEMPLATE, _context(request, answer), answer)


def _terms(request: StoreRequest) -> PlanTerms:
    return PlanTerms(
        at_once=request.POST.get("release") == "at_once",
        every_minutes=_trigger(request, "every_minutes"),
        at_orders=_trigger(request, "at_orders"),
        before_promise_minutes=_trigger(request, "before_promise_minutes"),
        method=posted_line(request, "method"),
        wave_orders_max=_number(request, "wave_orders_max"),
        batch_orders_max=_number(request, "batch_orders_max"),
        claim_minutes=_number(request, "claim_minutes"),
        break_minutes=_number(request, "break_minutes"),
        when_gone=posted_line(request, "when_gone"),
    )


def _trigger(request: StoreRequest, name: str) -> int | None:
    return _number(request, name) if posted_line(request, name) else None


def _number(request: StoreRequest, name: str) -> int:
    """What is no number is none that fits either."""
    text = posted_line(request, name, at_most=DIGITS_MAX)
    return int(text) if text.isascii() and text.isdigit() else -1


def _context(request: StoreRequest, answer: BandAnswer | None = None) -> dict[str, object]:
    saved = plan_of(request.store)
    values = {name: getattr(saved, name) for name in (*TRIGGERS, *NUMBERS, "method", "when_gone", "at_once")}
    if answer is not None and answer.status != 200:
        # What was refused stays as it was typed.
        values = {name: posted_line(request, name) for name in values}
        values["at_once"] = request.POST.get("release") == "at_once"
    return {
        "plan": values,
        "limits": {name: {"least": least, "most": most} for name, (least, most) in (TRIGGERS | NUMBERS).items()},
        "methods": Method.choices,
        "gone_choices": PickPlan.WhenGone.choices,
    }
