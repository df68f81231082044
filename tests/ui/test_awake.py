"""Row 14: the screen stays awake while somebody works, and no longer."""

import pytest
from playwright.sync_api import Page

from tests.ui.conftest import Harness, becomes, open_page, wedge

# What a page holds cannot be observed from outside.
LOCKS = """
window.locks = [];
Object.defineProperty(Navigator.prototype, 'wakeLock', { get: () => ({ request: async (kind) => {
  const lock = new EventTarget();
  lock.released = false;
  lock.release = async () => {
    if (!lock.released) { lock.released = true; lock.dispatchEvent(new Event('release')); }
  };
  window.locks.push(lock);
  return lock;
} }) });
"""
SIGHT = """(state) => {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  if (state === 'hidden') for (const lock of window.locks) lock.release();
  document.dispatchEvent(new Event('visibilitychange'));
}"""


def holds(page: Page, locks: int, *, of: int) -> None:
    """So many locks now, of so many asked for."""
    becomes(lambda: page.evaluate("[locks.filter((lock) => !lock.released).length, locks.length]"), [locks, of])


@pytest.fixture
def watched(page: Page) -> Page:
    page.add_init_script(LOCKS)
    return page


def test_one_lock_is_held_for_a_whole_task(watched: Page, harness: Harness) -> None:
    open_page(watched, "/pick/1")
    holds(watched, 1, of=1)
    wedge(watched, "85123A", "22423")
    harness.wait_for_scans(2)
    holds(watched, 1, of=1)


def test_a_page_that_comes_back_in_sight_asks_again(watched: Page) -> None:
    open_page(watched, "/pick/1")
    watched.evaluate(SIGHT, "hidden")
    holds(watched, 0, of=1)
    watched.evaluate(SIGHT, "visible")
    holds(watched, 1, of=2)


def test_the_screen_may_go_dark_when_the_task_is_over(watched: Page) -> None:
    open_page(watched, "/pick/1")
    watched.evaluate("document.getElementById('screen').insertAdjacentHTML('beforeend', '<p data-task-over></p>')")
    holds(watched, 0, of=1)
    watched.evaluate("document.querySelector('[data-task-over]').remove()")
    holds(watched, 1, of=2)


def test_a_locked_device_may_go_dark(watched: Page, harness: Harness) -> None:
    harness.set(idle_seconds=1)
    open_page(watched, "/pick/1")
    watched.locator("#sign-in").wait_for()
    holds(watched, 0, of=1)


@pytest.mark.parametrize("path", ["/home", "/board", "/pick"])
def test_elsewhere_nothing_is_held(watched: Page, path: str) -> None:
    open_page(watched, path)
    # Time enough to ask for one.
    watched.wait_for_timeout(300)
    holds(watched, 0, of=0)


@pytest.mark.parametrize(
    "unsupported",
    [
        "Object.defineProperty(Navigator.prototype, 'wakeLock', { get: () => undefined })",
        "navigator.wakeLock.request = () => Promise.reject(new DOMException('low battery', 'NotAllowedError'))",
    ],
)
def test_where_it_cannot_be_had_nothing_is_said(page: Page, harness: Harness, unsupported: str) -> None:
    page.add_init_script(unsupported)
    open_page(page, "/pick/1")
    wedge(page, "85123A")
    assert harness.wait_for_scans(1) == ["85123A"]
