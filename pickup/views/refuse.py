"""What stays here although the rest is handed over."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from pickup.actions.refuse_substitute import refuse_substitute
from pickup.actions.refuse_underage import refuse_underage
from pickup.views.handover import handover_screen
from pickup.views.parsing import posted_pk
from stores.handheld.answers import answer_form
from stores.handheld.bands import Band
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role


@require_POST
@role_required(Role.ASSOCIATE)
def refuse(request: StoreRequest, pk: int) -> HttpResponse:
    """The customer looks into the bag and does not want the substitute."""

    def act() -> Band:
        line = refuse_substitute(
            store=request.store,
            pk=pk,
            line_pk=posted_pk(request, "line"),
            associate=request.user,
            device=request.device,
            key=f"refuse:{request.user.pk}:{request.POST['key']}",
        )
        return Band("look", _("Take it out: {item}").format(item=line.item.name), _("It is on the put-back list."))

    answer = answer_form(request, act=act)
    return handover_screen(request, pk, answer.band, answer.status)


@require_POST
@role_required(Role.ASSOCIATE)
def underage(request: StoreRequest, pk: int) -> HttpResponse:
    """The customer cannot show that they are old enough."""

    def act() -> Band:
        units = refuse_underage(
            store=request.store,
            pk=pk,
            associate=request.user,
            device=request.device,
            key=f"underage:{request.user.pk}:{request.POST['key']}",
        )
        title = ngettext("Take {units} unit out", "Take {units} units out", units).format(units=units)
        return Band("look", title, _("It is on the put-back list."))

    answer = answer_form(request, act=act)
    return handover_screen(request, pk, answer.band, answer.status)
