"""How the item master's desk pages answer, and what their forms bring."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from stores.handheld.answers import BandAnswer
from stores.handheld.bands import Band

TEXT_LENGTH_MAX = 200


def desk_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    band: Band | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; for htmx its partial `body`, and after a write `answer`: the body with the band beside it."""
    part = ""
    if getattr(request, "htmx", False):
        # An answer without a band takes away the one of before.
        part = "#answer" if band or request.method == "POST" else "#body"
    response = render(request, f"{template}{part}", {**context, "band": band}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def answered_page(request: HttpRequest, template: str, context: Mapping[str, Any], answer: BandAnswer) -> HttpResponse:
    return desk_page(request, template, context, band=answer.band, status=answer.status)


def posted_line(request: HttpRequest, name: str, *, at_most: int = TEXT_LENGTH_MAX) -> str:
    """One line, cleaned of what no screen shows (PostgreSQL cannot hold a NUL at all)."""
    text = request.POST.get(name, "")[:at_most]
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def posted_lines(request: HttpRequest, name: str, *, at_most: int = 1000) -> list[str]:
    """What was typed with commas or new lines between, without empty ones."""
    text = request.POST.get(name, "")[:at_most].replace("\n", ",")
    cleaned = "".join(sign if sign.isprintable() else " " for sign in text)
    return [" ".join(part.split()) for part in cleaned.split(",") if part.strip()]
