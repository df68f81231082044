"""Scan endpoint, taps and sign-in that misbehave on demand, behind the real templates and scripts."""

import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.csrf import get_token, rotate_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from stores.handheld.bands import Band
from stores.handheld.screens import screen_response
from stores.handheld.shell import shell_response, worker_response
from stores.staff.whose import meant_for_another, say_whose
from tests.ui.harness.state import as_dict, changed, let_wait, reset, state

ROSA = SimpleNamespace(pk=7, name="Rosa Delgado", badge="R0SA", is_authenticated=True)
JONAS = SimpleNamespace(pk=8, name="Jonas Weber", badge="JONAS", is_authenticated=True)
NOBODY = SimpleNamespace(is_authenticated=False)
PIN = "471193"
BANDS = {
    "N": (422, Band("no", "Wrong item", "Expected 85123A, this is 22423 Cake stand.", code="22423", sound="no")),
    "L": (200, Band("look", "Line already done", "Put it back, the next bin is A-03-4.")),
    "U": (422, Band("no", "Unknown code", code="4006381333931", action_label="Search", action_url="/search")),
}


def signed_in(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        # The sign-in page is for nobody in particular.
        nobody = request.path in ("/show/sign_in", "/sign-in/")
        user = JONAS if state.badge == JONAS.badge else ROSA
        request.user = NOBODY if nobody else user  # type: ignore[assignment]  # A stand-in for an associate.
        request.store = SimpleNamespace(pk=1, name="Camden")  # type: ignore[attr-defined]  # Set by middleware.
        request.role = 1  # type: ignore[attr-defined]  # Set by middleware.
        if state.down and request.path != "/control":
            return HttpResponse(status=503)
        if state.between and request.path not in ("/control", "/sign-in/"):
            return _from_between(request)
        mode = request.headers.get("Sec-Fetch-Mode")
        if mode == "navigate":
            state.pages_asked += 1
            _let_page_wait(state.pages_asked)
        if state.signed_out and mode != "navigate" and request.method == "GET" and request.path.startswith("/pick"):
            return say_whose(HttpResponse(status=401), "nobody")
        who = "nobody" if nobody else str(user.pk)
        return say_whose(meant_for_another(request, who) or get_response(request), who)

    return middleware


def _let_page_wait(number: int) -> None:
    def is_held() -> bool:
        return state.hold_pages_from is not None and number >= state.hold_pages_from

    with changed:
        changed.wait_for(lambda: not is_held(), timeout=60)


def _from_between(request: HttpRequest) -> HttpResponse:
    """A hotspot or a proxy that answers in the server's place."""
    if state.between == 303:
        return redirect("/sign-in/")
    if state.between == 302 and request.path != "/terms":
        return redirect("/terms")
    words = "<!doctype html><title>Station Wi-Fi</title><body><h1>Accept the terms</h1></body>"
    return HttpResponse(words, status=200 if state.between == 302 else state.between)


@csrf_exempt
def control(request: HttpRequest) -> JsonResponse:
    """GET tells the state; POST changes it."""
    if request.method == "POST":
        wanted = json.loads(request.body)
        if wanted.pop("reset", False):
            reset()
        for name, value in wanted.items():
            setattr(state, name, value)
        with changed:
            changed.notify_all()
    return JsonResponse(as_dict())


def _pick_context(scan_url: str) -> dict[str, Any]:
    return {
        "scan_url": scan_url,
        "scan_prompt": "Scan item" if not state.effects else "Scan the tote",
        "done": 3,
        "picked": min(len(state.effects), 2),
        "due": timezone.now() + timedelta(minutes=18, seconds=30),
        "last": state.scans[-1]["code"] if state.scans else "",
        "idle_seconds": state.idle_seconds,
    }


def pick(request: HttpRequest, task: int = 1) -> HttpResponse:
    asked = {"band": _asked_band(request), "scan_repeat_ms": request.GET.get("repeat", "")}
    return render(request, "pick.html", _pick_context(f"/pick/{task}/scan") | asked)


def _asked_band(request: HttpRequest) -> Band | None:
    tone = request.GET.get("band", "")
    if tone == "Y":
        return Band("yes", "1 of 2 picked", "Put it in tote 3.")
    return BANDS[tone][1] if tone else None


def scan(request: HttpRequest, task: int) -> HttpResponse:
    posted = {"code": request.POST["code"], "key": request.POST["key"], "task": str(task)}
    state.attempts += 1
    let_wait()
    if state.signed_out:
        return HttpResponse(status=401)
    if state.fail_next:
        state.fail_next -= 1
        return HttpResponse(status=503)
    if task == 99:
        return HttpResponse(status=404)
    if posted["code"].startswith("BOOM"):
        return HttpResponse(status=500)
    state.scans.append(posted)
    if posted["key"] not in {scan["key"] for scan in state.scans[:-1]}:
        state.effects.append(posted["code"])
    if posted["code"].startswith("GO"):
        answer = HttpResponse(headers={"HX-Redirect": "/home"})
        return answer if getattr(request, "htmx", False) else redirect("/home")
    status, band = BANDS.get(posted["code"][:1], (200, Band("yes", f"{posted['code']} counted")))
    return screen_response(
        request, template="pick.html", context=_pick_context(f"/pick/{task}/scan"), band=band, status=status
    )


def ready(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ready\n", status=503 if state.broken else 200)


def undo(request: HttpRequest) -> HttpResponse:
    let_wait()
    state.posts.append({"key": request.POST["key"], "what": f"undo after {len(state.scans)}"})
    if state.fail_next:
        state.fail_next -= 1
        return HttpResponse(status=500)
    return screen_response(
        request, template="pick.html", context=_pick_context("/pick/1/scan"), band=Band("yes", "Undone")
    )


def quantity(request: HttpRequest) -> HttpResponse:
    wanted = request.POST["quantity"]
    state.posts.append({"key": request.POST["key"], "what": f"quantity {wanted} of {request.POST['line']}"})
    band = Band("yes", f"{wanted} picked")
    return screen_response(request, template="pick.html", context=_pick_context("/pick/1/scan"), band=band)


def sign_in_again(request: HttpRequest) -> JsonResponse:
    badge = request.POST["badge"].removeprefix("B:")
    if request.POST["pin"] != PIN:
        return JsonResponse({"ok": False, "message": "Wrong PIN, try again."}, status=422)
    state.signed_out = False
    state.badge = badge
    rotate_token(request)
    answer = {"ok": True, "csrf": get_token(request), "badge": badge}
    return JsonResponse(answer if badge == ROSA.badge else answer | {"redirect": "/home"})


def sign_in_lock(request: HttpRequest) -> HttpResponse:
    state.signed_out = True
    state.locks += 1
    return HttpResponse(status=204)


def offline(request: HttpRequest) -> HttpResponse:
    return shell_response()


def service_worker(request: HttpRequest) -> HttpResponse:
    answer = worker_response()
    patience = f"const later = self.setTimeout;\nself.setTimeout = (act) => later(act, {state.worker_patience_ms});\n"
    answer.content = patience.encode() + answer.content + f"// {state.worker_salt}\n".encode()
    return answer


def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    work = [
        {
            "title": "Pick list 214",
            "detail": "4 lines · 9 units · from Backroom",
            "due": now + timedelta(minutes=9),
        },
        {
            "title": "Pick list 215",
            "detail": "7 lines · 16 units · from Floor",
            "due": now + timedelta(minutes=44),
        },
        {"title": "Put back 1038", "detail": "2 units · from S-04", "due": now + timedelta(minutes=140)},
    ]
    return render(request, "home.html", {"work": work, "scan_url": "/pick/1/scan", "scan_prompt": "Scan anything"})


def customer(request: HttpRequest) -> HttpResponse:
    return render(request, "customer.html", {"until": timezone.now() + timedelta(days=2)})


def page(request: HttpRequest, name: str) -> HttpResponse:
    """A page with nothing behind it: the showcase, the sign-in page."""
    now = timezone.now()
    return render(request, f"{name}.html", {"past": now - timedelta(seconds=75), "soon": now + timedelta(minutes=5)})
