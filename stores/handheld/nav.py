"""The menu. Each app registers its own entries from `AppConfig.ready()`, so that this floor names none of them."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_items: dict[str, "NavItem"] = {}
# As many stand side by side in one row; more are folded into their groups.
FLAT_MAX = 8


class Group(TextChoices):
    """What an entry is about, in the order of the menu."""

    WORK = "work", _("Work")
    STOCK = "stock", _("Stock")
    SYSTEMS = "systems", _("Systems")
    TEAM = "team", _("Team")


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
    group: Group = Group.WORK


@dataclass(frozen=True, slots=True)
class NavLink:
    label: str | Promise
    url: str
    icon: str
    # For aria-current: "page" is this very page, "true" one of those behind it.
    current: str
    at_hand: bool
    group: Group


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Entries that are folded under `label`; without one they stand in the row itself."""

    label: str | Promise
    links: list[NavLink]

    @property
    def is_current(self) -> bool:
        return any(link.current for link in self.links)

    @property
    def at_desk(self) -> list[NavLink]:
        """Those that the home screen does not show on top."""
        return [link for link in self.links if not link.at_hand]


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

    return [NavLink(item.label, url, item.icon, current(item, url), item.at_hand, item.group) for item, url in entries]


def groups_for(request: HttpRequest) -> list[NavGroup]:
    """The entries of `links_for` as the menu shows them: few in one row, many in groups; makes no query."""
    links = links_for(request)
    if len(links) <= FLAT_MAX:
        return [NavGroup("", links)] if links else []
    grouped = [NavGroup(group.label, [link for link in links if link.group is group]) for group in Group]
    return [group for group in grouped if group.links]
