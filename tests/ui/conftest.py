"""The harness server in its own process, one Chromium for the package, one context for each test."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Page,
    ViewportSize,
    Worker,
    expect,
    sync_playwright,
)

from tests.conftest import PATIENCE_MS
from tests.pictures import take_picture

ROOT = Path(__file__).resolve().parents[2]
ARTIFACTS = ROOT / "test-artifacts" / "ui"
# Without the last flags Chromium looks for its vendor's servers at every start.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# How browser and htmx log answers such as 401 and 503 and lost connections, which tests ask for.
ASKED_FOR = ("Failed to load resource", "Response Status Error Code", "htmx:sendError", "htmx:afterRequest")
# Any moment, in seconds since 1970.
START = time.time()
PHONE = ViewportSize(width=360, height=640)
# Oscillators and vibration cannot be observed from outside, so the page writes them down.
LISTEN = """
window.heard = []; window.felt = [];
const create = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () {
  const note = create.call(this);
  const start = note.start.bind(note);
  note.start = (at) => { window.heard.push(`${note.type} ${Math.round(note.frequency.value)}`); start(at); };
  return note;
};
Navigator.prototype.vibrate = (pattern) => { window.felt.push(pattern.join(" ")); return true; };
"""


def wait_until(is_so: Callable[[], object], what: str) -> None:
    """For what no locator shows: on a disk, in a worker, at the server."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.05)


def becomes(read: Callable[[], object], wanted: object) -> None:
    """What `read` gives is soon what is wanted: what follows an act comes when the machine has time for it."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while read() != wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    assert read() == wanted


class Harness:
    """The running harness: where it is, what it saw, what it shall do next."""

    def __init__(self, url: str) -> None:
        self.url = url

    def set(self, **wanted: Any) -> dict[str, Any]:
        request = urllib.request.Request(f"{self.url}/control", data=json.dumps(wanted).encode(), method="POST")
        with urllib.request.urlopen(request, timeout=PATIENCE_MS / 1000) as answer:
            state: dict[str, Any] = json.load(answer)
        return state

    def saw(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.url}/control", timeout=PATIENCE_MS / 1000) as answer:
            state: dict[str, Any] = json.load(answer)
        return state

    def codes(self) -> list[str]:
        return [scan["code"] for scan in self.saw()["scans"]]

    def wait_for_scans(self, count: int) -> list[str]:
        """The codes, once there are `count` of them."""
        wait_until(lambda: len(self.codes()) >= count, f"{count} scans")
        return self.codes()

    def keys(self) -> list[str]:
        return [scan["key"] for scan in self.saw()["scans"]]


@pytest.fixture(scope="package")
def harness_url() -> Iterator[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.ui.harness"],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        url = process.stdout.readline().strip()
        assert url.startswith("http://"), "the harness server did not start; its error is above"
        yield url
        process.stdin.close()


@pytest.fixture
def harness(harness_url: str) -> Harness:
    harness = Harness(harness_url)
    harness.set(reset=True)
    return harness


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("STOREHAND_CHROMIUM") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def phone(chromium: Browser, harness: Harness) -> Iterator[BrowserContext]:
    # A worker would answer for the server; the tests of the shell have a browser of their own.
    context = chromium.new_context(viewport=PHONE, base_url=harness.url, has_touch=True, service_workers="block")
    context.add_init_script(LISTEN)
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Iterator[Page]:
    """A page whose script errors and content-policy refusals fail the test."""
    page = phone.new_page()
    troubles: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(ASKED_FOR):
            troubles.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    assert troubles == []


def open_page(page: Page, path: str) -> None:
    page.goto(path)
    page.locator("html[data-ready]").wait_for(state="attached")


def wedge(page: Page, *codes: str) -> None:
    """What a scanner does: types each code and Enter, without a pause."""
    page.keyboard.type("".join(f"{code}\n" for code in codes), delay=0)


def stop_clock(page: Page) -> None:
    """From here on the page's time goes on only by `page.clock.run_for`, however busy this machine is.

    A page that is open already has timers of its own, unless `page.clock.install()` came before it.
    """
    page.clock.install()
    # A moment that has gone by is refused: ten seconds leave this machine time to say so.
    page.clock.pause_at(time.time() + 10)


def fix_time(page: Page, at: float) -> None:
    """What the page takes for the time of day; its timers go on as ever."""
    page.clock.set_fixed_time(START + at)


def wait_for_ever(page: Page, wait_ms: int) -> None:
    """Where the pages to come would give up after so long, they do not: a machine that stalls is nobody who is gone."""
    page.add_init_script(
        f"""{{ const later = window.setTimeout;
        window.setTimeout = (act, wait, ...more) => later(act, wait === {wait_ms} ? 2 ** 31 - 1 : wait, ...more); }}"""
    )


# In milliseconds, what static/js/queue/idb.js waits for the disk and static/js/offline/local.js for an answer.
DISK_MS = 10_000
ANSWER_MS = 4000
ANSWERED = "() => fetch('/health/ready', { cache: 'no-store' }).then(() => true, () => false)"


def _is_answered(place: Page | Worker) -> object:
    try:
        return place.evaluate(ANSWERED)
    except Error:
        if isinstance(place, Page):
            raise
        # A worker that was still being installed ends without the network it needs.
        return False


def go_offline(page: Page) -> None:
    """Takes the network away, and comes back when it is gone for the page and for its worker: it may take a moment."""
    page.context.set_offline(True)
    places: list[Page | Worker] = [page, *page.context.service_workers]
    for place in places:
        becomes(partial(_is_answered, place), False)
    expect(page.locator("#connection")).to_have_attribute("data-state", "offline")


_READ = """(store) => new Promise((resolve, reject) => {
  const request = indexedDB.open('storehand');
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const all = request.result.transaction(store).objectStore(store).getAll();
    all.onsuccess = () => { request.result.close(); resolve(all.result.sort((one, other) => one.seq - other.seq)); };
  };
})"""
_WRITE = """([store, rows]) => new Promise((resolve, reject) => {
  const request = indexedDB.open('storehand');
  request.onerror = () => reject(request.error);
  request.onsuccess = () => {
    const transaction = request.result.transaction(store, 'readwrite');
    for (const row of rows) transaction.objectStore(store).put(row);
    transaction.oncomplete = () => { request.result.close(); resolve(); };
  };
})"""


def stored(page: Page, store: str = "posts") -> list[dict[str, Any]]:
    """What lies in the device's database, oldest first."""
    rows: list[dict[str, Any]] = page.evaluate(_READ, store)
    return rows


def store(page: Page, rows: list[dict[str, Any]], name: str = "posts") -> None:
    """Lays rows into the device's database, as if a page before this one had left them."""
    page.evaluate(_WRITE, [name, rows])


def waiting_scan(
    code: str, *, number: int = 1, url: str = "/pick/1/scan", who: str = "7", **more: Any
) -> dict[str, Any]:
    """A scan that waits, the `number`th of its device."""
    scan = {"key": f"11111111-2222-4333-8444-{number:012}", "seq": number, "url": url, "page": "/pick", "who": who}
    scan |= {"who_name": "", "kind": "scan", "label": "", "advice": "", "waited": True, "tried": False}
    return scan | {"fields": {"code": code}, "made_at": "2026-01-01T10:00:00.000Z"} | more


def keep_picture(page: Page, name: str) -> None:
    """A picture of the screen among the test artifacts, for people to look at."""
    take_picture(page, ARTIFACTS / f"{name}.png")
