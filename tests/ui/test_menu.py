"""The menu of a desk: groups that open over the board, by finger, keyboard and without JavaScript."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.conftest import Harness, keep_picture, open_page

WORK = ["Counter", "Stage", "Hand over", "Exceptions"]


@pytest.mark.parametrize("width", [1280, 320])
def test_a_group_opens_over_the_board_and_closes_with_a_tap_elsewhere(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    open_page(page, "/board")
    top = page.locator("#board").bounding_box()
    groups = page.locator(".nav-group > summary")
    expect(groups).to_have_text(["Work", "Stock", "Systems", "Team"])
    expect(page.locator(".nav-panel a:visible")).to_have_count(0)
    groups.nth(0).click()
    expect(page.locator(".nav-panel a:visible")).to_have_text(WORK)
    keep_picture(page, f"menu-{width}")
    assert page.locator("#board").bounding_box() == top
    assert page.evaluate("document.documentElement.scrollWidth") == width
    groups.nth(3).click()
    expect(page.locator(".nav-panel a:visible")).to_have_text(["Associates", "Devices"])
    page.mouse.click(10, 600)
    expect(page.locator(".nav-panel a:visible")).to_have_count(0)
    # The page that is open is marked on its group, too.
    assert page.locator(".topbar-nav [aria-current]").evaluate_all("all => all.map((one) => one.textContent)") == [
        "Work",
        "Counter",
    ]


def test_the_menu_by_keyboard(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 640})
    open_page(page, "/board")
    page.locator(".nav-group > summary").nth(1).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Items")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".nav-group > summary").nth(1)).to_be_focused()
    expect(page.locator(".nav-panel a:visible")).to_have_count(0)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator(".nav-group > summary").nth(2)).to_be_focused()
    expect(page.locator(".nav-panel a:visible")).to_have_count(0)


def test_groups_open_without_javascript(chromium: Browser, harness: Harness) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=harness.url)
    page = context.new_page()
    page.goto("/board")
    page.locator(".nav-group > summary").first.click()
    expect(page.locator(".nav-panel a:visible")).to_have_text(WORK)
    context.close()
