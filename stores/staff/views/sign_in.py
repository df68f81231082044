"""The sign-in page: badge and PIN on an enrolled device."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from stores.models import Device
from stores.refusals import Refusal
from stores.staff.access import public, safe_path
from stores.staff.actions.sign_in import SignedIn, sign_in
from stores.staff.errors import NotABadge
from stores.staff.http import SeenRequest
from stores.staff.models import Associate, Session
from stores.staff.sessions import is_locked
from stores.staff.views.cookies import device_of, keep_device
from stores.staff.views.told import words_of

BADGE_PREFIX = "B:"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@public
def page(request: SeenRequest) -> HttpResponse:
    go_on = safe_path(request, request.POST.get("next") or request.GET.get("next", "/"))
    if request.method != "POST" and request.role is not None:
        return HttpResponseRedirect(go_on)
    device = device_of(request)
    if device is None:
        return render(request, "staff/not_enrolled.html")
    if request.method != "POST":
        return _show(request, device, go_on)
    badge, pin = read_badge_and_pin(request)
    if not pin:
        return _show(request, device, go_on, badge=badge)
    try:
        signed_in = sign_in(badge=badge, pin=pin, device=device, before=request.session.row)
    except Refusal as refusal:
        return _show(request, device, go_on, badge=badge, refusal=refusal)
    response = HttpResponseRedirect(go_on, status=303)
    start_session(request, response, signed_in)
    return response


def start_session(request: SeenRequest, response: HttpResponse, signed_in: SignedIn) -> None:
    """Gives the browser its new session, a new CSRF secret, and its device cookie for another 400 days."""
    request.session.adopt(signed_in.key)
    rotate_token(request)
    keep_device(response, request.COOKIES[settings.DEVICE_COOKIE_NAME])


def locked_session(request: SeenRequest, device: Device) -> Session | None:
    """The session that waits on this device for its associate's PIN."""
    row = request.session.row
    if row is None or row.device_id != device.pk or not is_locked(row, timezone.now()):
        return None
    return row if row.associate is not None and row.associate.is_active else None


def read_badge_and_pin(request: SeenRequest) -> tuple[str, str]:
    """Both fields; a badge that was scanned while the cursor stood in the PIN field is a badge, not a guess."""
    badge, pin = request.POST.get("badge", "").strip(), request.POST.get("pin", "").strip()
    return (pin, "") if pin.upper().startswith(BADGE_PREFIX) else (badge, pin)


def _show(
    request: SeenRequest, device: Device, go_on: str, *, badge: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    locked = locked_session(request, device)
    known: Associate | None = locked.associate if locked else None
    if known is not None and badge.removeprefix(BADGE_PREFIX) not in ("", known.badge):
        known = None  # Somebody else is here.
    badge = badge or (known.badge if known else "")
    context = {
        "store": device.store,
        "device": device,
        "known": known,
        "badge": badge,
        "focus": "pin" if badge and not isinstance(refusal, NotABadge) else "badge",
        "message": words_of(refusal) if refusal else "",
        "next": go_on,
    }
    return render(request, "staff/sign_in.html", context, status=refusal.status if refusal else 200)
