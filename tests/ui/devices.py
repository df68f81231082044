"""Browsers with a service worker and a disk of their own, and what becomes of them."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.conftest import PATIENCE_MS
from tests.ui.conftest import FLAGS, LISTEN, PHONE, Harness, becomes

CHROMIUM = os.environ.get("STOREHAND_CHROMIUM") or "/usr/bin/chromium"


@contextmanager
def handheld(chromium: Browser, harness: Harness) -> Iterator[BrowserContext]:
    """A device whose worker is allowed."""
    context = chromium.new_context(viewport=PHONE, base_url=harness.url, has_touch=True)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def open_with_worker(page: Page, path: str) -> None:
    """Opens a page and waits until the worker has everything it keeps and answers for this page."""
    page.goto(path)
    page.locator("html[data-ready]").wait_for(state="attached")
    becomes(lambda: page.evaluate("navigator.serviceWorker.controller?.state"), "activated")


def with_disk(chromium: Browser, harness: Harness, disk: Path) -> BrowserContext:
    """A browser of its own that keeps what it stores in `disk`, as a handheld does."""
    context = chromium.browser_type.launch_persistent_context(
        disk, executable_path=CHROMIUM, args=FLAGS, viewport=PHONE, base_url=harness.url, has_touch=True
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(LISTEN)
    return context


def kill(disk: Path) -> None:
    """Ends the browser of `disk` as the system does when memory runs out: at once, without a word."""
    for pid in _browsers(disk):
        os.kill(pid, signal.SIGKILL)
    # What it had started ends with it, a moment later: until then it holds files that the next one opens.
    becomes(lambda: _browsers(disk, helpers=True), [])
    # It would have taken these away by itself; the next one asks whether the first still runs.
    for lock in disk.glob("Singleton*"):
        lock.unlink()


def browser_of(disk: Path) -> int:
    """The process to kill, for whoever has no time to look for it then."""
    (pid,) = _browsers(disk)
    return pid


def _browsers(disk: Path, *, helpers: bool = False) -> list[int]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if f"--user-data-dir={disk}\0" in words + "\0" and (helpers or "--type=" not in words):
            found.append(int(process.name))
    return found
