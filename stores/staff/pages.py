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
    if "application/json" in request.headers.get("Accept", "") and "text/html" not in request.headers["Accept"]:
        return JsonResponse({"ok": False, "message": title, "detail": detail}, status=status)
    context = {"title": title, "detail": detail, "status": status, "link": link, "link_label": link_label}
    return render(request, "staff/message.html", context, status=status)
