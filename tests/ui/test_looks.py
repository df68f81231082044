"""Rows 7 to 10 on every example screen: axe, narrow screens, sizes; and a picture of each."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.conftest import PATIENCE_MS
from tests.ui.conftest import PHONE, Harness, keep_picture, open_page, wait_until

SCREENS = {
    "pick": "/pick",
    "pick-yes": "/pick?band=Y",
    "pick-no": "/pick?band=N",
    "pick-look": "/pick?band=L",
    "home": "/home",
    "counter": "/board",
    "customer": "/customer",
    "sign-in": "/show/sign_in",
    "showcase": "/show/showcase",
}
DESK = ("counter", "showcase")


def _violations(page: Page) -> list[str]:
    results: dict[str, Any] = Axe().run(page).response
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in results["violations"]
        if violation["impact"] != "minor"
        for node in violation["nodes"]
    ]


def _open_at_rest(page: Page, path: str) -> None:
    """What moves has moved, and a board has drawn what its stream began with."""
    if path == SCREENS["counter"]:
        with page.expect_response("**/board/fragment"):
            open_page(page, path)
        expect(page.locator(".htmx-request, .htmx-swapping, .htmx-settling")).to_have_count(0)
    else:
        open_page(page, path)
    page.evaluate("Promise.allSettled(document.getAnimations().map((animation) => animation.finished))")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", SCREENS)
def test_axe_finds_nothing(chromium: Browser, harness: Harness, name: str, scheme: Any) -> None:
    size = ViewportSize(width=1180, height=760) if name in DESK else PHONE
    with chromium.new_context(viewport=size, base_url=harness.url, color_scheme=scheme) as context:
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        _open_at_rest(page, SCREENS[name])
        keep_picture(page, f"{name}-{scheme}")
        assert _violations(page) == []


@pytest.mark.parametrize("name", SCREENS)
def test_nothing_runs_off_a_320_px_screen(page: Page, name: str) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    open_page(page, SCREENS[name])
    wide = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter((element) => {
          const box = element.getBoundingClientRect();
          if (element.closest('.hidden, .table-place, .topbar-nav, svg')) return false;
          return box.width && box.right > innerWidth + 0.5;
        }).map((element) => element.outerHTML.slice(0, 80))"""
    )
    assert wide == []
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("name", SCREENS)
def test_everything_to_tap_is_big_enough(page: Page, name: str) -> None:
    open_page(page, SCREENS[name])
    small = page.evaluate(
        """() => { const tapped = 'button, a[href], summary, input:not([type=hidden])';
        return [...document.querySelectorAll(tapped)].filter((element) => {
          const box = element.getBoundingClientRect();
          return box.width && (box.height < 48 || box.width < 48) && !element.matches('.skip');
        }).map((element) => element.outerHTML.slice(0, 80)) }"""
    )
    assert small == []


@pytest.mark.parametrize("name", SCREENS)
def test_no_text_is_below_16_px_and_the_codes_are_20(page: Page, name: str) -> None:
    open_page(page, SCREENS[name])
    small = page.evaluate(
        """() => { const found = []; const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (texts.nextNode()) { const holder = texts.currentNode.parentElement;
          if (!texts.currentNode.textContent.trim() || !holder.getClientRects().length) continue;
          const size = parseFloat(getComputedStyle(holder).fontSize);
          const least = holder.matches('.bin, .sku, .quantity, .arrival-bin') ? 20 : 16;
          if (size < least) found.push(`${size} ${texts.currentNode.textContent.trim()}`); }
        return found; }"""
    )
    assert small == []


def test_on_a_pick_screen_the_bin_is_largest_and_the_next_step_is_in_reach(page: Page) -> None:
    open_page(page, "/pick?band=N")
    sizes = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter((element) => element.getClientRects().length)
          .map((element) => [parseFloat(getComputedStyle(element).fontSize), element.className])
          .sort((one, other) => other[0] - one[0])[0]"""
    )
    assert sizes[1] == "bin"
    primary = page.get_by_role("link", name="Enter quantity").bounding_box()
    assert primary is not None
    assert primary["y"] >= 640 * 2 / 3
    assert primary["y"] + primary["height"] <= 640
    assert primary["height"] >= 56
    # With the largest band the whole line is still in sight.
    bottom = page.locator("#screen .card").evaluate("element => element.getBoundingClientRect().bottom")
    assert bottom <= page.locator("#actions").evaluate("element => element.getBoundingClientRect().top")
    for words in ("3 of 7", "18 min left"):
        assert page.get_by_text(words).first.is_visible()


def test_progress_and_time_left_stay_in_sight_on_a_long_screen(page: Page) -> None:
    open_page(page, "/pick")
    page.evaluate("document.querySelector('#screen .card').insertAdjacentHTML('afterend', '<p>More</p>'.repeat(80))")
    page.mouse.wheel(0, 2000)
    wait_until(lambda: page.evaluate("scrollY") > 500, "the scrolled page")
    for spot in ("#task", "#scan", "#actions a.primary"):
        top = page.locator(spot).evaluate("element => element.getBoundingClientRect().top")
        assert 0 <= top < 640
