"""What a page that is already open does with its session: take it up again, lock it, end it."""

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from stores.refusals import Refusal
from stores.staff.access import public
from stores.staff.actions.end_session import lock_session
from stores.staff.actions.end_session import sign_out as end_session
from stores.staff.actions.sign_in import sign_in
from stores.staff.errors import NoPin, NotEnrolled
from stores.staff.http import SeenRequest
from stores.staff.views.cookies import device_of
from stores.staff.views.sign_in import locked_session, read_badge_and_pin, start_session
from stores.staff.views.told import words_of


@require_POST
@never_cache
@public
def again(request: SeenRequest) -> HttpResponse:
    """Signs in from the dialog over a page: `{ok, csrf, badge}`, or `{ok: false, message}`.

    The PIN alone is enough where the session is only locked. `redirect` says that somebody else than before has
    signed in, whom the open page does not concern.
    """
    before = request.session.row
    try:
        device = device_of(request)
        if device is None:
            raise NotEnrolled
        locked = locked_session(request, device)
        badge, pin = read_badge_and_pin(request)
        if not badge and locked is not None and locked.associate is not None:
            badge = locked.associate.badge
        if not pin:
            raise NoPin
        signed_in = sign_in(badge=badge, pin=pin, device=device, before=before)
    except Refusal as refusal:
        answer = {"ok": False, "code": refusal.code, "message": words_of(refusal)}
        return JsonResponse(answer, status=refusal.status)
    response = JsonResponse({})
    start_session(request, response, signed_in)
    answer = {"ok": True, "csrf": get_token(request), "badge": signed_in.associate.badge}
    if before is not None and before.associate_id != signed_in.associate.pk:
        answer["redirect"] = reverse("handheld:home")
    response.content = JsonResponse(answer).content
    return response


@require_POST
@never_cache
@public
def lock(request: SeenRequest) -> HttpResponse:
    if request.session.row is not None:
        lock_session(row=request.session.row)
    return HttpResponse(status=204)


@require_POST
@never_cache
@public
def sign_out(request: SeenRequest) -> HttpResponse:
    if request.session.row is not None:
        end_session(row=request.session.row)
    request.session.forget()
    return HttpResponseRedirect(reverse("staff:sign_in"), status=303)
