"""Who may open a view. Every view carries one of three marks; a system check fails on a URL without one.

- `@role_required(Role.LEAD)`: somebody is signed in and has at least this role in this store.
- `@public`: open to everybody on purpose, such as the sign-in page or a customer's link.
- `@api`: opened by an API key or a signature that the view itself checks.
"""

from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeVar, cast
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from stores.staff.http import SeenRequest
from stores.staff.models import Role
from stores.staff.pages import message_page

MARK = "access_mark"

View = TypeVar("View", bound=Callable[..., Any])


def role_required(least: Role) -> Callable[[View], View]:
    """Lets in who has at least this role; `view.required_role` tells the guard tests which."""

    def decorate(view: View) -> View:
        guarded: Any
        if iscoroutinefunction(view):

            @wraps(view)
            async def guarded(request: SeenRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                return _stop(request, least) or _private(await view(request, *args, **kwargs))
        else:

            @wraps(view)
            def guarded(request: SeenRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
                return _stop(request, least) or _private(view(request, *args, **kwargs))

        guarded.required_role = least
        return cast(View, _marked(guarded, "role"))

    return decorate


def public(view: View) -> View:
    """Marks a view, ours or a library's, as open on purpose."""
    return _marked(view, "public")


def api(view: View) -> View:
    """Marks a view (function, or class with `as_view`) that checks its caller's key or signature by itself."""
    return _marked(view, "api")


def access_mark(view: Any) -> str:
    """The mark of a URL's callback, or of the class behind it; empty when there is none."""
    for marked in (view, getattr(view, "view_class", None), getattr(view, "cls", None)):
        if mark := getattr(marked, MARK, ""):
            return str(mark)
    return ""


def wants_page(request: HttpRequest) -> bool:
    """Whether a person is going to this address, rather than a script on a page asking for a part."""
    if "HX-Request" in request.headers:
        return False
    mode = request.headers.get("Sec-Fetch-Mode")
    return mode == "navigate" if mode else "text/html" in request.headers.get("Accept", "text/html")


def safe_path(request: HttpRequest, address: str, *, otherwise: str = "/") -> str:
    """`address` without its host when it lies on this host, so that nobody is led elsewhere after signing in."""
    if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
        return otherwise
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return path if path.startswith("/") and not path.startswith("//") else otherwise


def _marked(view: View, mark: str) -> View:
    setattr(view, MARK, mark)
    return view


def _stop(request: SeenRequest, least: Role) -> HttpResponseBase | None:
    if request.role is None:
        return _ask_to_sign_in(request)
    if request.role < least:
        return message_page(
            request,
            status=403,
            title=_("Not for your role"),
            detail=_("This page is for the role {needed}; you are signed in as {role}.").format(
                needed=least.label, role=request.role.label
            ),
        )
    return None


def _ask_to_sign_in(request: SeenRequest) -> HttpResponseBase:
    response: HttpResponseBase
    if wants_page(request):
        # After a post only the page it was sent from can be shown again.
        came_from = request.get_full_path() if request.method == "GET" else request.headers.get("Referer", "/")
        query = urlencode({"next": safe_path(request, came_from)})
        response = HttpResponseRedirect(f"{reverse('staff:sign_in')}?{query}")
    else:
        # Never a redirect: a script would take the sign-in page for its answer.
        response = HttpResponse(_("Signed out"), status=401, content_type="text/plain; charset=utf-8")
    patch_vary_headers(response, ["HX-Request", "Sec-Fetch-Mode", "Accept"])
    return _private(response)


def _private(response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Cache-Control", "no-store")
    return response
