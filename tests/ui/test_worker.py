"""The service worker itself: what it keeps, what it does not take for ours, and when a new one takes over."""

from collections.abc import Iterator
from fnmatch import fnmatch

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.ui.conftest import Harness, go_offline
from tests.ui.devices import handheld, open_with_worker


@pytest.fixture
def device(chromium: Browser, harness: Harness) -> Iterator[BrowserContext]:
    with handheld(chromium, harness) as context:
        yield context


@pytest.fixture
def page(device: BrowserContext) -> Page:
    page = device.new_page()
    open_with_worker(page, "/pick")
    return page


def test_the_worker_keeps_files_and_the_shell_and_nothing_of_anybody(page: Page) -> None:
    kept = page.evaluate(
        """async () => { const found = []; for (const name of await caches.keys())
        for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
        return found; }"""
    )
    assert [path for path in kept if not path.startswith("/static/")] == ["/offline/"]
    words = page.evaluate("caches.match('/offline/').then((answer) => answer.text())")
    assert "Rosa" not in words
    assert "csrfmiddlewaretoken" not in words
    assert """hx-headers='{"x-csrftoken": ""}'""" in words


FETCH_THE_SHELL = """async () => {
  const { active } = await navigator.serviceWorker.ready;
  active.postMessage({ shellIn: "es" });
}"""


@pytest.mark.parametrize("status", [200, 302, 303])
def test_a_page_of_whatever_stands_between_is_not_kept_as_the_shell(
    page: Page, device: BrowserContext, harness: Harness, status: int
) -> None:
    harness.set(between=status)
    led_to = {200: "**/offline/", 302: "**/terms", 303: "**/sign-in/"}[status]
    with device.expect_event("response", lambda answer: fnmatch(answer.url, led_to)):
        page.evaluate(FETCH_THE_SHELL)
    # The worker has its answer by then, and a moment to keep it.
    page.wait_for_timeout(500)
    assert "data-offline" in page.evaluate("caches.match('/offline/').then((answer) => answer.text())")
    harness.set(between=0)
    # The next page finds the shell in another language than its own and asks again.
    with device.expect_event("response", lambda answer: fnmatch(answer.url, "**/offline/")):
        page.evaluate(FETCH_THE_SHELL)
    go_offline(page)
    page.goto("/pick/7/")
    expect(page.locator("body[data-offline]")).to_be_attached()


TELL_OF_NEW_WORKER = """() => {
  document.body.dataset.old = "true";
  navigator.serviceWorker.addEventListener("controllerchange", () => { document.body.dataset.changed = "true"; });
}"""


def test_a_new_version_takes_over_when_no_scan_is_under_way(page: Page, harness: Harness) -> None:
    harness.set(worker_salt="newer", hold=True)
    page.evaluate(TELL_OF_NEW_WORKER)
    page.locator("#scan").fill("A1")
    page.locator("#scan").press("Enter")
    # Not awaited: on a busy machine the new worker may take longer than the scan.
    page.evaluate("void navigator.serviceWorker.getRegistration().then((registration) => registration.update())")
    expect(page.locator("body[data-changed]")).to_be_attached()
    # It looks again every second whether the scan is still under way.
    page.wait_for_timeout(1500)
    expect(page.locator("body[data-old]")).to_be_attached()
    harness.set(hold=False)
    expect(page.locator("body[data-old]")).to_have_count(0)
    assert harness.codes() == ["A1"]
    expect(page.locator("#scan")).to_be_focused()
