"""Answers to scans and taps on a scanner screen."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.cache import patch_vary_headers

from stores.handheld.bands import Band


def screen_response(
    request: HttpRequest,
    *,
    template: str,
    context: Mapping[str, Any],
    band: Band | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page `template`, or for htmx only its changing parts.

    The page defines the partials `header`, `screen` and `actions`. htmx gets `screen` for its target and the
    other two and the band out of band, so that "3 of 7" and the buttons are never older than the line.
    Without JavaScript the same view answers with the whole page and the band in it.
    Send refusals as 409 or 422: both are swapped in like a 200. A post that has waited on the device is sent behind the
    screen and asks for the band alone.
    """
    if request.headers.get("Prefer") == "return=minimal":
        response = render(request, "components/band.html", {"band": band}, status=status)
    elif getattr(request, "htmx", False):
        parts = {part: get_template(f"{template}#{part}") for part in ("header", "screen", "actions")}
        response = render(request, "components/screen_swap.html", {**context, **parts, "band": band}, status=status)
    else:
        response = render(request, template, {**context, "band": band}, status=status)
    patch_vary_headers(response, ["HX-Request", "Prefer"])
    response["Cache-Control"] = "no-store"
    return response


def go_to(request: HttpRequest, address: str) -> HttpResponse:
    """Leads to another page, for htmx and for a plain form."""
    if getattr(request, "htmx", False):
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponse(status=303, headers={"Location": address})
