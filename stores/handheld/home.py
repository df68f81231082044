"""The home screen: what to do next."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from stores.handheld.hooks import HomeSection, home_sections
from stores.staff.access import role_required
from stores.staff.http import StoreRequest
from stores.staff.models import Role

NO_HURRY = datetime.max.replace(tzinfo=UTC)


@require_GET
@role_required(Role.ASSOCIATE)
def home(request: StoreRequest) -> HttpResponse:
    """Sections with work, the most urgent first; needs no query of its own."""
    sections = by_urgency(home_sections(request))
    return render(request, "handheld/home.html", {"sections": sections})


def by_urgency(sections: list[HomeSection]) -> list[HomeSection]:
    """Without the empty ones; ordered by the earliest due time inside, then by `order`."""
    with_work = [section for section in sections if section.items]
    return sorted(with_work, key=lambda section: (_earliest(section), section.order))


def _earliest(section: HomeSection) -> datetime:
    return min((item.due_at for item in section.items if item.due_at), default=NO_HURRY)
