"""The home screen: what to do next."""

from dataclasses import replace
from datetime import UTC, datetime

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from stores.handheld.bands import Band
from stores.handheld.hooks import HomeSection, WorkItem, home_sections
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

NO_HURRY = datetime.max.replace(tzinfo=UTC)
LAST = (True, True, True, NO_HURRY)


@require_GET
@role_required(Role.ASSOCIATE)
def home(request: StoreRequest) -> HttpResponse:
    """Sections with work, the most urgent first. Makes no query of its own: each section makes its own."""
    sections = by_urgency(home_sections(request))
    open_items = [item for section in sections for item in section.items if not item.taken]
    told = list(get_messages(request))
    context = {
        # What a form that led here has done.
        "band": Band(told[-1].extra_tags, told[-1].message) if told else None,
        "sections": sections,
        "waiting": len(open_items),
        "next": _next(sections),
    }
    return render(request, "handheld/home.html", context)


def by_urgency(sections: list[HomeSection]) -> list[HomeSection]:
    """Without those that say nothing; who waits in person first, then by the first thing to do in each, then `order`.

    Inside a section: what I began, then what is pressing, then what is free by due time, then what others hold. So
    the first thing on the page is what the one button leads to.
    """
    with_work = [
        replace(section, items=sorted(section.items, key=_place))
        for section in sections
        if section.items or section.note
    ]
    return sorted(with_work, key=_urgency)


def _urgency(section: HomeSection) -> tuple[bool, bool, tuple[bool, bool, bool, datetime], int]:
    free = [item for item in section.items if not item.taken]
    return not free, not section.in_person, min(map(_place, free), default=LAST), section.order


def _place(item: WorkItem) -> tuple[bool, bool, bool, datetime]:
    return item.taken, not item.mine, not item.pressing, _due(item)


def _next(sections: list[HomeSection]) -> WorkItem | None:
    """What the one button leads to: who waits in person, then what I began, then the most urgent."""
    free = [(not section.in_person, item) for section in sections for item in section.items if not item.taken]
    return min(free, key=lambda each: (each[0], _place(each[1])))[1] if free else None


def _due(item: WorkItem) -> datetime:
    return item.due_at or NO_HURRY
