"""Every page that needs no number in its address: fits 320 px, light and dark, and axe finds nothing serious."""

import pytest
from django.urls import get_resolver
from playwright.sync_api import Route

from tests.architecture.test_guards import patterns
from tests.flow.desk import look_in_both
from tests.flow.house import HANG_SECONDS
from tests.flow.people import CAMDEN_MANAGER

pytestmark = pytest.mark.timeout(HANG_SECONDS)

NARROW = {"width": 320, "height": 640}
# Answers that are no pages for people.
NOT_PAGES = ("health/", "api/schema", "i18n")
WORTH_A_QUERY = {"items/": "items/?q=heart", "counter/find/": "counter/find/?q=09"}


def pages() -> list[str]:
    fixed = [address for address, _entry in patterns(get_resolver()) if "<" not in address]
    return [WORTH_A_QUERY.get(address, address) for address in fixed if not address.startswith(NOT_PAGES)]


def stay_offline(route: Route) -> None:
    """No server to go back to: else the offline page leaves by itself, across the next visit, which then never ends."""
    if route.request.method == "HEAD":
        route.fulfill(status=404)
    else:
        route.fallback()


def test_every_page_fits_and_is_accessible(house, new_handheld):
    manager = new_handheld("pages", viewport=NARROW)
    manager.page.route("**/offline/", stay_offline)
    manager.sign_in(house.enrolment_link("Camden"), *CAMDEN_MANAGER)
    seen = []
    for address in pages():
        answer = manager.page.request.get(f"{house.url}/{address}")
        if answer.status != 200 or "text/html" not in answer.headers["content-type"]:
            continue  # Takes posts only, or leads elsewhere.
        if manager.page.goto(f"{house.url}/{address}") is None or "<html" not in answer.text():
            continue
        look_in_both(manager, address.strip("/").replace("/", "-").partition("?")[0] or "home")
        seen.append(address)
    assert {"", "stage/", "counter/", "handover/", "exceptions/", "print-jobs/", "devices/", "associates/"} <= set(seen)
