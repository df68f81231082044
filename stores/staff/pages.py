"""One plain page for everything that stops somebody: what happened, and the way on."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render


def message_page(
    request: HttpRequest,
    *,
    status: int,
    title: str,
    detail: str,
    link: str = "/",
    link_label: str = "",
) -> HttpResponse:
    """A whole page in words; for scripts that ask for JSON, the same words as JSON."""
    accepted = request.headers.get("Accept", "")
    if "application/json" in accepted and "text/html" not in accepted:
        return JsonResponse({"ok": False, "message": f"{title}. {detail}"}, status=status)
    signed_in = getattr(request, "role", None) is not None
    context = {
        "title": title,
        "detail": detail,
        # Strangers and customers have no home screen to go to.
        "link": link if signed_in or link != "/" else "",
        "link_label": link_label,
        "icon_name": "lock" if status in (401, 403) else "alert",
        "base": "base_scanner.html" if signed_in else "base_customer.html",
    }
    return render(request, "staff/message.html", context, status=status)
