"""The manager's list of devices: who is let in, one more, one less."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from stores.journal.actions.answer_once import answer_once
from stores.refusals import Refusal
from stores.staff.access import role_required
from stores.staff.actions.devices import CODE_MINUTES, USES_MAX, make_enrolment_code, revoke_device
from stores.staff.http import StoreRequest
from stores.staff.models import Role
from stores.staff.qr import qr_code
from stores.staff.queries.enrolment import devices_of
from stores.staff.views.told import act_and_tell, tell, words_of


@require_GET
@role_required(Role.MANAGER)
def page(request: StoreRequest) -> HttpResponse:
    return _show(request)


@require_POST
@role_required(Role.MANAGER)
def make_code(request: StoreRequest) -> HttpResponse:
    """Shows the new code in the answer itself: it is stored nowhere, so it cannot be shown again."""
    wanted = request.POST.get("uses", "1")
    uses = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) <= 2 else 1
    made: list[str] = []

    def act() -> dict[str, str]:
        made.append(make_enrolment_code(store=request.store, uses=uses, by=request.user, device=request.device))
        return {"made": "yes"}

    try:
        outcome = answer_once(
            scope=f"associate:{request.user.pk}",
            key=request.POST.get("key", ""),
            body=[request.path, wanted],
            act=act,
            on_refusal=lambda refusal: {"made": "no"},
        )
    except Refusal as refusal:
        tell(request, words_of(refusal), tone=refusal.tone)
        return _show(request, status=refusal.status)
    if outcome.repeated:
        tell(request, _("That code was shown already. Make a new one."), tone="look")
        return _show(request)
    return _show(request, code=made[-1])


@require_POST
@role_required(Role.MANAGER)
def revoke(request: StoreRequest, pk: int) -> HttpResponse:
    get_object_or_404(request.store.devices, pk=pk)

    def act() -> str:
        revoked = revoke_device(store=request.store, pk=pk, by=request.user, device=request.device)
        if revoked is None:
            return _("That device was not let in any more.")
        return _("{name} is shut out.").format(name=revoked.name)

    return act_and_tell(request, act=act, then=reverse("staff:devices"))


def _show(request: StoreRequest, *, code: str = "", status: int = 200) -> HttpResponse:
    context = {
        "devices": devices_of(request.store),
        "a_minute_ago": timezone.now() - timedelta(minutes=1),
        "uses_max": USES_MAX,
        "minutes": CODE_MINUTES,
        "code": code,
    }
    if code:
        address = request.build_absolute_uri(reverse("staff:enrol", args=[code]))
        context |= {"address": address, "qr": qr_code(address)}
    return render(request, "staff/devices.html", context, status=status)
