"""Staging and putting back on the shell: two codes, one state on the whole screen."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.ui.conftest import Harness, store, wedge
from tests.ui.devices import handheld, open_with_worker

pytestmark = pytest.mark.xdist_group("ui-offline-tasks")

DUE = "2199-01-01T12:00:00+00:00"


def tote(code: str, order: str, number: int) -> dict[str, Any]:
    return {
        "tote": code,
        "order": order,
        "due_at": DUE,
        "path": f"/stage/{number}/",
        "url": f"/stage/{number}/scan/",
    }


STAGE = {
    "id": "stage",
    "kind": "stage",
    "who": "7",
    "path": "/stage/",
    "also": ["/stage/1/"],
    "title": "To stage",
    "detail": "2 totes",
    "due_at": DUE,
    "versions": None,
    "data": {
        "bins": {"shelf": ["A-01-1", "C-01-1"], "staging": ["S-01"], "tote": ["TOTE-0201", "TOTE-0207"]},
        "totes_in_use": ["TOTE-0201", "TOTE-0207"],
        "bin_scan_required": True,
        "short_reasons": [],
        "totes": [tote("TOTE-0207", "#15255", 1), tote("TOTE-0201", "#0981", 2)],
        "url": "/stage/pair/",
        "hand": None,
    },
}


@pytest.fixture
def device(chromium: Browser, harness: Harness) -> Iterator[BrowserContext]:
    with handheld(chromium, harness) as context:
        yield context


@pytest.fixture
def page(device: BrowserContext) -> Page:
    page = device.new_page()
    open_with_worker(page, "/pick")
    return page


def open_shell(page: Page, path: str, *works: dict[str, Any]) -> None:
    store(page, list(works), "work")
    page.context.set_offline(True)
    page.goto(path)
    expect(page.locator("html[data-ready]")).to_be_attached()


@pytest.mark.parametrize("path", ["/stage/", "/stage/1/"])
def test_the_tote_scanned_last_is_the_one_on_the_whole_screen(page: Page, path: str) -> None:
    open_shell(page, path, STAGE)
    wedge(page, "TOTE-0207")
    expect(page.locator("#screen")).to_contain_text("Put TOTE-0207 into")
    wedge(page, "TOTE-0201")
    expect(page.locator("#task h1")).to_have_text("Order #0981")
    expect(page.locator("#band .band-title")).to_have_text("Stage TOTE-0201")
    expect(page.locator("#screen")).to_contain_text("Put TOTE-0201 into")
