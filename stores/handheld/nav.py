"""The menu. Each app registers its own entries from `AppConfig.ready()`, so that this floor names none of them."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

_items: dict[str, "NavItem"] = {}


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry. `url_name` takes no arguments; `least_role` is the lowest role that sees it; `room` is the path under
    which its pages lie, where that is more than the entry's own; `at_hand` entries stand on top of the home screen."""

    label: str | Promise
    url_name: str
    icon: str
    least_role: int
    order: int
    room: str = ""
    at_hand: bool = False


@dataclass(frozen=True, slots=True)
class NavLink:
    label: str | Promise
    url: str
    icon: str
    # For aria-current: "page" is this very page, "true" one of those behind it.
    current: str
    at_hand: bool


def register(item: NavItem) -> None:
    """Add or replace the entry for `item.url_name`."""
    _items[item.url_name] = item


def links_for(request: HttpRequest) -> list[NavLink]:
    """What this request's role may open, in order; makes no query. Nobody signed in: nothing."""
    role = getattr(request, "role", None)
    if role is None:
        return []
    shown = sorted(
        (item for item in _items.values() if role >= item.least_role), key=lambda one: (one.order, one.url_name)
    )
    entries = [(item, reverse(item.url_name)) for item in shown]
    # The innermost room that the page lies in.
    rooms = [room for item, url in entries if request.path.startswith(room := item.room or url)]
    innermost = max(rooms, key=len, default=None)

    def current(item: NavItem, url: str) -> str:
        if request.path == url:
            return "page"
        return "true" if (item.room or url) == innermost else ""

    return [NavLink(item.label, url, item.icon, current(item, url), item.at_hand) for item, url in entries]
