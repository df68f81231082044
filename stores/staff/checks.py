"""Default deny: a URL whose view does not say who may open it fails `manage.py check`."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

from stores.staff.access import access_mark


@register(Tags.urls)
def every_view_says_who_may_open_it(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [
        Error(
            f"The view of /{route} does not say who may open it.",
            hint="Put @role_required(...), @public or @api of stores.staff.access on it.",
            id="staff.E001",
        )
        for route, view in routes()
        if not access_mark(view)
    ]


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every URL of the project: its route and its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback
