"""The home screen: what to do next."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from stores.handheld.hooks import HomeSection, WorkItem, home_sections
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

NO_HURRY = datetime.max.replace(tzinfo=UTC)


@require_GET
@role_required(Role.ASSOCIATE)
def home(request: StoreRequest) -> HttpResponse:
    """Sections with work, the most urgent first. Makes no query of its own: each section makes its own."""
    sections = by_urgency(home_sections(request))
    open_items = [item for section in sections for item in section.items if not item.taken]
    context = {
        "sections": sections,
        "waiting": len(open_items),
        "next_url": min(open_items, key=_due).url if open_items else "",
    }
    return render(request, "handheld/home.html", context)


def by_urgency(sections: list[HomeSection]) -> list[HomeSection]:
    """Without the empty ones; ordered by the earliest open due time inside, then by `order`; items likewise."""
    with_work = [
        HomeSection(section.title, sorted(section.items, key=lambda item: (item.taken, _due(item))), section.order)
        for section in sections
        if section.items
    ]
    return sorted(with_work, key=lambda section: (section.items[0].taken, _due(section.items[0]), section.order))


def _due(item: WorkItem) -> datetime:
    return item.due_at or NO_HURRY
