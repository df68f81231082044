"""The menu. Each app registers its own entries from `AppConfig.ready()`, so that this floor names none of them."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

_items: dict[str, "NavItem"] = {}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry. `url_name` takes no arguments; `least_role` is the lowest role that sees it."""

    label: str | Promise
    url_name: str
    icon: str
    least_role: int
    order: int


@dataclass(frozen=True, slots=True)
class NavLink:
    label: str | Promise
    url: str
    icon: str
    current: bool


def register(item: NavItem) -> None:
    """Add or replace the entry for `item.url_name`."""
    _items[item.url_name] = item


def links_for(request: HttpRequest) -> list[NavLink]:
    """What this request's role may open, in order; makes no query. Nobody signed in: nothing."""
    role = getattr(request, "role", None)
    if role is None:
        return []
    links = []
    for item in sorted(_items.values(), key=lambda item: (item.order, item.url_name)):
        if role >= item.least_role:
            url = reverse(item.url_name)
            links.append(NavLink(item.label, url, item.icon, current=request.path == url))
    return links
