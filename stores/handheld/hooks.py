"""What the home screen shows. Higher apps add their own work here from `AppConfig.ready()`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise

from stores.handheld.bands import Tone
from stores.handheld.nav import NavItem, register
from stores.staff.http import StoreRequest


@dataclass(frozen=True, slots=True)
class WorkItem:
    """Something to do. `label` is a few words in a chip of the colour `tone`; `due_at` shows the time left.

    `taken` work is in somebody else's hands: it stands last, and nobody is sent to it. What I began, `mine`, stands
    first, then what is `pressing`, whenever it is due.
    """

    title: str
    detail: str
    url: str
    due_at: datetime | None = None
    tone: Tone | None = None
    label: str = ""
    taken: bool = False
    mine: bool = False
    pressing: bool = False


@dataclass(frozen=True, slots=True)
class HomeSection:
    """One kind of work. Of two sections that are equally urgent the one with the lower `order` stands first.

    `in_person`: somebody stands and waits for it, so it comes before all that is only late. `note` is said even where
    there is no work, and leads to `note_url`, if there is one.
    """

    title: str | Promise
    items: Sequence[WorkItem] = field(default_factory=list)
    order: int = 50
    in_person: bool = False
    note: str = ""
    note_url: str = ""


Section = Callable[[StoreRequest], HomeSection]

_sections: list[Section] = []


def add_home_section(function: Section) -> Section:
    """Registers a function that returns its work for one request; it should need one query. Usable as a decorator."""
    if function not in _sections:
        _sections.append(function)
    return function


def add_nav(item: NavItem) -> None:
    """Adds an entry to the menu of boards and desks, and to the links on the home screen."""
    register(item)


def home_sections(request: StoreRequest) -> list[HomeSection]:
    """Every section, also the empty ones, unordered."""
    return [function(request) for function in _sections]
