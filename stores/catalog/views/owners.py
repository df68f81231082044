"""Which system each field belongs to."""

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stores.catalog.actions.set_owner import set_owner
from stores.catalog.change_errors import NoSuchSystem
from stores.catalog.fields import OWNED_FIELDS
from stores.catalog.models import System
from stores.catalog.queries.owners import owned_groups
from stores.catalog.queries.words import field_in_words
from stores.catalog.views.answering import answered_page, desk_page, posted_line
from stores.handheld.answers import BandAnswer, answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

TEMPLATE = "catalog/owners.html"


@require_GET
@role_required(Role.LEAD)
def show(request: StoreRequest) -> HttpResponse:
    return _page(request)


@require_POST
@role_required(Role.MANAGER)
def change(request: StoreRequest, field: str) -> HttpResponse:
    if field not in OWNED_FIELDS:
        raise Http404

    def act() -> Band:
        given = posted_line(request, "system")
        if given not in System.values:
            raise NoSuchSystem
        system = System(given)
        set_owner(field=field, system=system, reason=posted_line(request, "reason"), associate=request.user)
        return Band("yes", field_in_words(field), _("Belongs to {owner} from now on.").format(owner=system.label))

    return _page(request, field, answer_form(request, act=act))


def _page(request: StoreRequest, field: str = "", answer: BandAnswer | None = None) -> HttpResponse:
    # What was refused stays open, with what was typed.
    refused = answer is not None and answer.status != 200
    context = {
        "groups": owned_groups(),
        "systems": System.choices,
        "may_decide": request.role >= Role.MANAGER,
        "open_field": field if refused else "",
        "typed": posted_line(request, "reason") if refused else "",
        "chosen": posted_line(request, "system") if refused else "",
    }
    return answered_page(request, TEMPLATE, context, answer) if answer else desk_page(request, TEMPLATE, context)
